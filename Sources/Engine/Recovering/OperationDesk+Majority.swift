import Operations
import Topology

extension OperationDesk {
    /// Holds the advisory locks of further servers for the time of `body`, which takes those of its own plan.
    ///
    /// Nobody waits for a lock, so that two batons that want the same ones never wait for each other.
    ///
    /// - Throws: ``OperationError`` where one cannot be had, or what `body` throws.
    func locking(
        _ further: [InstanceAddress], _ body: () async throws(OperationError) -> OperationReport
    ) async throws(OperationError) -> OperationReport {
        guard !further.isEmpty, let servers = otherServers else { return try await body() }
        var locks: [any ServerLock] = []
        let result: Result<OperationReport, OperationError>
        do throws(OperationError) {
            await servers.prepare(further)
            for address in further { locks.append(try await Self.lock(address, of: servers)) }
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        for lock in locks { await lock.release() }
        await servers.close()
        return try result.get()
    }

    private static func lock(
        _ address: InstanceAddress, of servers: any OperationsServers
    ) async throws(OperationError) -> any ServerLock {
        do throws(ServerTrouble) {
            return try await servers.lock(address)
        } catch {
            if case .locked(_, let holder) = error { throw .held(address, by: holder) }
            throw .notLocked(address, error.description)
        }
    }
}
