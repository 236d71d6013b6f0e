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
    /// What operators say about its servers.
    public private(set) var marks = OperatorMarks()

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
    /// - Parameters:
    ///   - memory: the last known fleet. What it links to the servers that are found is asked as well, and stays in the
    ///     answer as it was known where it does not answer.
    ///   - limit: the longest time to take; who has not answered by then stays `neverTried` or `remembered`.
    public static func crawl(
        from seeds: [InstanceAddress], remembering memory: Fleet = Fleet(),
        settings: DiscoverySettings = DiscoverySettings(), limits: DiagnosisLimits = DiagnosisLimits(),
        within limit: Duration = .seconds(10),
        makeProber: @escaping @Sendable (InstanceAddress) -> any Prober
    ) async -> FleetReading {
        let deadline = ContinuousClock.now + limit
        var (fleet, reads) = (Fleet(), [InstanceAddress: Timestamp]())
        fleet.remember(memory, around: seeds, ignoring: settings.ignored)
        while true {
            let discovery = Discovery(seeds: seeds, known: fleet, settings: settings, makeProber: makeProber)
            fleet = await discovery.crawl(within: max(.zero, deadline - .now))
            reads.merge(await discovery.lastReads()) { _, newer in newer }
            // What was found may have led to a cluster that is remembered, and whose other members nobody names now.
            guard fleet.remember(memory, around: seeds, ignoring: settings.ignored), .now < deadline else { break }
        }
        return FleetReading(diagnosis: Diagnosis(of: fleet, limits: limits), origin: .live, lastReads: reads)
    }

    /// The reading with some of its servers asked anew, all at once; who does not answer is left as it was, and as old.
    public func refreshed(
        _ addresses: Set<InstanceAddress>, now: @escaping @Sendable () -> Timestamp = { .now() },
        makeProber: @escaping @Sendable (InstanceAddress) -> any Prober
    ) async -> FleetReading {
        let found = await withTaskGroup(
            of: (InstanceAddress, InstanceFacts?, Timestamp).self,
            returning: [InstanceAddress: (InstanceFacts, Timestamp)].self
        ) { group in
            for address in addresses {
                group.addTask {
                    let prober = makeProber(address)
                    let asked = now()
                    let outcome = await prober.probe()
                    await prober.close()
                    guard case .facts(let facts) = outcome else { return (address, nil, asked) }
                    return (address, facts, asked)
                }
            }
            var found: [InstanceAddress: (InstanceFacts, Timestamp)] = [:]
            for await (address, facts, asked) in group { found[address] = facts.map { ($0, asked) } }
            return found
        }
        var (fleet, reads) = (fleet, lastReads)
        for (address, (facts, asked)) in found {
            guard var instance = fleet[address] else { continue }
            instance.facts = facts
            fleet.update(instance)
            reads[address] = asked
        }
        var reading = FleetReading(
            diagnosis: Diagnosis(of: fleet, after: diagnosis), origin: origin, lastReads: reads)
        reading.marks = marks
        return reading
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

    /// The reading with what operators say about its servers.
    public func marked(_ marks: OperatorMarks, at moment: Timestamp) -> FleetReading {
        var reading = FleetReading(
            diagnosis: diagnosis.marked(by: marks, at: moment), origin: origin, lastReads: lastReads)
        reading.marks = marks.completed(byAnswersIn: fleet, at: moment)
        return reading
    }

    /// The reading as the one update that a face draws.
    public var update: EngineUpdate { EngineUpdate(diagnosis: diagnosis, origin: origin, marks: marks) }
}
