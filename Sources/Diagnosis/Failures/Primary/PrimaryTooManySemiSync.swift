extension FailureDetector {
    /// More replicas acknowledge than are asked for, where the number is to be exact: which of them holds the last
    /// commits cannot be told then.
    static let primaryTooManySemiSync = FailureDetector(
        .primaryTooManySemiSync, of: [.primary],
        when: [
            .exactSemiSyncIsWanted, .answers, .semiSyncIsOn, .semiSyncIsActive, .acknowledgementsAreAsked,
            .tooManyAcknowledge,
        ])
}
