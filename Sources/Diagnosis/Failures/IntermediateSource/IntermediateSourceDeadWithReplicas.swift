extension FailureDetector {
    /// Neither an intermediate source nor any of its replicas answers.
    static let intermediateSourceDeadWithReplicas = FailureDetector(
        .intermediateSourceDeadWithReplicas, of: [.intermediateSource],
        when: [.isLost, .hasReplicas, .allAsked, .noneAnswers])
}
