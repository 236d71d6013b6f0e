extension FailureDetector {
    /// An intermediate source does not answer, and its replicas, which still hear from it, are all behind.
    static let intermediateSourceUnreachableWithLaggingReplicas = FailureDetector(
        .intermediateSourceUnreachableWithLaggingReplicas, of: [.intermediateSource],
        when: [.isLost, .allLag, .notAllDelayed, .somebodyHears])

    /// An intermediate source does not answer baton, and replicas still hear from it.
    static let intermediateSourceUnreachable = FailureDetector(
        .intermediateSourceUnreachable, of: [.intermediateSource], when: [.isLost, .someAnswer, .somebodyHears])

    /// An intermediate source does not answer, and nobody receives from it, but nobody says that they have lost it.
    static let intermediateSourceUnconfirmed = FailureDetector(
        .intermediateSourceUnconfirmed, of: [.intermediateSource],
        when: [.isLost, .allAsked, .someAnswer, .nobodyHears, .lossIsNotWitnessed])
}
