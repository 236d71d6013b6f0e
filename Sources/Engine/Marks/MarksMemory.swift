import Storage
import Synchronization
import Topology

/// What operators say about servers, read from the store again only when somebody has written there.
final class MarksMemory: Sendable {
    private struct State {
        var lookedAt: WriteMark?
        var records: [MarkRecord]?
    }

    private let state = Mutex(State())

    /// The marks that count now or will later, by the addresses of a fleet.
    ///
    /// - Throws: `StoreError`.
    func marks(of store: Store, in fleet: Fleet, now: Timestamp) async throws -> OperatorMarks {
        // Read before the marks are: what is written meanwhile changes it.
        let mark = store.writeMark(now: now)
        let known = state.withLock { mark != nil && $0.lookedAt == mark ? $0.records : nil }
        if let known { return OperatorMarks(known, in: fleet).remaining(at: now) }
        var filter = MarkFilter()
        filter.limit = .max
        let records = try await store.marks(filter, now: now)
        state.withLock { $0 = State(lookedAt: mark, records: records) }
        return OperatorMarks(records, in: fleet)
    }
}
