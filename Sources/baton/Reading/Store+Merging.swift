import Diagnosis
import Engine
import Storage
import Topology

extension Store {
    /// Adds what a crawl found to the last known fleet, with the events that a console would have written.
    ///
    /// - Throws: ``CommandFailure`` where another process writes this store now, and for what goes wrong in it.
    func merge(_ found: Fleet, limits: DiagnosisLimits, at now: Timestamp) async throws {
        do {
            switch try await acquireLease(.current(), now: now) {
            case .heldBy(let holder, _):
                throw CommandFailure(
                    .store,
                    "nothing was kept: \(holder) is running baton on the store \(path) and writes it; "
                        + "discover the server there (:discover), or name another store with --store")
            case .held(let lease):
                let known = try await loadFleet().remembered
                let merged = known.merging(found)
                let events = FleetEvents.all(
                    from: Diagnosis(of: known, limits: limits), to: Diagnosis(of: merged, limits: limits),
                    changed: merged.addresses(changedSince: known), at: now)
                try await record(FleetChange(from: known, to: merged, at: now), events: events, under: lease)
                try await releaseLease(lease)
            }
        } catch let error as StoreError {
            throw CommandFailure(.store, "\(error)")
        }
    }
}
