extension FailureDetector {
    /// The primary is gone, and so are some of its replicas.
    static let primaryDeadWithSomeReplicas = FailureDetector(
        .primaryDeadWithSomeReplicas, of: [.primary],
        when: [.isLost, .allAsked, .notAllAnswer, .nobodyHears, .lossIsWitnessed])
}
