import Topology

extension FailureDetector {
    /// Replicas of different major versions: an older one can't follow a newer one that was promoted.
    static let severalMajorVersionsLoggingReplicas = FailureDetector(
        .severalMajorVersionsLoggingReplicas, of: [.primary, .groupMember], when: [.isAtTop, .severalMajorVersions]
    ) { scene in
        scene.views.compactMap { view in
            guard view.relayedFormat != nil, let version = view.replica.facts?.version else { return nil }
            return FailureEvidence(.replica, view.replica.address, channel: view.channel.name, "runs \(version.text)")
        }
    }
}
