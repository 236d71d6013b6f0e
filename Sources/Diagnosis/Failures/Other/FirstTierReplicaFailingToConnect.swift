extension FailureDetector {
    /// A replica right below the top cannot connect to its source, though baton has not lost the source: the first sign of a
    /// broken network, or of an account that is not let in.
    static let firstTierReplicaFailingToConnect = FailureDetector(
        .firstTierReplicaFailingToConnect, of: [.replica, .intermediateSource],
        when: [.isFirstTier, .failsToConnect, .sourceIsNotLost])
}
