import ArgumentParser
import Engine
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// `baton candidates`: who could take a server's place.
struct CandidatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "candidates",
        abstract: "Rank who could take a server's place, with what would be lost.",
        discussion: """
            Of a cluster, or of a server without replicas, the primary is meant. Asks the servers around it; with --stored or \
            --snapshot, answers from there. Changes nothing. How candidates are put in order: docs/candidates.md. Ends with \
            code 1 where nobody can take its place.
            """
    )

    @Option(
        name: .customLong("for"),
        help: """
            For what: failover (the primary is lost), switchover (it lives and hands over), intermediate (an intermediate \
            source is lost), co-primary. By default what fits the server, of a primary a failover.
            """)
    var situation: RecoverySituation?
    @Flag(
        name: .customLong("transactions"),
        help: "Read from binary logs which transactions candidates lack, and which are errant on them (MySQL).")
    var showsTransactions = false
    @OptionGroup var question: ClusterQuestion

    func validate() throws {
        if question.name == nil { throw ValidationError("name a cluster, or the server that is to be replaced") }
        if showsTransactions, question.options.snapshot != nil || question.options.fromStore {
            throw ValidationError("--transactions asks the servers for their binary logs")
        }
    }

    func run() async throws {
        let (answer, clusters, server) = try await question.read(silence: .isAnswer)
        guard let cluster = clusters.first else {
            throw CommandFailure(.negative, "there is no such cluster")
        }
        let failed = try replaced(server, in: cluster, answer.fleet)
        let scene = answer.scene(locks: [:])
        let situation = situation ?? RecoverySituation(of: failed, in: answer.fleet)
        let policy = answer.settings.recoveries.policy(for: cluster.members)
        let ranking = CandidateRanking(of: failed, in: scene, policy: policy.candidates, situation: situation)
        let text = CandidatesText(ranking, width: TextLook.ofStandardOutput(theme: answer.theme).width)
        let looks = showsTransactions ? try await looks(into: ranking) : []
        question.output.print(
            lines: text.lines + looks.flatMap { [""] + $0.lines },
            json: showsTransactions ? ranking.json(with: looks) : ranking.json)
        guard ranking.best != nil else { throw ExitCode(CommandFailure.Code.negative.rawValue) }
    }

    /// What the best few lack and the most advanced server has applied, and what each has alone.
    private func looks(into ranking: CandidateRanking) async throws -> [TransactionLook] {
        let book = try AccessBook(question.options.crawl.access, try question.options.crawl.global.configuration())
        var looks: [TransactionLook] = []
        for candidate in ranking.ranked.prefix(5) {
            if case .transactions(let set) = candidate.missing, let donor = ranking.mostAdvanced.first {
                looks.append(await TransactionLook("that \(candidate.instance) lacks", .set(set), on: donor, book))
            }
            if case .mysql(let set) = candidate.errant, !set.isEmpty {
                looks.append(
                    await TransactionLook(
                        "errant on \(candidate.instance)", .set(set), on: candidate.instance, book))
            }
        }
        return looks
    }

    /// The server that was named, where it has replicas; else the primary of its cluster.
    private func replaced(
        _ server: InstanceAddress?, in cluster: Cluster, _ fleet: Fleet
    ) throws -> InstanceAddress {
        if let server, !fleet.replicas(of: server).isEmpty { return server }
        if let primary = cluster.primary { return primary }
        throw CommandFailure(
            .negative, "the primary of \(cluster.name) is not clear: name the server that is to be replaced")
    }
}

extension RecoverySituation: ExpressibleByArgument {}

extension CandidateRanking {
    /// The stable JSON, with the transactions that were looked up.
    fileprivate func json(with looks: [TransactionLook]) -> JSON {
        guard case .object(let members) = json.content else { return json }
        return .object(members + [JSON.Member("transactions", .array(looks.map(\.json)))])
    }
}

extension RecoverySituation {
    /// What the loss of that server would be, by where it stands.
    init(of server: InstanceAddress, in fleet: Fleet) {
        let sources = (fleet[server]?.channels ?? []).compactMap { fleet.source(of: $0) }
        if sources.isEmpty {
            self = .failover
        } else if sources.contains(where: { fleet.replicas(of: server).contains($0) }) {
            self = .coPrimary
        } else {
            self = .intermediate
        }
    }
}
