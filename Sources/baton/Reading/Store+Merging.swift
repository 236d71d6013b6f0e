import Diagnosis
import Engine
import Storage
import Topology

extension Store {
    /// Adds what a crawl found to the last known fleet, with the events that a console would have written.
    ///
    /// - Throws: ``CommandFailure`` where another process writes this store now, and for what goes wrong in it.
    func merge(_ found: Fleet, limits: DiagnosisLimits, at now: Timestamp) async throws {
        guard let holder = try await mergeUnlessHeld(found, limits: limits, at: now) else { return }
        throw CommandFailure(
            .store,
            "nothing was kept: \(holder) is running baton on the store \(path) and writes it; "
                + "discover the server there (:discover), or name another store with --store")
    }

    /// The same where no other process writes this store now.
    ///
    /// - Throws: ``CommandFailure`` for what goes wrong in it.
    /// - Returns: who writes it, so that nothing was kept; `nil` where it was.
    func mergeUnlessHeld(_ found: Fleet, limits: DiagnosisLimits, at now: Timestamp) async throws -> String? {
        do {
            switch try await acquireLease(.current(), now: now) {
            case .heldBy(let holder, _): return "\(holder)"
            case .held(let lease):
                let known = try await loadFleet().remembered
                let merged = known.merging(found)
                let events = FleetEvents.all(
                    from: Diagnosis(of: known, limits: limits), to: Diagnosis(of: merged, limits: limits),
                    changed: merged.addresses(changedSince: known), at: now)
                try await record(FleetChange(from: known, to: merged, at: now), events: events, under: lease)
                try await releaseLease(lease)
                return nil
            }
        } catch let error as StoreError {
            throw CommandFailure(.store, "\(error)")
        }
    }
}
