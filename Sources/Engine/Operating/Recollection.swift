import Operations
import Refactoring
import Storage
import Synchronization
import Topology

/// What earlier operations found out and later plans may use, read from the journal again when that has grown.
final class Recollection: Sendable {
    /// A log's file names begin anew after it was reset by hand, which nobody can see in a place that was noted long ago.
    private static let longest = Duration.seconds(86_400)
    /// How many operations are looked through.
    private static let depth = 100

    private struct State {
        var outcomes: [Int64: OperationRecord.Outcome] = [:]
        var equivalences: [Equivalence] = []
        var rings: [CoPrimaryRing] = []
    }

    private let state = Mutex(State())

    var equivalences: [Equivalence] { state.withLock { $0.equivalences } }

    /// Rings of two that the last operation on a channel took apart.
    var rings: [CoPrimaryRing] { state.withLock { $0.rings } }

    /// Reads what is new.
    ///
    /// - Throws: `StoreError`.
    func renew(_ store: Store, _ journal: any OperationJournal, now: Timestamp) async throws {
        let recent = try await store.operations(limit: Self.depth).filter { $0.startedAt > now - Self.longest }
        let outcomes = Dictionary(uniqueKeysWithValues: recent.map { ($0.id, $0.outcome) })
        guard state.withLock({ $0.outcomes != outcomes }) else { return }
        var equivalences: [Equivalence] = []
        var (rings, changed): ([CoPrimaryRing], Set<ReplicaChannel>) = ([], [])
        // The newest first: where two places were noted for one, the later one holds.
        for record in recent where record.outcome == .done || record.outcome == .takenBack {
            // One of another baton's making may not be readable here; what it knew is done without.
            guard let operation = try? await journal.operation(record.id) else { continue }
            equivalences += operation.equivalences
            if record.outcome == .done {
                rings += (operation.plan.ringsLeft ?? []).filter { !changed.contains($0.leaver) }
            }
            changed.formUnion(operation.plan.changedChannels)
        }
        let found = State(outcomes: outcomes, equivalences: equivalences, rings: rings)
        state.withLock { $0 = found }
    }
}
