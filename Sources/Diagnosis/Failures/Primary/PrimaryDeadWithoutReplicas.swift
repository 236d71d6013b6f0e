extension FailureDetector {
    /// A primary that does not answer and has nobody who could take over, or say whether it lives.
    static let primaryDeadWithoutReplicas = FailureDetector(
        .primaryDeadWithoutReplicas, of: [.primary], when: [.wasRead, .isLost, .noReplicas])
}
