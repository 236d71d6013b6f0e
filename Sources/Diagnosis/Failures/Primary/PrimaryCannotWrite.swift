extension FailureDetector {
    /// The primary answers questions, and what is written on it does not commit: its disk is full, or it hangs inside. Only
    /// test writes see that.
    static let primaryCannotWrite = FailureDetector(
        .primaryCannotWrite, of: [.primary, .coPrimary], when: [.answers, .writeCheckFails])
}
