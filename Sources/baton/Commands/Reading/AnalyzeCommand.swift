import ArgumentParser
import Diagnosis
import Storage
import Topology

/// `baton analyze`: which sources have failed, by what baton and their replicas see.
struct AnalyzeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Say which sources have failed, with what baton and each replica see.",
        discussion: """
            Given servers, or the name of a cluster that the store knows, crawls from them and answers for their clusters; \
            given none, answers from the store: what was seen last. Answers with "no failures" where nothing is the matter. docs/failures.md has every code; --codes \
            prints it.
            """
    )

    @Option(help: "Only this cluster: its name or alias, or a member.")
    var cluster: String?
    @Option(help: "Say of this server which condition of which code holds, and which does not.")
    var explain: ServerArgument?
    @Flag(help: "List the warnings of how clusters are built too, and what is silent.")
    var all = false
    @Flag(help: "End with exit code 1 when a failure is listed.")
    var check = false
    @Flag(help: "Print what every code means, and end.")
    var codes = false
    @OptionGroup var output: FormatOption
    @OptionGroup var question: FleetQuestion

    func run() async throws {
        if codes { return Answer.print(text: FailurePages.page()) }
        if let explain { return try await answer(for: explain) }
        let (answer, cluster) = try await read()
        let failures = try failures(in: answer, cluster)
        output.print(lines: lines(for: failures), json: .array(failures.map(FailureDocument.json)))
        try answer.failIfNothingAnswered(unlessFound: failures)
        if check, !failures.isEmpty { throw ExitCode(CommandFailure.Code.negative.rawValue) }
    }

    /// The fleet, and the cluster that is asked for where one is named: by its option, or in place of a server.
    private func read() async throws -> (FleetAnswer, cluster: String?) {
        guard cluster == nil, question.servers.count == 1, let named = question.servers.first else {
            return (try await question.read(), cluster)
        }
        let options = question.options
        if options.snapshot != nil || options.fromStore { return (try await options.read([]), named.text) }
        let configuration = try options.crawl.global.configuration()
        let known = await StoreAccess.knownFleet(options.crawl.store, configuration) ?? Fleet()
        let cluster = ServerNames.named(named.text, among: known.clusters(), by: \.alias).first
        let seeds = cluster?.members.filter { known[$0] != nil }.map(ServerArgument.init) ?? [named]
        return (try await options.read(seeds), nil)
    }

    /// Those of the clusters that were asked for.
    private func failures(in answer: FleetAnswer, _ cluster: String?) throws -> [Failure] {
        let failures = answer.diagnosis.failures.failures.filter {
            all || !($0.code.isStructureWarning || $0.isSuppressed)
        }
        guard cluster != nil || !answer.servers.isEmpty else { return failures }
        let clusters = Set(try answer.clusters(asked: cluster).map(\.id))
        return failures.filter { failure in
            // A primary that was given up stands in a tree of its own, and endangers the one that goes on without it.
            let heir = answer.diagnosis.inputs.marks.replaced[failure.subject]?.successor
            let endangered = heir.flatMap { answer.forest.cluster(of: answer.fleet.canonical($0))?.id }
            return clusters.contains(failure.cluster) || endangered.map(clusters.contains) ?? false
        }
    }

    private func lines(for failures: [Failure]) -> [String] {
        if failures.isEmpty { return ["no failures"] }
        return failures.flatMap(FailureText.lines)
    }

    /// One server, whether or not something is the matter with it. It is asked for where no other server is named.
    private func answer(for server: ServerArgument) async throws {
        let servers = question.servers.isEmpty ? [server] : question.servers + [server]
        let answer = try await question.options.read(servers)
        guard let named = answer.servers.last else { return }
        let instance = try answer.instance(named)
        guard let explanation = answer.diagnosis.failures.explanation(of: instance.address) else { return }
        output.print(lines: FailureText.lines(explanation), json: FailureDocument.json(explanation))
    }
}

/// Failures in lines for people.
enum FailureText {
    /// What is the matter, and below it what everyone sees.
    static func lines(_ failure: Failure) -> [String] {
        let name = failure.code.orchestratorName.map { ", \($0)" } ?? ""
        var lines = ["\(failure.summary)  [\(failure.code.rawValue)\(name)]"]
        if let since = failure.since { lines.append("    since \(since)") }
        if let seen = failure.lastSeen { lines.append("    last seen \(seen)") }
        lines += failure.evidence.map { "    \($0.told)" }
        lines += failure.suppressions.map { "    silent: \($0.words)" }
        switch failure.recovery {
        case .by(let kind): lines.append("    recovery: \(kind.words)")
        case .none(let reason): if !failure.code.isStructureWarning { lines.append("    no recovery: \(reason)") }
        }
        return lines
    }

    /// What was found, what everyone sees, and every code with its conditions.
    static func lines(_ explanation: FailureExplanation) -> [String] {
        let subject = explanation.subject
        let state = explanation.failures.first { !$0.code.isStructureWarning }
        let verdict = state.map { "[\($0.code.rawValue)] \($0.summary)" } ?? "no failure of \(subject)"
        return [verdict, "    it is \(explanation.role == .intermediateSource ? "an" : "a") \(explanation.role.words)"]
            + explanation.evidence.map { "    \($0.told)" } + [""]
            + explanation.answers.flatMap(lines)
    }

    private static func lines(_ answer: FailureExplanation.CodeAnswer) -> [String] {
        [(answer.holds ? "holds  " : "not    ") + answer.code.rawValue]
            + answer.conditions.map { "       \($0.holds ? "yes" : "no ")  \($0.words): \($0.measured)" }
    }
}
