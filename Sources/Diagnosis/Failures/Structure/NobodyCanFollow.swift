import Topology

extension FailureDetector {
    /// No replica has an account that the primary lets in, as far as replicas tell: whoever is promoted, nobody is known to be
    /// able to follow.
    static let nobodyCanFollow = FailureDetector(
        .nobodyCanFollow, of: [.primary, .groupMember], when: [.isAtTop, .someAnswer, .nobodyHasAccount]
    ) { scene in
        scene.answering.map {
            FailureEvidence(
                .replica, $0.replica.address, channel: $0.channel.name,
                $0.channel.user == nil ? "has no account to replicate by" : "its account is refused")
        }
    }
}
