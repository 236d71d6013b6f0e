import Topology

/// What is known besides the facts of a fleet, from watching it over time.
public struct FailureSignals: Hashable, Sendable {
    /// Since when the end of a source's binary log has not moved while commits should wait for replicas.
    public var standstills: [InstanceAddress: Timestamp]

    /// Makes signals; by default nothing was noticed.
    public init(standstills: [InstanceAddress: Timestamp] = [:]) {
        self.standstills = standstills
    }
}
