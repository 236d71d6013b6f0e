import Recovery

/// What a cluster's owner has chosen of how it is recovered, whoever asks for it.
public struct RecoveryPolicy: Hashable, Sendable {
    /// What is asked of a candidate.
    public var candidates: CandidatePolicy
    /// How a failover goes where nobody chooses otherwise.
    public var failover: FailoverPolicy
    /// Within what time after an automatic failover the server that is preferred to whoever was promoted has to be ready to take
    /// over from that one; zero where that is only said. An operator's failover does it where that is asked for.
    public var swapIn: Duration

    /// Makes a policy; by default nothing is asked, and nothing lost that can be kept.
    public init(
        candidates: CandidatePolicy = CandidatePolicy(), failover: FailoverPolicy = FailoverPolicy(),
        swapIn: Duration = .zero
    ) {
        self.candidates = candidates
        self.failover = failover
        self.swapIn = swapIn
    }
}

/// How which cluster is recovered.
public typealias RecoveryPolicies = ClusterPolicies<RecoveryPolicy>
