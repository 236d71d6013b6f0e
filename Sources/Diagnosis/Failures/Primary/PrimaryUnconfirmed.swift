extension FailureDetector {
    /// The primary does not answer, and no replica receives, but only because they were stopped or broke of themselves: it may
    /// well live. orchestrator calls this dead.
    static let primaryUnconfirmed = FailureDetector(
        .primaryUnconfirmed, of: [.primary],
        when: [.isLost, .allAsked, .someAnswer, .nobodyHears, .lossIsNotWitnessed])
}
