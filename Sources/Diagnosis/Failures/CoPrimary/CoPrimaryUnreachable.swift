extension FailureDetector {
    /// A co-primary does not answer baton, and others still hear from it.
    static let coPrimaryUnreachable = FailureDetector(
        .coPrimaryUnreachable, of: [.coPrimary], when: [.isLost, .someAnswer, .somebodyHears])

    /// A co-primary does not answer, and nobody receives from it, but nobody says that they have lost it.
    static let coPrimaryUnconfirmed = FailureDetector(
        .coPrimaryUnconfirmed, of: [.coPrimary],
        when: [.isLost, .allAsked, .someAnswer, .nobodyHears, .lossIsNotWitnessed])
}
