import Operations
import Topology

/// Connections that are opened while somebody reads a plan, so that nobody waits for logins once it is confirmed: to a
/// MySQL server with TLS they take longer than the statements.
///
/// Those that nobody confirms are closed again after a while.
actor ReadyServers {
    /// How long somebody may read; connections at rest cost a server little, but some.
    private static let patience = Duration.seconds(120)

    private let make: @Sendable () -> any OperationsServers
    private var waiting: (servers: any OperationsServers, addresses: Set<InstanceAddress>)?
    private var expiry: Task<Void, Never>?

    init(_ make: @escaping @Sendable () -> any OperationsServers) {
        self.make = make
    }

    /// Opens what is not open yet.
    func prepare(_ addresses: [InstanceAddress]) async {
        let known = waiting?.addresses ?? []
        let servers = waiting?.servers ?? make()
        waiting = (servers, known.union(addresses))
        expiry?.cancel()
        expiry = Task { [weak self] in
            do {
                try await Task.sleep(for: Self.patience)
            } catch {
                return
            }
            await self?.dismiss()
        }
        await servers.prepare(addresses.filter { !known.contains($0) })
    }

    /// Servers for one operation, which closes them.
    func take() -> any OperationsServers {
        expiry?.cancel()
        defer { waiting = nil }
        return waiting?.servers ?? make()
    }

    /// Servers to look at while a plan is made; whoever asked closes them.
    nonisolated func others() -> any OperationsServers { make() }

    private func dismiss() async {
        guard let servers = waiting?.servers else { return }
        waiting = nil
        await servers.close()
    }
}
