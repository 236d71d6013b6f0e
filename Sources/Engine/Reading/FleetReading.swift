import Diagnosis
import Discovery
import Servers
import Storage
import Topology

/// A fleet that was read once, for commands that answer and end.
public struct FleetReading: Sendable {
    /// The fleet with its problems, trees and clusters.
    public var diagnosis: Diagnosis
    /// Whether servers were asked, and when what was read was written.
    public var origin: FleetOrigin
    /// When each server was read, where servers were asked; empty for what is remembered, whose contacts say it.
    public var lastReads: [InstanceAddress: Timestamp]

    /// The fleet that ``diagnosis`` examined.
    public var fleet: Fleet { diagnosis.fleet }
    /// What is wrong in it, the worst first.
    public var problems: [Problem] { diagnosis.problems }

    /// Makes a reading from a fleet that is examined already.
    public init(diagnosis: Diagnosis, origin: FleetOrigin, lastReads: [InstanceAddress: Timestamp] = [:]) {
        self.diagnosis = diagnosis
        self.origin = origin
        self.lastReads = lastReads
    }

    /// Crawls from the seeds until everyone that can be found has answered or failed.
    ///
    /// - Parameter limit: the longest time to take; who has not answered by then stays `neverTried`.
    public static func crawl(
        from seeds: [InstanceAddress], settings: DiscoverySettings = DiscoverySettings(),
        limits: DiagnosisLimits = DiagnosisLimits(), within limit: Duration = .seconds(10),
        makeProber: @escaping @Sendable (InstanceAddress) -> any Prober
    ) async -> FleetReading {
        let discovery = Discovery(seeds: seeds, settings: settings, makeProber: makeProber)
        let fleet = await discovery.crawl(within: limit)
        return FleetReading(
            diagnosis: Diagnosis(of: fleet, limits: limits), origin: .live, lastReads: await discovery.lastReads())
    }

    /// The reading with some of its servers asked anew, all at once; who does not answer is left as it was, and as old.
    public func refreshed(
        _ addresses: Set<InstanceAddress>, now: @Sendable () -> Timestamp = { .now() },
        makeProber: @escaping @Sendable (InstanceAddress) -> any Prober
    ) async -> FleetReading {
        let found = await withTaskGroup(
            of: (InstanceAddress, InstanceFacts?).self, returning: [InstanceAddress: InstanceFacts].self
        ) { group in
            for address in addresses {
                group.addTask {
                    let prober = makeProber(address)
                    let outcome = await prober.probe()
                    await prober.close()
                    guard case .facts(let facts) = outcome else { return (address, nil) }
                    return (address, facts)
                }
            }
            var found: [InstanceAddress: InstanceFacts] = [:]
            for await (address, facts) in group { found[address] = facts }
            return found
        }
        var (fleet, reads) = (fleet, lastReads)
        for (address, facts) in found {
            guard var instance = fleet[address] else { continue }
            instance.facts = facts
            fleet.update(instance)
            reads[address] = now()
        }
        return FleetReading(diagnosis: Diagnosis(of: fleet, after: diagnosis), origin: origin, lastReads: reads)
    }

    /// The last known fleet of the store, contacts as they were when it was written; `nil` where none was written yet.
    ///
    /// - Throws: ``StoreError``.
    public static func store(
        _ store: Store, limits: DiagnosisLimits = DiagnosisLimits()
    ) async throws -> FleetReading? {
        let stored = try await store.loadFleet()
        return stored.recordedAt.map {
            FleetReading(diagnosis: Diagnosis(of: stored.fleet, limits: limits), origin: .remembered(at: $0))
        }
    }

    /// The fleet of a snapshot file.
    public static func snapshot(
        _ snapshot: Snapshot, path: String, limits: DiagnosisLimits = DiagnosisLimits()
    ) -> FleetReading {
        FleetReading(
            diagnosis: Diagnosis(of: snapshot.fleet, limits: limits),
            origin: .snapshot(path: path, taken: snapshot.taken))
    }

    /// The reading as the one update that a face draws.
    public var update: EngineUpdate { EngineUpdate(diagnosis: diagnosis, origin: origin) }
}
