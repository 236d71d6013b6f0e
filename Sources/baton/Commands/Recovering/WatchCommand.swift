import ArgumentParser
import Engine
import Foundation
import Storage
import Topology

/// `baton watch`: the process that stays.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch topologies without a screen, printing a line for each change; recover where configured.",
        discussion: """
            Given servers, crawls from them; given none, watches the servers that the store knows and the seeds of the \
            configuration. With --recover it recovers failures by itself, in the clusters for which the configuration \
            wants that and under the conditions of docs/automatic-recovery.md. The first SIGINT or SIGTERM ends it, \
            after a recovery that has begun; the second ends it at once.
            """
    )

    @Argument(
        help: "Servers to start from: host, host:port, [ipv6]:port, or the alias of a server that the store knows.")
    var servers: [ServerArgument] = []
    @Flag(help: "Recover failures where the configuration wants it ([[clusters]], recover).")
    var recover = false
    @OptionGroup var global: GlobalOptions
    @OptionGroup(title: "Logging in") var access: AccessOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let configuration = try global.configuration()
        if recover { try requirePermission(configuration) }
        let named = try await StoreAccess.find(servers, store, configuration).map(\.address)
        let book = try AccessBook(access, configuration)
        let store = try await StoreAccess.open(store, configuration)
        defer { try? store.close() }
        var settings = EngineConfiguration(
            seeds: named.isEmpty ? configuration.seeds : named, discovery: configuration.discovery)
        settings.limits = configuration.limits
        let engine = Engine(
            settings, recorder: StoreRecorder(store, policy: configuration.store.policy),
            desk: OperationDesk(
                configuration.operating(isReadOnly: global.isReadOnly), store: store, book: book, configuration),
            makeProber: book.prober(for:))
        let printer = WatchPrinter()
        let work = Task { await watch(engine, store, configuration, printer) }
        let stop = StopSignals { work.cancel() }
        defer { stop.end() }
        await work.value
    }

    private func requirePermission(_ configuration: Configuration) throws {
        if let objection = configuration.operating(isReadOnly: global.isReadOnly).readOnly.everything {
            throw CommandFailure(.refused, "nothing can be recovered here: \(objection)")
        }
        if !configuration.clusters.contains(where: { !$0.recovered.isEmpty }) {
            Answer.remark(
                "baton: the configuration wants no recovery anywhere ([[clusters]], recover): failures are only told")
        }
    }

    /// Until it is cancelled; then a recovery comes to its end, and what was seen last is written.
    private func watch(
        _ engine: Engine, _ store: Store, _ configuration: Configuration, _ printer: WatchPrinter
    ) async {
        let running = Task { await engine.run() }
        let recovery = AutomaticRecovery(engine, store: store, policies: configuration.automaticPolicies) { event in
            printer.print(event)
        }
        await withDiscardingTaskGroup { group in
            if recover { group.addTask { await recovery.run() } }
            group.addTask {
                for await update in await engine.updates() { printer.print(update) }
            }
        }
        running.cancel()
        await running.value
    }
}
