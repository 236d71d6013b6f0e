extension FailureDetector {
    /// An intermediate source is gone as all its replicas see it.
    static let intermediateSourceDead = FailureDetector(
        .intermediateSourceDead, of: [.intermediateSource],
        when: [.isLost, .severalReplicas, .allAnswer, .nobodyHears, .lossIsWitnessed])

    /// The same with replicas that do not answer.
    static let intermediateSourceDeadWithSomeReplicas = FailureDetector(
        .intermediateSourceDeadWithSomeReplicas, of: [.intermediateSource],
        when: [.isLost, .allAsked, .notAllAnswer, .nobodyHears, .lossIsWitnessed])
}
