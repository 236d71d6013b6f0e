extension FailureDetector {
    /// The primary and its replicas are well, and nobody can write, where that is configured to be a failure.
    static let primaryNotWritable = FailureDetector(
        .primaryNotWritable, of: [.primary],
        when: [.nonWritableIsFailure, .answers, .isReadOnly, .someReplicate])
}
