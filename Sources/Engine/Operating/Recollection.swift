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

    /// How far an operation has come that is not at its end.
    private struct Progress: Hashable {
        let outcome: OperationRecord.Outcome
        let steps: [Int: OperationStepRecord]
    }

    private struct State {
        var outcomes: [Int64: OperationRecord.Outcome] = [:]
        var equivalences: [Equivalence] = []
        var rings: [CoPrimaryRing] = []
        var unfinished: [Int64: Progress] = [:]
        var undecided: [UndecidedOperation] = []
        var promotions: [BegunPromotion] = []
    }

    private let state = Mutex(State())

    var equivalences: [Equivalence] { state.withLock { $0.equivalences } }

    /// Rings of two that the last operation on a channel took apart.
    var rings: [CoPrimaryRing] { state.withLock { $0.rings } }

    /// Operations that wait for a decision.
    var undecided: [UndecidedOperation] { state.withLock { $0.undecided } }

    /// Those that are not at their end and have begun to promote a server.
    var promotions: [BegunPromotion] { state.withLock { $0.promotions } }

    /// Reads what is new.
    ///
    /// - Throws: `StoreError`.
    func renew(_ store: Store, _ journal: any OperationJournal, now: Timestamp) async throws {
        try await renewUndecided(store, journal, now: now)
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
        let (found, places) = (rings, equivalences)
        state.withLock {
            $0.outcomes = outcomes
            $0.equivalences = places
            $0.rings = found
        }
    }

    private func renewUndecided(_ store: Store, _ journal: any OperationJournal, now: Timestamp) async throws {
        let unfinished = try await store.unfinishedOperations(now: now)
        let progress = Dictionary(
            uniqueKeysWithValues: unfinished.map {
                ($0.id, Progress(outcome: $0.outcome(at: now), steps: $0.steps))
            })
        guard state.withLock({ $0.unfinished != progress }) else { return }
        var undecided: [UndecidedOperation] = []
        var promotions: [BegunPromotion] = []
        for record in unfinished {
            guard let operation = try? await journal.operation(record.id) else { continue }
            if let promotion = operation.begunPromotion(at: now) { promotions.append(promotion) }
            guard record.outcome(at: now) != .running else { continue }
            let begun = operation.begunSteps.map { operation.plan.steps[$0].instance }
            undecided.append(
                UndecidedOperation(id: record.id, intent: record.intent.sanitized, instances: Set(begun)))
        }
        let found = (undecided, promotions)
        state.withLock {
            $0.unfinished = progress
            ($0.undecided, $0.promotions) = found
        }
    }
}
