import Servers
import Synchronization
import Topology

/// Access to servers that notes who was asked.
final class WatchedAccess: ServerAccess {
    private let access: any ServerAccess
    private let seen = Mutex<Set<InstanceAddress>>([])

    init(_ access: any ServerAccess) {
        self.access = access
    }

    /// Everybody who was spoken to.
    var asked: Set<InstanceAddress> { seen.withLock { $0 } }

    func open(_ address: InstanceAddress) async throws(ConnectionError) -> any StatementSession {
        seen.withLock { _ = $0.insert(address) }
        return try await access.open(address)
    }

    func prober(of address: InstanceAddress) async -> any Prober {
        seen.withLock { _ = $0.insert(address) }
        return await access.prober(of: address)
    }
}
