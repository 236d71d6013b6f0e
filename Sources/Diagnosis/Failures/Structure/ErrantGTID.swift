import Topology

extension FailureDetector {
    /// Replicas with transactions that their source does not have, told of the source as orchestrator does.
    static let errantGTID = FailureDetector(
        .errantGTID, of: Set(FailureRole.allCases), when: [.hasReplicas, .replicaIsErrant]
    ) { scene in
        scene.errantViews.map {
            FailureEvidence(.replica, $0.replica.address, channel: $0.channel.name, "has errant transactions")
        }
    }
}
