import Topology

/// Hands changed fleets to subscribers: the first change after a quiet time at once, further ones bundled.
struct FleetPublisher {
    private let interval: Duration
    private var publishedVersion: UInt64?
    private var mayPublishAt: ContinuousClock.Instant
    /// When a change that is waiting will be published; `nil` while none waits.
    private(set) var nextDue: ContinuousClock.Instant?
    private(set) var count: UInt64 = 0
    private var subscribers: [AsyncStream<Fleet>.Continuation] = []

    init(interval: Duration, startingAt now: ContinuousClock.Instant) {
        self.interval = interval
        mayPublishAt = now
    }

    mutating func subscribe(current: Fleet) -> AsyncStream<Fleet> {
        let (stream, continuation) = AsyncStream<Fleet>.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.yield(current)
        subscribers.append(continuation)
        return stream
    }

    /// Publishes the fleet where it has changed and the time has come.
    ///
    /// - Returns: whether a change waits from now on that did not wait before.
    @discardableResult
    mutating func publishIfDue(_ fleet: Fleet, at now: ContinuousClock.Instant) -> Bool {
        guard fleet.version != publishedVersion else { return false }
        guard now >= mayPublishAt else {
            defer { nextDue = mayPublishAt }
            return nextDue == nil
        }
        publish(fleet)
        mayPublishAt = now + interval
        nextDue = nil
        return false
    }

    /// Publishes what is left and ends all streams.
    mutating func finish(with fleet: Fleet) {
        if fleet.version != publishedVersion { publish(fleet) }
        for subscriber in subscribers { subscriber.finish() }
        subscribers = []
    }

    private mutating func publish(_ fleet: Fleet) {
        publishedVersion = fleet.version
        count += 1
        subscribers.removeAll {
            if case .terminated = $0.yield(fleet) { true } else { false }
        }
    }
}
