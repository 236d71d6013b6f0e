import Topology

/// A simulated fleet's time as a clock: whoever sleeps by it lets that time pass in the fleet, and waits for nothing else.
public struct SimulatedClock: Clock {
    /// A moment of the fleet.
    public struct Instant: InstantProtocol {
        /// The fleet's time then.
        public let time: Timestamp

        public func advanced(by duration: Duration) -> Instant { Instant(time: time + duration) }

        public func duration(to other: Instant) -> Duration { other.time - time }

        public static func < (left: Instant, right: Instant) -> Bool { left.time < right.time }
    }

    private let servers: SimulatedServers

    init(_ servers: SimulatedServers) {
        self.servers = servers
    }

    public var now: Instant { Instant(time: servers.change { $0.now }) }

    public var minimumResolution: Duration { .milliseconds(1) }

    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        servers.change { fleet in
            if deadline.time > fleet.now { fleet.advance(by: deadline.time - fleet.now) }
        }
        // Others work meanwhile.
        await Task.yield()
        try Task.checkCancellation()
    }
}
