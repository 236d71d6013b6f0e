import Topology

extension FailureDetector {
    /// A replica on which clients can write.
    static let writableReplica = FailureDetector(
        .writableReplica, of: [.replica, .intermediateSource], when: [.follows, .isWritable, .sharesNoWrites]
    ) { scene in
        [FailureEvidence(.baton, scene.address, "clients can write on it, and it is a replica")]
    }
}
