import Refactoring

/// What an operator or a configuration chooses of how a failover goes.
public struct FailoverPolicy: Hashable, Sendable, Codable {
    /// What becomes of transactions that the new primary has received and not applied yet.
    public enum Unapplied: String, Hashable, Sendable, Codable, CaseIterable {
        /// It applies them first. Where it does not come to its end within the plan's limits, the failover stops before the
        /// promotion, and somebody decides.
        case wait
        /// They are lost: writes are possible again at once.
        case lose
    }

    /// What becomes of replicas that cannot follow the new primary.
    public enum LostReplicas: String, Hashable, Sendable, Codable, CaseIterable {
        /// They are detached, so that they do not follow the old primary when it comes back.
        case detach
        /// They stay as they are.
        case leave
    }

    /// What is done about a lost primary that answers after all.
    public enum LivingSource: String, Hashable, Sendable, Codable, CaseIterable {
        /// The failover is refused.
        case refuse
        /// It is made read-only first, which has to be confirmed.
        case fence
    }

    /// What becomes of what the new primary has received and not applied.
    public var unapplied: Unapplied
    /// What becomes of those that are left behind.
    public var lostReplicas: LostReplicas
    /// What is done where the lost source answers.
    public var livingSource: LivingSource

    /// Makes a policy; the default one loses nothing that can be kept.
    public init(
        unapplied: Unapplied = .wait, lostReplicas: LostReplicas = .detach, livingSource: LivingSource = .refuse
    ) {
        self.unapplied = unapplied
        self.lostReplicas = lostReplicas
        self.livingSource = livingSource
    }
}
