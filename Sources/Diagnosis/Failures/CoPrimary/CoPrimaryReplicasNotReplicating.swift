extension FailureDetector {
    /// A co-primary answers, and nobody replicates from it.
    static let coPrimaryReplicasNotReplicating = FailureDetector(
        .coPrimaryReplicasNotReplicating, of: [.coPrimary],
        when: [.answers, .hasReplicas, .allAsked, .noneReplicates])
}
