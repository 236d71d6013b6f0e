extension FailureDetector {
    /// An intermediate source is gone, and its only replica cannot connect to it any more.
    static let intermediateSourceDeadWithFailingReplica = FailureDetector(
        .intermediateSourceDeadWithFailingReplica, of: [.intermediateSource],
        when: [.isLost, .oneReplica, .allAnswer, .nobodyHears, .lossIsWitnessed])

    /// An intermediate source does not answer, and its only replica stands still for a reason of its own.
    static let intermediateSourceDeadWithSingleReplica = FailureDetector(
        .intermediateSourceDeadWithSingleReplica, of: [.intermediateSource],
        when: [.isLost, .oneReplica, .allAnswer, .nobodyHears])
}
