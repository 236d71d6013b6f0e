extension FailureDetector {
    /// An intermediate source answers baton, and none of its replicas can connect to it: for them it is as good as gone.
    static let intermediateSourceReplicasFailingToConnect = FailureDetector(
        .intermediateSourceReplicasFailingToConnect, of: [.intermediateSource],
        when: [.answers, .severalReplicas, .allAsked, .noneReplicates, .someFail, .allThatAnswerFail])

    /// An intermediate source answers, and nobody replicates from it.
    static let intermediateSourceReplicasNotReplicating = FailureDetector(
        .intermediateSourceReplicasNotReplicating, of: [.intermediateSource],
        when: [.answers, .hasReplicas, .someAnswer, .noneReplicates])
}
