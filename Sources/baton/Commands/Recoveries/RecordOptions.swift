import ArgumentParser
import Console
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// Which cluster a command about recoveries is about.
struct ClusterOption: ParsableArguments {
    @Option(
        name: [.customLong("cluster"), .customLong("alias")],
        help: ArgumentHelp("Only this cluster: its name, or a server of it.", valueName: "name"))
    var name: String?
}

/// A cluster that was named, found.
struct NamedCluster {
    let name: ClusterName
    let members: Set<InstanceAddress>
}

extension Fleet {
    /// The cluster that is called so, or that has a server of that name.
    ///
    /// - Throws: ``CommandFailure`` where none is or has.
    func cluster(named text: String) throws -> NamedCluster {
        let forest = forest()
        let called = ServerNames.named(text, among: forest.clusters) { $0.name }
        if called.count > 1 {
            throw CommandFailure(.negative, "several clusters are called \"\(text.sanitized)\": name a server of one")
        }
        if let cluster = called.first { return Self.named(cluster) }
        if let server = try? ServerNames(fleet: self).server(ServerArgument(argument: text)),
            let cluster = forest.cluster(of: canonical(server.address))
        {
            return Self.named(cluster)
        }
        let names = forest.clusters.map(\.name).sorted().prefix(10).joined(separator: ", ")
        throw CommandFailure(
            .negative,
            "no cluster is called \"\(text.sanitized)\", and no known server; the store knows: "
                + (names.isEmpty ? "none" : names))
    }

    private static func named(_ cluster: Cluster) -> NamedCluster {
        NamedCluster(name: ClusterName(cluster), members: Set(cluster.members))
    }
}

/// Options of commands that read records.
struct RecordOptions: ParsableArguments {
    @OptionGroup var cluster: ClusterOption
    @Option(
        help: ArgumentHelp("Only since so long ago, for example 2h.", valueName: "time"),
        transform: DurationArgument.init(parsing:))
    var since: DurationArgument?
    @Option(help: "How many at most.")
    var limit = 50
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be at least 1") }
    }

    /// Reads from the store; gives `empty` where there is none yet.
    func read<Records>(
        orElse empty: Records, _ body: (Store, NamedCluster?, Timestamp?) async throws -> Records
    ) async throws -> Records {
        guard let store = try await StoreAccess.openExisting(store, global.configuration(), mentionsOpen: false)
        else { return empty }
        defer { try? store.close() }
        let named = try await cluster(in: store)
        return try await body(store, named, since.map { .now() - $0.duration })
    }

    private func cluster(in store: Store) async throws -> NamedCluster? {
        guard let name = cluster.name else { return nil }
        return try await store.loadFleet().fleet.cluster(named: name)
    }
}
