import Logging
import Servers
import Topology

/// Finds every server of a topology from one or more of them, and keeps the fleet current.
///
/// ``run()`` owns every task: one loop starts probes when their turn comes, another runs errands, and both end when it is
/// cancelled. Outcomes come back to this actor, which changes the fleet and publishes it; an outcome without news
/// touches the schedule and nothing else.
public actor Discovery {
    public nonisolated var unownedExecutor: UnownedSerialExecutor { ServersExecutor.shared.asUnownedSerialExecutor() }
    /// What it was made with; it does not change while it runs.
    public let settings: DiscoverySettings
    let makeProber: @Sendable (InstanceAddress) -> any Prober
    let resolver: any NameResolver
    let wallClock: @Sendable () -> Timestamp
    let logger: Logger
    let clock = ContinuousClock()

    var fleet: Fleet
    var schedule: PollSchedule
    var servers: [PollSchedule.Key: WatchedServer] = [:]
    var keys: [InstanceAddress: PollSchedule.Key] = [:]
    var keysByFingerprint: [ServerFingerprint: Set<PollSchedule.Key>] = [:]
    var nextKey: PollSchedule.Key = 0
    /// Addresses that were forgotten by hand, and until when they stay so.
    var paused: [InstanceAddress: Timestamp] = [:]
    /// Names whose resolution is under way.
    var resolving: Set<InstanceAddress> = []
    var checkingNames: Set<InstanceAddress> = []
    /// Probers of servers that are no longer watched, until they are closed.
    var retired: [PollSchedule.Key: any Prober] = [:]
    var counters: DiscoveryStatistics
    var keptIntervals: RollingMeasure
    var latencies: RollingMeasure
    var publisher: FleetPublisher
    var isRunning = false
    /// Sources that may be gone.
    var suspicions = Suspicions()
    /// Polls under way, and when each began.
    var underWay: [PollSchedule.Key: ContinuousClock.Instant] = [:]
    /// Looks for polls that take long; set while polls are under way.
    var longPollWatch: ServersExecutor.PlannedWake?
    /// Who waits for servers that were asked for the purpose.
    var lookers: [Int: Looker] = [:]
    var nextLooker = 0
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let errands: AsyncStream<Errand>
    private let errandInbox: AsyncStream<Errand>.Continuation
    private var nextUpkeep: ContinuousClock.Instant
    private var nextNameCheck: ContinuousClock.Instant

    /// What runs beside the probes.
    enum Errand {
        case watchConnection(PollSchedule.Key)
        case resolve(InstanceAddress, Mention)
        case checkName(InstanceAddress)
        case close(PollSchedule.Key)
    }

    /// Who spoke of an address.
    enum Mention {
        case seed
        /// A replica's source, or a fellow member.
        case certain
        /// A replica that told its source this name.
        case listed
        /// A replica whose port is a guess.
        case hint
        /// The fleet of an earlier run.
        case memory
    }

    /// Prepares discovery; nothing is asked before ``run()``.
    ///
    /// - Parameters:
    ///   - seeds: servers to start from; they are watched though they do not answer.
    ///   - known: the fleet of an earlier run, whose servers are asked again.
    ///   - resolver: who answers ``DiscoverySettings/hostNames``.
    ///   - wallClock: says what time it is, for what is written into contacts.
    ///   - makeProber: makes the prober of an address; it must not connect yet.
    public init(
        seeds: [InstanceAddress],
        known: Fleet = Fleet(),
        settings: DiscoverySettings = DiscoverySettings(),
        resolver: any NameResolver = SystemNameResolver(),
        wallClock: @escaping @Sendable () -> Timestamp = { .now() },
        logger: Logger = Logger(label: "baton.discovery"),
        makeProber: @escaping @Sendable (InstanceAddress) -> any Prober
    ) {
        self.settings = settings
        self.resolver = resolver
        self.wallClock = wallClock
        self.logger = logger
        self.makeProber = makeProber
        fleet = known
        let now = clock.now
        schedule = PollSchedule(settings: PollSchedule.Settings(settings), epoch: now)
        counters = DiscoveryStatistics(pollInterval: settings.pollInterval)
        keptIntervals = RollingMeasure(startingAt: now)
        latencies = RollingMeasure(startingAt: now)
        publisher = FleetPublisher(interval: settings.publishingInterval, startingAt: now)
        nextUpkeep = now + Self.upkeepInterval(settings)
        nextNameCheck = now + settings.nameCheckInterval
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (errands, errandInbox) = AsyncStream.makeStream()
        initialSeeds = seeds
    }

    private let initialSeeds: [InstanceAddress]

    /// The fleet as it is known now.
    public var current: Fleet { fleet }

    /// Fleets from now on, the current one first; a slow reader gets the newest and misses those between.
    public func fleets() -> AsyncStream<Fleet> {
        publisher.subscribe(current: fleet)
    }

    /// Watches until it is cancelled; then all connections are closed.
    public func run() async {
        await loop(until: nil)
    }

    /// Asks every server that can be found once.
    ///
    /// - Parameter limit: the longest time to take; servers that have not answered by then are given as they are known.
    public func crawl(within limit: Duration) async -> Fleet {
        schedule.repeats = false
        await loop(until: clock.now + limit)
        return fleet
    }
}

