import Diagnosis
import Discovery
import Engine
import Storage
import Topology

/// What the console knows of the fleet: the newest update with what follows from it, and a short memory of what came
/// before.
struct KnownFleet: Sendable {
    /// Enough to scroll through a bad night; the store keeps the rest.
    static let eventLimit = 2000
    /// Up to this size every instance's lag is sampled each second; in larger fleets only of those that change.
    private static let sampledFleet = 1000

    private(set) var diagnosis: Diagnosis
    /// Where the fleet comes from; `nil` before anything is known.
    private(set) var origin: FleetOrigin?
    private(set) var statistics: DiscoveryStatistics?
    private(set) var recording = RecordingState.off
    /// When the first update came: what happened before it only the store knows.
    private var startedAt: Timestamp?
    /// Grows when the shape of the trees may have changed: while it stands still, so do their rows.
    private(set) var generation = 0
    private(set) var histories: [InstanceAddress: LagHistory] = [:]
    /// What happened, oldest first.
    private(set) var events: [NumberedEvent] = []
    private var nextEventNumber = 0
    private var lastSample: Timestamp?
    /// When this console first saw each problem that does not say itself since when it is so.
    private var firstSeen: [Problem.ID: Timestamp] = [:]
    /// How many instances of each cluster are not well.
    private var troublesByCluster: [InstanceAddress: Troubles] = [:]
    /// How many instances each cluster has.
    private var sizes: [InstanceAddress: Int] = [:]

    /// Failures that somebody should act on, the gravest first.
    private(set) var alarms: [Failure] = []

    init() {
        diagnosis = Diagnosis(of: Fleet())
    }

    var fleet: Fleet { diagnosis.fleet }
    var clusters: [Cluster] { diagnosis.forest.clusters }
    var problems: [Problem] { diagnosis.problems }

    /// Takes what the engine knows now.
    mutating func take(_ update: EngineUpdate, now: Timestamp) {
        let before = diagnosis
        let old = before.fleet
        let isFirst = origin == nil
        let isReshaped =
            update.fleet.structureVersion != old.structureVersion || update.fleet.version < old.version || isFirst
        diagnosis = update.diagnosis
        // Primaries that are back are told by `ConsoleModel.returned`, these among them.
        alarms = diagnosis.failures.failures.prefix { !$0.isSuppressed && $0.recovery.kind != nil }
            .filter { $0.recovery.kind != .returnedPrimary }
        if isReshaped {
            generation += 1
            countMembers()
        }
        origin = update.origin
        statistics = update.statistics
        recording = update.recording
        let changed = update.fleet.addresses(changedSince: old)
        if isFirst {
            startedAt = now
        } else if !changed.isEmpty {
            append(
                FleetEvents.between(old, update.fleet, changed: changed, forest: diagnosis.forest, at: now)
                    + ProblemEvents.between(before, diagnosis, at: now))
        }
        for address in changed where update.fleet[address] == nil { histories[address] = nil }
        sampleLag(changed, now: now)
        rememberProblems(now: now)
        countTroubles()
    }

    /// Takes what the store holds of the past: it goes before what this console saw itself.
    mutating func take(past: [Event]) {
        let own = events.filter { $0.number >= 0 }
        let older = past.filter { event in startedAt.map { event.at < $0 } ?? true }
            .suffix(max(0, Self.eventLimit - own.count))
        events = older.enumerated().map { NumberedEvent(number: $0.offset - older.count, event: $0.element) } + own
    }

    private mutating func append(_ new: [Event]) {
        for event in new {
            events.append(NumberedEvent(number: nextEventNumber, event: event))
            nextEventNumber += 1
        }
        if events.count > Self.eventLimit { events.removeFirst(events.count - Self.eventLimit) }
    }

    private mutating func sampleLag(_ changed: [InstanceAddress], now: Timestamp) {
        if let lastSample, now - lastSample < .milliseconds(950), now >= lastSample { return }
        lastSample = now
        if fleet.count <= Self.sampledFleet {
            for instance in fleet.instances { sample(instance) }
        } else {
            for instance in changed.compactMap({ fleet[$0] }) { sample(instance) }
        }
    }

