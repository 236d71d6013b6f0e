import Refactoring

/// One thing that is looked at while the primary lives, because a recovery would need it.
public struct ReadinessCheck: Sendable, Identifiable {
    /// Its stable name: `ready.heartbeat`.
    public let id: RuleID
    /// What it asks for, as a heading.
    public let title: String
    let look: @Sendable (ReadinessView, inout [ReadinessFinding]) -> Void

    init(
        _ id: RuleID, _ title: String, look: @escaping @Sendable (ReadinessView, inout [ReadinessFinding]) -> Void
    ) {
        self.id = id
        self.title = title
        self.look = look
    }

    /// Every check, in the order in which findings of one weight are shown.
    public static let all: [ReadinessCheck] = [
        .primary, .group, .switchedOff, .candidates, .followers, .promotionRule, .place, .unseenFacts,
        .gtid, .logReplicaUpdates, .errant, .filters, .delay, .lag, .versions, .account,
        .heartbeat, .semiSync, .eventScheduler, .restart, .writableReplica, .superReadOnly,
    ]
}
