import Topology

/// How well discovery keeps its promises.
public struct DiscoveryStatistics: Sendable, Hashable {
    /// The interval that was asked for.
    public var pollInterval: Duration
    /// Time between the starts of two regular probes of one server, over all servers that are well, in the last five
    /// to ten seconds; `nil` before the second poll.
    public var keptInterval: DurationSummary?
    /// How long probes took that ended well, in the last five to ten seconds.
    public var latency: DurationSummary?
    /// Probes that ended since the start.
    public var polls: UInt64 = 0
    /// Of these, those that brought nothing new.
    public var unchangedPolls: UInt64 = 0
    /// Of these, those that failed.
    public var failedPolls: UInt64 = 0
    /// Turns that went by because a probe took longer than the interval.
    public var missedTurns: UInt64 = 0
    /// Fleets published since the start.
    public var publications: UInt64 = 0
    /// Servers under watch, with those only hinted at.
    public var servers = 0
    /// Probes under way.
    public var underWay = 0
    /// Forgotten servers that are not discovered again yet, and until when.
    public var paused: [InstanceAddress: Timestamp] = [:]

    /// Starts from zero, for servers that are polled so often.
    public init(pollInterval: Duration) {
        self.pollInterval = pollInterval
    }
}

/// How one server was polled.
public struct PollRecord: Sendable, Hashable {
    /// Probes that ended since the server was found.
    public var polls: UInt64 = 0
    /// Time between the starts of regular probes, since the server was found; `nil` before the second.
    public var keptInterval: DurationSummary?
    /// How long the last probe took.
    public var lastLatency: Duration?
    /// When the last probe began that the server answered in full; `nil` before the first.
    public var lastRead: Timestamp?

    /// Makes the record of a server that was not polled yet.
    public init() {}

    mutating func add(interval: Duration) {
        let old = keptInterval ?? DurationSummary(count: 0, mean: .zero, maximum: .zero)
        let count = old.count + 1
        keptInterval = DurationSummary(
            count: count, mean: old.mean + (interval - old.mean) / count, maximum: max(old.maximum, interval))
    }
}