    private mutating func sample(_ instance: Instance) {
        let channels = instance.channels.filter { $0.source != nil }
        guard !channels.isEmpty else { return }
        let isReplicating = instance.contact.isReachable && channels.allSatisfy(\.isReplicating)
        let lag = isReplicating ? channels.compactMap { $0.lag?.beyondDelay }.max() : nil
        histories[instance.address, default: LagHistory()].append(lag)
    }

    private mutating func rememberProblems(now: Timestamp) {
        var seen: [Problem.ID: Timestamp] = [:]
        for problem in problems where problem.since == nil { seen[problem.id] = firstSeen[problem.id] ?? now }
        firstSeen = seen
    }

    private mutating func countMembers() {
        sizes = [:]
        for address in diagnosis.forest.addresses {
            if let cluster = diagnosis.forest.cluster(of: address) { sizes[cluster.id, default: 0] += 1 }
        }
    }

    private mutating func countTroubles() {
        troublesByCluster = [:]
        var counted: Set<InstanceAddress> = []
        // Worst first, so the first problem of an instance says how it is.
        for problem in problems where counted.insert(problem.subject).inserted {
            guard let cluster = diagnosis.forest.cluster(of: problem.subject) else { continue }
            troublesByCluster[cluster.id, default: Troubles()].add(Health(problem.severity))
        }
    }
}

/// An event with its place in the order of all: two can be equal in everything that they say.
struct NumberedEvent: Hashable, Sendable, Identifiable {
    /// From 0 on for what this console saw itself, below for what the store knows of the time before.
    var number: Int
    var event: Event

    var id: Int { number }
}

// MARK: - Questions

extension KnownFleet {
    /// Whether servers are being asked, so that wishes make sense.
    var isLive: Bool {
        switch origin {
        case .live?, .remembered?: true
        case .snapshot?, nil: false
        }
    }

    /// What keeps the history from being written; `nil` while all is well.
    var recordingTrouble: String? {
        if case .failing(let reason) = recording { reason } else { nil }
    }

    /// Whether nothing is known because nobody has answered yet.
    var isWaiting: Bool { origin == nil || (statistics?.servers ?? 0) > fleet.count || (statistics?.underWay ?? 0) > 0 }

    /// Where the fleet comes from, in words for a refusal.
    var originWords: String {
        switch origin {
        case .snapshot(let path, _)?: "the snapshot \(path.sanitized)"
        case .live?: "a live fleet"
        case .remembered?: "the last known fleet"
        case nil: "an empty console"
        }
    }

    /// The moment that ages are counted to: for a snapshot the one at which it was saved.
    func moment(at wallTime: Timestamp) -> Timestamp {
        if case .snapshot(_, let taken)? = origin { taken } else { wallTime }
    }

    /// Whether ages grow: in a snapshot they stand still.
    var hasRunningClock: Bool {
        if case .snapshot? = origin { false } else { true }
    }

    func problems(of address: InstanceAddress) -> [Problem] { diagnosis.problems(of: address) }

    /// Whether someone should look at the instance: a mere notice is no reason.
    func hasTrouble(_ address: InstanceAddress) -> Bool {
        (problems(of: address).first?.severity ?? .notice) > .notice
    }

    func health(of address: InstanceAddress) -> Health { Health(diagnosis.status(of: address).shape) }

    func since(_ problem: Problem) -> Timestamp? { problem.since ?? firstSeen[problem.id] }

    func cluster(of address: InstanceAddress) -> Cluster? { diagnosis.forest.cluster(of: fleet.canonical(address)) }

    func isPrimary(_ address: InstanceAddress) -> Bool { diagnosis.forest.cluster(of: address)?.primary == address }

    /// How many instances a cluster has, and how many of them are not well.
    func summary(of cluster: Cluster) -> Troubles {
        var troubles = troublesByCluster[cluster.id] ?? Troubles()
        troubles.count = sizes[cluster.id] ?? 0
        return troubles
    }

    /// How many of some instances are not well.
    func troubles(of addresses: [InstanceAddress]) -> Troubles {
        var troubles = Troubles()
        for address in addresses { troubles.add(problems(of: address).first.map { Health($0.severity) } ?? .ok) }
        return troubles
    }
}
