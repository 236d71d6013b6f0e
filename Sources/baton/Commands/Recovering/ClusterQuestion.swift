import ArgumentParser
import Engine
import Recovery
import Storage
import Topology

/// The cluster that a command is about, named by itself or by a server of it.
struct ClusterQuestion: ParsableArguments {
    @Argument(help: "The cluster's alias, or the address or alias of a server of it.")
    var name: ServerArgument?
    @OptionGroup var output: FormatOption
    @OptionGroup var options: FleetOptions

    /// What to do about a server that does not answer and of which nothing else is known.
    static let noReplicaKnown =
        "no replica of it is known, neither from the store nor from a server that answers; where it has some, make one known: "
        + "baton discover REPLICA"

    /// What it means that nobody in the cluster answers.
    enum Silence {
        /// There is nothing to say of it.
        case fails
        /// Who is known, and that none of them answers, is an answer too.
        case isAnswer
    }

    /// Reads the fleet around the cluster: from a snapshot, the store, or the servers, a dead one's neighbours too where
    /// the store remembers them.
    ///
    /// - Parameter silence: what is done where nobody in the cluster answers.
    /// - Throws: ``CommandFailure``, also where the name is nobody's.
    func read(silence: Silence = .fails) async throws -> (
        answer: FleetAnswer, clusters: [Cluster], server: InstanceAddress?
    ) {
        guard let name else {
            let answer = try await options.read([])
            return (answer, answer.clusters, nil)
        }
        let isLive = options.snapshot == nil && !options.fromStore
        let isServer = try await !namesCluster(name.text)
        var asked: [ServerArgument] = isLive ? [name] : []
        if isLive, !isServer { asked = try await knownMembers(of: name.text) }
        let answer = try await options.read(asked)
        try answer.failIfUnheardOf()
        let clusters = try answer.clusters(named: isLive && !isServer ? asked.first?.text : name.text)
        let members = clusters.flatMap(\.members)
        let isHeard = members.contains { answer.fleet[$0]?.contact.isReachable == true }
        guard !isLive || isHeard || silence == .isAnswer && members.count > 1 else {
            let hint = members.count > 1 ? "" : "\n" + Self.noReplicaKnown
            throw CommandFailure(.unreachable, "nobody in the cluster of \(name.text.sanitized) answers" + hint)
        }
        let server = try? ServerNames(fleet: answer.fleet).server(name).address
        return (answer, clusters, server.flatMap { answer.fleet[$0]?.address })
    }

    /// Whether the store knows a cluster of that name, and no server.
    private func namesCluster(_ text: String) async throws -> Bool {
        guard options.snapshot == nil, !options.fromStore, let fleet = try await known() else { return false }
        guard (try? ServerNames(fleet: fleet).instance(aliased: text)) ?? nil == nil else { return false }
        return !ServerNames.named(text, among: fleet.clusters()) { $0.name }.isEmpty
    }

    private func knownMembers(of text: String) async throws -> [ServerArgument] {
        guard let fleet = try await known() else { return [] }
        let clusters = ServerNames.named(text, among: fleet.clusters()) { $0.name }
        return clusters.first.map { [ServerArgument($0.primary ?? $0.id)] } ?? []
    }

    /// Where recoveries are switched off; nowhere in a snapshot.
    ///
    /// - Throws: ``CommandFailure``, ``StoreError``.
    func switches() async throws -> [RecoverySwitch] {
        guard options.snapshot == nil else { return [] }
        let configuration = try options.crawl.global.configuration()
        guard let store = try await StoreAccess.openExisting(options.crawl.store, configuration) else {
            return []
        }
        defer { try? store.close() }
        return try await store.recoverySwitches().map(\.state)
    }

    private func known() async throws -> Fleet? {
        await StoreAccess.knownFleet(options.crawl.store, try options.crawl.global.configuration())
    }
}
