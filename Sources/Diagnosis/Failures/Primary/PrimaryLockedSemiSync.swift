extension FailureDetector {
    /// Commits wait for more acknowledgements than there are replicas to give them, and have for a while.
    static let primaryLockedSemiSync = FailureDetector(
        .primaryLockedSemiSync, of: [.primary],
        when: [
            .answers, .semiSyncIsOn, .semiSyncIsActive, .acknowledgementsAreAsked, .tooFewAcknowledge, .logStandsStill,
        ])

    /// The same, before it is known whether the log still moves.
    static let primaryLockedSemiSyncSuspected = FailureDetector(
        .primaryLockedSemiSyncSuspected, of: [.primary],
        when: [.answers, .semiSyncIsOn, .semiSyncIsActive, .acknowledgementsAreAsked, .tooFewAcknowledge])
}
