import Logging
import Servers
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
    /// Events since the last batch, in order.
    private var events: [FleetEvent] = []
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    /// What went wrong with the last batch; `nil` where it was written.
    private(set) var trouble: String?

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
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes note of a fleet and returns at once.
    func note(_ fleet: Fleet, events more: [FleetEvent]) {
        newest = fleet
        events += more
        wake.yield()
    }

    /// Writes until it is cancelled, and then what is left.
    func run() async {
        for await _ in wakes {
            await writeBatch()
            try? await Task.sleep(for: interval)
        }
        await writeBatch()
        await recorder.close()
    }

    private func writeBatch() async {
        let fleet = newest
        let changed = fleet.addresses(changedSince: written)
        guard !changed.isEmpty || !events.isEmpty || fleet.version != written.version else { return }
        let batch = events
        events = []
        let isHeld = { @Sendable (address: InstanceAddress) in
            fleet.canonical(address) == address && fleet[address] != nil
        }
        let changes = FleetChanges(
            fleet: fleet, changed: changed.filter(isHeld), removed: changed.filter { !isHeld($0) }, events: batch,
            at: wallClock())
        do {
            try await recorder.record(changes)
            written = fleet
            trouble = nil
        } catch {
            if trouble == nil { logger.warning("the store cannot be written, watching goes on: \(error)") }
            trouble = "\(error)"
            // Kept for the next try, but not for ever: an hour of a full disk must not fill the memory too.
            events = Array((batch + events).suffix(Self.mostEventsKept))
        }
    }

    private static let mostEventsKept = 10_000
}
