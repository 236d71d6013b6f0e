extension FailureDetector {
    /// The only replica answers and does not replicate.
    static let primarySingleReplicaNotReplicating = FailureDetector(
        .primarySingleReplicaNotReplicating, of: [.primary],
        when: [.answers, .oneReplica, .allAnswer, .noneReplicates])

    /// The only replica does not answer.
    static let primarySingleReplicaDead = FailureDetector(
        .primarySingleReplicaDead, of: [.primary], when: [.answers, .oneReplica, .allAsked, .noneAnswers])
}
