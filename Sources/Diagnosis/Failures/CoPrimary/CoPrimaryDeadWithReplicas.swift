extension FailureDetector {
    /// Neither the co-primary nor any of its replicas answers, its partner among them.
    static let coPrimaryDeadWithReplicas = FailureDetector(
        .coPrimaryDeadWithReplicas, of: [.coPrimary], when: [.isLost, .hasReplicas, .allAsked, .noneAnswers])
}
