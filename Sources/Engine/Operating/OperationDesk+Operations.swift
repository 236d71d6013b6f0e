import Operations
import Refactoring
import Storage

extension OperationDesk {
    /// The newest operations, running, past and open ones, newest first.
    ///
    /// - Throws: ``OperationError/journal(_:)``.
    public func operations(limit: Int = 100) async throws(OperationError) -> [OperationRecord] {
        guard case .acting(let store, _, _) = means else { return [] }
        return try await OperationError.ofJournal { try await store.operations(limit: limit) }
    }

    /// Those for which somebody has to decide: failed, stopped, or left behind by a process that is gone; oldest first.
    ///
    /// - Throws: ``OperationError/journal(_:)``.
    public func openOperations() async throws(OperationError) -> [OperationRecord] {
        guard case .acting(let store, _, _) = means else { return [] }
        let moment = now()
        return try await OperationError.ofJournal { try await store.openOperations(now: moment) }
    }

    /// One operation with its plan, `nil` where there is none of that number.
    ///
    /// - Throws: ``OperationError/journal(_:)``.
    public func operation(_ id: Int64) async throws(OperationError) -> JournaledOperation? {
        guard case .acting(_, let journal, _) = means else { throw noJournal }
        return try await journal.operation(id)
    }
}
