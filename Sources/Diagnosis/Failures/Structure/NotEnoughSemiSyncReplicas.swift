import Topology

extension FailureDetector {
    /// Semi-sync is configured, and has given up for want of replicas that acknowledge.
    static let notEnoughSemiSyncReplicas = FailureDetector(
        .notEnoughSemiSyncReplicas, of: [.primary, .groupMember],
        when: [.isAtTop, .answers, .semiSyncIsOn, .semiSyncIsInactive, .acknowledgementsAreAsked, .tooFewAcknowledge]
    ) { scene in
        let side = scene.semiSync
        return [
            FailureEvidence(
                .baton, scene.address,
                "\(side?.clients ?? 0) of \(side?.waitForReplicas ?? 0) replicas acknowledge; commits do not wait")
        ]
    }
}
