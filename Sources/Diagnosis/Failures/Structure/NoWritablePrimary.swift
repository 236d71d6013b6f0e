import Topology

extension FailureDetector {
    /// A primary on which nobody can write.
    static let noWritablePrimary = FailureDetector(
        .noWritablePrimary, of: [.primary, .groupMember], when: [.hasReplicas, .isAtTop, .isReadOnly]
    ) { scene in
        [FailureEvidence(.baton, scene.address, "is \(scene.facts?.writability.rawValue ?? "not writable")")]
    }
}
