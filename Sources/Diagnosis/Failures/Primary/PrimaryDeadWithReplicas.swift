extension FailureDetector {
    /// Neither the primary nor a replica answers. One not asked yet may still answer: at the start of a run nobody has.
    static let primaryDeadWithReplicas = FailureDetector(
        .primaryDeadWithReplicas, of: [.primary], when: [.isLost, .hasReplicas, .allAsked, .noneAnswers])
}
