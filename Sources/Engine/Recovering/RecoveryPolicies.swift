import Recovery

/// What a cluster's owner has chosen of how it is recovered, whoever asks for it.
public struct RecoveryPolicy: Hashable, Sendable {
    /// What is asked of a candidate.
    public var candidates: CandidatePolicy
    /// How a failover goes where nobody chooses otherwise.
    public var failover: FailoverPolicy

    /// Makes a policy; by default nothing is asked, and nothing lost that can be kept.
    public init(candidates: CandidatePolicy = CandidatePolicy(), failover: FailoverPolicy = FailoverPolicy()) {
        self.candidates = candidates
        self.failover = failover
    }
}

/// How which cluster is recovered.
public typealias RecoveryPolicies = ClusterPolicies<RecoveryPolicy>
