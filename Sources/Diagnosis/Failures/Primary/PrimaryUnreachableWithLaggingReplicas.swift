extension FailureDetector {
    /// The primary does not answer, and its replicas, which still hear from it, are all behind: it may be too busy to answer
    /// anyone.
    static let primaryUnreachableWithLaggingReplicas = FailureDetector(
        .primaryUnreachableWithLaggingReplicas, of: [.primary],
        when: [.isLost, .allLag, .notAllDelayed, .somebodyHears])
}
