import Topology

extension FailureDetector {
    /// Two co-primaries on both of which clients can write: a way to changes that contradict each other.
    static let severalWritable = FailureDetector(
        .severalWritable, of: [.coPrimary], when: [.isWritable, .partnerIsWritable]
    ) { scene in
        ([scene.address] + scene.writablePartners).map { FailureEvidence(.baton, $0, "clients can write on it") }
    }
}
