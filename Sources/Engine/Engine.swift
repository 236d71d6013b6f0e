import Diagnosis
import Discovery
import Logging
import Servers
import Topology

/// The one façade that faces use: fleets out, wishes in.
///
/// ``run()`` owns all work and ends when it is cancelled; ``updates()`` may be read by several faces, before and while
/// it runs.
public actor Engine {
    /// What it was made with; it does not change while it runs.
    public let configuration: EngineConfiguration
    private let makeProber: @Sendable (InstanceAddress) -> any Prober
    private let recorder: (any FleetRecorder)?
    let wallClock: @Sendable () -> Timestamp
    let logger: Logger

    /// Where operations are judged, planned and run.
    public nonisolated let desk: OperationDesk
    var discovery: Discovery?
    var latest: EngineUpdate?
    /// What operators say about servers, as it was read last.
    var marks = OperatorMarks()
    private var subscribers: [AsyncStream<EngineUpdate>.Continuation] = []
    /// Whether discovery was told of servers whose return is awaited.
    private var isAwaiting = false
    /// Wishes that came before discovery stood.
    private var seeds: [InstanceAddress]

    /// Prepares an engine; nothing is asked or read before ``run()``.
    ///
    /// - Parameters:
    ///   - recorder: the store; `nil` to forget everything at the end.
    ///   - desk: runs operations; without one nothing is changed.
    ///   - makeProber: makes the prober of an address.
    public init(
        _ configuration: EngineConfiguration,
        recorder: (any FleetRecorder)? = nil,
        desk: OperationDesk = OperationDesk(OperatingSettings(), lookingOnly: "there is no store"),
        logger: Logger = Logger(label: "baton.engine"),
        wallClock: @escaping @Sendable () -> Timestamp = { .now() },
        makeProber: @escaping @Sendable (InstanceAddress) -> any Prober
    ) {
        self.configuration = configuration
        self.recorder = recorder
        self.desk = desk
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
        let known = remembered?.fleet ?? Fleet()
        let diagnosis = await Self.diagnose(known, limits: configuration.limits)
        if let remembered {
            await readMarks(known)
            publish(EngineUpdate(diagnosis: diagnosis, origin: .remembered(at: remembered.writtenAt)))
        }
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
            if let recording {
                group.addTask { await recording.run { await discovery.forget($0) } }
            }
            group.addTask { await self.follow(fleets, after: diagnosis, remembered, recording) }
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
        guard let discovery else { return .unknown }
        let answer = await discovery.forget(address)
        if case .forgotten(let address, _) = answer, let recorder {
            do {
                try await recorder.forgot(address, at: wallClock())
            } catch {
                logger.warning("other batons on this store do not learn that \(address) was forgotten: \(error)")
            }
        }
        return answer
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

    /// Asks these servers now, all at once, and gives the fleet when each has answered or failed; see
    /// ``Discovery/look(at:within:)``. Every server is unanswered where nobody watches.
    public func look(at servers: [InstanceAddress], within limit: Duration) async -> FreshLook {
        guard let discovery else { return FreshLook(fleet: latest?.fleet ?? Fleet(), unanswered: servers) }
        return await discovery.look(at: servers, within: limit)
    }

    /// Takes note that the process stood still for a while; see ``Discovery/stoodStill()``.
    public func stoodStill() async {
        await discovery?.stoodStill()
    }
}

// MARK: - Following

extension Engine {
    private func readMemory() async -> RememberedFleet? {
        guard let recorder else { return nil }
        do {
            return try await recorder.lastFleet()
        } catch is CancellationError {
            // The run has ended before it began, as where no terminal can be had: no trouble of the store.
            return nil
        } catch {
            logger.warning("the last known fleet cannot be read, starting without it: \(error)")
            return nil
        }
    }

    /// Turns fleets into updates and events.
    private func follow(
        _ fleets: AsyncStream<Fleet>, after known: Diagnosis, _ remembered: RememberedFleet?, _ recording: Recording?
    ) async {
        var last = known
        var standstills = StandstillWatch()
        var origin = remembered.map { FleetOrigin.remembered(at: $0.writtenAt) } ?? .live
        for await fleet in fleets {
            let changed = fleet.addresses(changedSince: last.fleet)
            standstills.note(changed, in: fleet, at: wallClock())
            var inputs = last.inputs
            inputs.signals = standstills.signals
            inputs.now = wallClock()
            let diagnosis = await Self.diagnose(fleet, after: last, inputs)
            if changed.contains(where: { fleet[$0]?.contact.isAnswerOfThisRun ?? false }) { origin = .live }
            if let recording, fleet.version != last.fleet.version {
                let events = FleetEvents.all(from: last, to: diagnosis, changed: changed, at: wallClock())
                await recording.note(diagnosis, events: events)
            }
            last = diagnosis
            publish(
                EngineUpdate(
                    diagnosis: diagnosis, origin: origin, statistics: await discovery?.statistics(),
                    recording: await recording?.state ?? .off))
        }
    }

    /// Examines a fleet outside this actor, which meanwhile goes on answering wishes.
    @concurrent
    private static func diagnose(_ fleet: Fleet, limits: DiagnosisLimits) async -> Diagnosis {
        Diagnosis(of: fleet, limits: limits)
    }

    @concurrent
    private static func diagnose(_ fleet: Fleet, after last: Diagnosis, _ inputs: FailureInputs) async -> Diagnosis {
        Diagnosis(of: fleet, after: last, inputs: inputs)
    }

    /// Publishes each second what changes with time alone.
    private func tick(_ recording: Recording?) async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            guard let before = latest else { continue }
            await renewMarks(before.fleet)
            let awaited = latest?.awaited ?? []
            // Told anew each time: discovery may have come to know one of them only now.
            if !awaited.isEmpty || isAwaiting { await discovery?.awaitReturn(of: awaited) }
            isAwaiting = !awaited.isEmpty
            guard !subscribers.isEmpty else { continue }
            let statistics = await discovery?.statistics()
            let state = await recording?.state ?? .off
            // A newer fleet may have come while we asked.
            guard var update = latest, update.fleet.version == before.fleet.version else { continue }
            update.statistics = statistics
            update.recording = state
            publish(update)
        }
    }

    func publish(_ update: EngineUpdate) {
        var update = update
        update.marks = marks.completed(byAnswersIn: update.fleet, at: wallClock())
        update.diagnosis = update.diagnosis.marked(by: marks, at: wallClock())
        latest = update
        subscribers.removeAll {
            if case .terminated = $0.yield(update) { true } else { false }
        }
    }
}
