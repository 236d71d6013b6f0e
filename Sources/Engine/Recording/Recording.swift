import Diagnosis
import Logging
import Servers
import Storage
import Topology

/// Carries changes to the recorder in batches, so that a slow disk holds up nobody.
actor Recording {
    private let recorder: any FleetRecorder
    private let interval: Duration
    private let wallClock: @Sendable () -> Timestamp
    private let logger: Logger
    /// The fleet that the recorder has.
    private var written: Fleet
    private var newest: Fleet
    /// What is the matter with it, and whose failures are known.
    private var failures: (seen: [SeenFailure], watched: Set<InstanceAddress>) = ([], [])
    /// Events since the last batch, in order.
    private var events: [Event] = []
    /// When the recorder was last called: facts that change all the time wait there for their sample.
    private var handedOverAt: ContinuousClock.Instant?
    /// Whether it was called once more since the last change, and so has nothing that waits.
    private var isSettled = false
    private(set) var state = RecordingState.off

    /// Kept while the store cannot be written: an hour of a full disk must not fill the memory too.
    private static let mostEventsKept = 10_000
    /// A quiet fleet is handed over once more after this time, so that waiting samples are written.
    private static let lastSample: Duration = .seconds(10)
    /// And then so often, so that it is noted that a quiet fleet was seen.
    private static let sighting: Duration = .seconds(60)

    init(
        _ recorder: any FleetRecorder, known: Fleet, interval: Duration, logger: Logger,
        wallClock: @escaping @Sendable () -> Timestamp
    ) {
        self.recorder = recorder
        self.interval = interval
        self.wallClock = wallClock
        self.logger = logger
        written = known
        newest = known
    }

    /// Takes note of a fleet, with what is the matter with it, and returns at once.
    func note(_ diagnosis: Diagnosis, events more: [Event]) {
        newest = diagnosis.fleet
        let asked = diagnosis.fleet.instances.filter(\.contact.isAnswerOfThisRun).map(\.address)
        failures = (SeenFailure.all(in: diagnosis, now: wallClock()), Set(asked))
        events += more
    }

    /// Writes until it is cancelled, and then what is left.
    ///
    /// - Parameter forget: is called for servers that another process was asked to forget.
    func run(forget: @Sendable (InstanceAddress) async -> Void) async {
        while (try? await Task.sleep(for: interval)) != nil {
            await writeBatch()
            for address in await forgottenMeanwhile() { await forget(address) }
        }
        // A cancelled task cannot write, so what is left is written by another one, and waited for.
        await Task { await self.finish() }.value
    }

    private func writeBatch() async {
        let (fleet, found) = (newest, failures)
        let now = ContinuousClock.now
        if fleet.version == written.version, events.isEmpty {
            guard let last = handedOverAt, now - last >= (isSettled ? Self.sighting : Self.lastSample) else { return }
            isSettled = true
        } else {
            isSettled = false
        }
        handedOverAt = now
        let batch = events
        events = []
        do {
            state = try await recorder.record(
                fleet, changed: fleet.addresses(changedSince: written), events: batch, at: wallClock())
            written = fleet
            if state == .writing { await write(found) }
        } catch is CancellationError {
            // The end of the run; what this batch held is written by the last one.
            events = batch + events
        } catch {
            if case .failing = state {
            } else {
                logger.warning("the store cannot be written, watching goes on: \(error)")
            }
            state = .failing("\(error)")
            events = Array((batch + events).suffix(Self.mostEventsKept))
        }
    }

    private func write(_ found: (seen: [SeenFailure], watched: Set<InstanceAddress>)) async {
        do {
            try await recorder.note(found.seen, watching: found.watched, at: wallClock())
        } catch {
            // The next batch says it again.
            logger.warning("failures cannot be written to the store: \(error)")
        }
    }

    private func forgottenMeanwhile() async -> [InstanceAddress] {
        do {
            return try await recorder.forgottenMeanwhile()
        } catch {
            // The same trouble shows when the next batch is written.
            return []
        }
    }

    private func finish() async {
        await writeBatch()
        do {
            try await recorder.finish(newest, at: wallClock())
        } catch {
            logger.warning("the last changes were not written to the store: \(error)")
        }
    }
}
