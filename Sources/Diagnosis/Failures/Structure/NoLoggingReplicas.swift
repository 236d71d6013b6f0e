import Topology

extension FailureDetector {
    /// None of several replicas logs what it applies: whoever is promoted, nobody could follow.
    static let noLoggingReplicas = FailureDetector(
        .noLoggingReplicas, of: [.primary, .groupMember], when: [.isAtTop, .severalReplicas, .noneLogs]
    ) { scene in
        scene.views.map {
            FailureEvidence(
                .replica, $0.replica.address, channel: $0.channel.name,
                $0.replica.facts?.binaryLog == nil ? "has no binary log" : "does not log what it applies")
        }
    }
}
