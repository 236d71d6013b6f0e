import Discovery
import Logging
import Servers
import Topology

/// The one façade that faces use: fleets out, wishes in.
///
/// ``run()`` owns all work and ends when it is cancelled; ``updates()`` may be read by several faces, before and while
/// it runs.
public actor Engine {
    public let configuration: EngineConfiguration
    private let makeProber: @Sendable (InstanceAddress) -> any Prober
    private let recorder: (any FleetRecorder)?
    private let wallClock: @Sendable () -> Timestamp
    private let logger: Logger

    private var discovery: Discovery?
    private var latest: EngineUpdate?
    private var subscribers: [AsyncStream<EngineUpdate>.Continuation] = []
    /// Wishes that came before discovery stood.
    private var seeds: [InstanceAddress]

    /// Prepares an engine; nothing is asked or read before ``run()``.
    ///
    /// - Parameters:
    ///   - recorder: the store; `nil` to forget everything at the end.
    ///   - makeProber: makes the prober of an address.
    public init(
        _ configuration: EngineConfiguration,
        recorder: (any FleetRecorder)? = nil,
        logger: Logger = Logger(label: "baton.engine"),
        wallClock: @escaping @Sendable () -> Timestamp = { .now() },
        makeProber: @escaping @Sendable (InstanceAddress) -> any Prober
    ) {
        self.configuration = configuration
        self.recorder = recorder
        self.logger = logger
        self.wallClock = wallClock
        self.makeProber = makeProber
        seeds = configuration.seeds
    }

    /// Updates from now on, the latest one first; a slow reader gets the newest and misses those between.
    ///
    /// One comes with every published fleet, and one each second for what changes with time.
    public func updates() -> AsyncStream<EngineUpdate> {
        let (stream, continuation) = AsyncStream<EngineUpdate>.makeStream(bufferingPolicy: .bufferingNewest(1))
        if let latest { continuation.yield(latest) }
        subscribers.append(continuation)
        return stream
    }

    /// Watches the servers until it is cancelled, and then closes every connection and writes what is left.
    public func run() async {
        let remembered = await readMemory()
        if let remembered {
            publish(EngineUpdate(fleet: remembered.fleet, origin: .remembered(at: remembered.writtenAt)))
        }
        let known = remembered?.fleet ?? Fleet()
        let discovery = Discovery(
            seeds: seeds, known: known, settings: configuration.discovery, wallClock: wallClock, logger: logger,
            makeProber: makeProber)
        self.discovery = discovery
        let recording = recorder.map {
            Recording(
                $0, known: known, interval: configuration.recordingInterval, logger: logger, wallClock: wallClock)
        }
        let fleets = await discovery.fleets()
        await withDiscardingTaskGroup { group in
            group.addTask { await discovery.run() }
            if let recording { group.addTask { await recording.run() } }
            group.addTask { await self.follow(fleets, from: known, remembered, recording) }
            group.addTask { await self.tick(recording) }
        }
        self.discovery = nil
        for subscriber in subscribers { subscriber.finish() }
        subscribers = []
    }
}

// MARK: - Wishes

extension Engine {
    /// Watches a server and crawls from it.
    @discardableResult
    public func discover(_ address: InstanceAddress) async -> DiscoverAnswer {
        guard let discovery else {
            seeds.append(address)
            return .watching
        }
        return await discovery.discover(address)
    }

    /// Forgets a server; see ``Discovery/forget(_:)``.
    @discardableResult
    public func forget(_ address: InstanceAddress) async -> ForgetAnswer {
        await discovery?.forget(address) ?? .unknown
    }

    /// Probes a server now; whether it is known.
    @discardableResult
    public func refresh(_ address: InstanceAddress) async -> Bool {
        await discovery?.refresh(address) ?? false
    }

    /// Probes every server now.
    public func refreshAll() async {
        await discovery?.refreshAll()
    }
}

// MARK: - Following

extension Engine {
    private func readMemory() async -> RememberedFleet? {
        guard let recorder else { return nil }
        do {
            return try await recorder.lastFleet()
        } catch {
            logger.warning("the last known fleet cannot be read, starting without it: \(error)")
            return nil
        }
    }

    /// Turns fleets into updates and events.
    private func follow(
        _ fleets: AsyncStream<Fleet>, from known: Fleet, _ remembered: RememberedFleet?, _ recording: Recording?
    ) async {
        var last = known
        var origin = remembered.map { FleetOrigin.remembered(at: $0.writtenAt) } ?? .live
        for await fleet in fleets {
            let changed = fleet.addresses(changedSince: last)
            if changed.contains(where: { fleet[$0]?.contact.isAnswerOfThisRun ?? false }) { origin = .live }
            if let recording, fleet.version != last.version {
                let events = FleetEvents.between(last, fleet, changed: changed, at: wallClock())
                await recording.note(fleet, events: events)
            }
            last = fleet
            publish(
                EngineUpdate(
                    fleet: fleet, origin: origin, statistics: await discovery?.statistics(),
                    recordingTrouble: await recording?.trouble))
        }
    }

    /// Publishes each second what changes with time alone.
    private func tick(_ recording: Recording?) async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            guard var update = latest, !subscribers.isEmpty else { continue }
            update.statistics = await discovery?.statistics()
            update.recordingTrouble = await recording?.trouble
            // A newer fleet may have come while we asked.
            if let latest, latest.fleet.version == update.fleet.version { publish(update) }
        }
    }

    private func publish(_ update: EngineUpdate) {
        latest = update
        subscribers.removeAll {
            if case .terminated = $0.yield(update) { true } else { false }
        }
    }
}

extension Contact {
    /// Whether a probe of this run has ended, well or not.
    var isAnswerOfThisRun: Bool {
        switch self {
        case .neverTried, .remembered: false
        case .reachable, .noAccess, .unreachable: true
        }
    }
}
