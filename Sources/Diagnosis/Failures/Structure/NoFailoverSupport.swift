import Topology

extension FailureDetector {
    /// Several replicas that do not all find their place by GTID: regrouping them needs positions to be matched.
    static let noFailoverSupport = FailureDetector(
        .noFailoverSupport, of: [.primary, .groupMember], when: [.isAtTop, .severalReplicas, .noImmediateTopology]
    ) { scene in
        scene.views.filter { !$0.channel.positioning.isGTID }.map {
            FailureEvidence(
                .replica, $0.replica.address, channel: $0.channel.name,
                $0.answers ? "finds its place by file and position" : "does not answer")
        }
    }
}
