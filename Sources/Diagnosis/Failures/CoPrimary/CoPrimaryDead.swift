extension FailureDetector {
    /// A co-primary is gone as its partner and its replicas see it.
    static let coPrimaryDead = FailureDetector(
        .coPrimaryDead, of: [.coPrimary],
        when: [.isLost, .hasReplicas, .allAnswer, .nobodyHears, .lossIsWitnessed])

    /// The same with replicas that do not answer.
    static let coPrimaryDeadWithSomeReplicas = FailureDetector(
        .coPrimaryDeadWithSomeReplicas, of: [.coPrimary],
        when: [.isLost, .allAsked, .notAllAnswer, .nobodyHears, .lossIsWitnessed])
}