extension Discovery {
    private func loop(until deadline: ContinuousClock.Instant?) async {
        precondition(!isRunning, "discovery runs once at a time")
        isRunning = true
        remember()
        for seed in initialSeeds { mention(seed, .seed) }
        wake.yield()
        // Whatever belongs to no actor stays on this executor too.
        await withTaskExecutorPreference(ServersExecutor.shared) {
            await withTaskGroup(of: Void.self) { group in
                // Errands last long and probes are many. A group finds a child that ended by walking over its children,
                // so that 10,000 watched connections must not stand in the way of the probes.
                group.addTask { await self.runErrands() }
                await self.probeInTurn(until: deadline)
                group.cancelAll()
                for prober in self.allProbers { await prober.close() }
            }
        }
        publisher.finish(with: fleet)
        isRunning = false
        endAllLooks()
    }

    private var allProbers: [any Prober] { servers.values.map(\.prober) + retired.values }

    private func probeInTurn(until deadline: ContinuousClock.Instant?) async {
        await withDiscardingTaskGroup { group in
            var armed: ContinuousClock.Instant?
            for await _ in wakes {
                let now = clock.now
                if let deadline, now >= deadline || isCrawled { break }
                upkeep(at: now)
                lookIntoSuspicions(at: now)
                for start in schedule.advance(to: now) { begin(start, at: now, in: &group) }
                publisher.publishIfDue(fleet, at: now)
                if let time = armed, time <= now { armed = nil }
                let next = [
                    schedule.nextWake, suspicions.nextLook, publisher.nextDue,
                    deadline ?? min(nextUpkeep, nextNameCheck),
                ]
                .compactMap { $0 }.min()
                if let next, armed.map({ next < $0 }) ?? true {
                    armed = next
                    ServersExecutor.shared.wake(at: next) { [wake] in wake.yield() }
                }
            }
            group.cancelAll()
        }
    }

    private func runErrands() async {
        await withDiscardingTaskGroup { group in
            for await errand in errands { group.addTask { await self.run(errand) } }
        }
    }

    /// Has something done beside the probes.
    func send(_ errand: Errand) { errandInbox.yield(errand) }

    /// Whether a crawl has asked everybody it knows of.
    private var isCrawled: Bool {
        schedule.isQuiet && resolving.isEmpty && checkingNames.isEmpty
    }

    private func begin(
        _ start: PollSchedule.Start, at now: ContinuousClock.Instant, in group: inout DiscardingTaskGroup
    ) {
        guard let server = servers[start.key] else { return }
        counters.underWay += 1
        if let interval = start.interval {
            servers[start.key]?.record.add(interval: interval)
            keptIntervals.add(interval, at: now)
        }
        let prober = server.prober
        let key = start.key
        pollBegan(key, at: now)
        group.addTask {
            let outcome = await prober.probe()
            let notes = await prober.notes()
            await self.probeEnded(key, outcome, startedAt: now, notes)
        }
    }

    private func run(_ errand: Errand) async {
        switch errand {
        case .watchConnection(let key):
            guard let prober = servers[key]?.prober else { return }
            for await _ in prober.disconnections { connectionLost(key) }
        case .resolve(let name, let mention):
            let host = await resolver.resolve(name.host, to: settings.hostNames)
            resolved(name, host: host, mention)
        case .checkName(let name):
            await check(name)
        case .close(let key):
            await retired[key]?.close()
            retired[key] = nil
        }
    }

    /// Makes the loop look at what changed.
    func wakeLoop() { wake.yield() }

    private func upkeep(at now: ContinuousClock.Instant) {
        guard schedule.repeats else { return }
        if now >= nextUpkeep {
            nextUpkeep = now + Self.upkeepInterval(settings)
            forgetTheLongGone()
            endPauses()
        }
        if now >= nextNameCheck {
            nextNameCheck = now + settings.nameCheckInterval
            for (name, _) in fleet.knownNames { checkSoon(name) }
        }
    }

    private static func upkeepInterval(_ settings: DiscoverySettings) -> Duration {
        max(.milliseconds(10), min(.seconds(60), settings.forgetAfter / 10, settings.forgetPause / 4))
    }
}
