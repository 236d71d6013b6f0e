extension FailureDetector {
    /// All replicas answer, and none replicates: the primary may not let them connect any more.
    static let primaryReplicasNotReplicating = FailureDetector(
        .primaryReplicasNotReplicating, of: [.primary],
        when: [.answers, .severalReplicas, .allAnswer, .noneReplicates])

    /// The same with replicas that do not answer.
    static let primaryReplicasNotReplicatingOrDead = FailureDetector(
        .primaryReplicasNotReplicatingOrDead, of: [.primary],
        when: [.answers, .severalReplicas, .allAsked, .notAllAnswer, .noneReplicates])
}
