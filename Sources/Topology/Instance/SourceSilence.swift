/// A replica's receiver runs, and has heard neither an event nor a heartbeat of its source for two heartbeat periods.
///
/// A source sends a heartbeat whenever it has sent nothing else for a period, so that such a silence means that it hangs
/// (or that the network loses everything) before the replica's own net timeout ends. A channel whose
/// receiver is not running has none: there the broken connection says it. A source whose heartbeats are off never
/// falls silent, nor one whose period is not known.
public struct SourceSilence: Hashable, Sendable {
    /// When the last sign of life came, by the clock here: as the server tells it, or the latest moment that the looks at
    /// the replica allow.
    public var since: Timestamp
    /// The heartbeat period of the channel as it was read, by which two periods were counted.
    public var period: Duration

    /// Makes a silence.
    public init(since: Timestamp, period: Duration) {
        self.since = since
        self.period = period
    }

    /// For how long nothing has been heard.
    public func length(at now: Timestamp) -> Duration { max(.zero, now - since) }
}
