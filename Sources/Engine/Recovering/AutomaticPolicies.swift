import Recovery

/// What baton may recover by itself in which cluster.
public struct AutomaticPolicies: Hashable, Sendable {
    /// Where none fits nothing is recovered.
    public var clusters: ClusterPolicies<AutomaticPolicy>
    /// How long a recovery keeps other automatic ones of the same cluster away.
    public var blockPeriod: Duration

    /// Makes policies; by default nothing is recovered anywhere.
    public init(
        _ entries: [ClusterPolicies<AutomaticPolicy>.Entry] = [],
        blockPeriod: Duration = RecoveryBrakes.usualBlockPeriod
    ) {
        clusters = ClusterPolicies(entries, usual: AutomaticPolicy())
        self.blockPeriod = blockPeriod
    }
}
