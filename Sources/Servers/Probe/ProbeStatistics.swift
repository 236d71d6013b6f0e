/// What the probing of one server has cost and brought so far.
public struct ProbeStatistics: Hashable, Sendable {
    /// Probes that ended, well or not.
    public var probes = 0
    /// Probes with new facts.
    public var changed = 0
    /// Probes without.
    public var unchanged = 0
    /// Probes that failed: no connection, no access, no answer in time.
    public var failed = 0
    /// Batches sent, of all connections.
    public var roundTrips = 0
    /// Connections opened.
    public var connects = 0
    /// Failures since the last probe that succeeded: what a back-off goes by.
    public var consecutiveFailures = 0

    /// Starts counting from zero.
    public init() {}
}
