import Topology

extension FailureDetector {
    /// A source and replicas with different `gtid_mode`, at any level.
    static let differentGTIDModes = FailureDetector(
        .differentGTIDModes, of: Set(FailureRole.allCases), when: [.hasReplicas, .modesDiffer]
    ) { scene in
        scene.viewsOfOtherMode.map { view in
            FailureEvidence(.replica, view.replica.address, channel: view.channel.name, "has another gtid_mode")
        }
    }
}
