extension FailureDetector {
    /// The primary is gone as everyone sees it who could see it: baton, and every replica. Replicas that were stopped by
    /// hand prove nothing, so that at least one has to have lost it.
    static let primaryDead = FailureDetector(
        .primaryDead, of: [.primary],
        when: [.isLost, .hasReplicas, .allAnswer, .nobodyHears, .lossIsWitnessed])
}
