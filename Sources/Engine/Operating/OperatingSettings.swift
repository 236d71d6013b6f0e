import Hooks
import Recovery
import Refactoring

/// What operations are planned and judged by.
public struct OperatingSettings: Hashable, Sendable {
    /// From when on a measured value is an objection.
    public var rules: RuleLimits
    /// How long plans give servers.
    public var plans: PlanLimits
    /// What may only be looked at.
    public var readOnly: ReadOnlyPolicy
    /// What is asked of a server that takes another's place, and how a failover goes, by cluster.
    public var recoveries: RecoveryPolicies
    /// What is run before and after recoveries.
    public var hooks: Hooks

    /// Makes settings; by default those of the rules and plans, and nothing is read-only.
    public init(
        rules: RuleLimits = RuleLimits(), plans: PlanLimits = PlanLimits(), readOnly: ReadOnlyPolicy = ReadOnlyPolicy(),
        recoveries: RecoveryPolicies = RecoveryPolicies(usual: RecoveryPolicy()), hooks: Hooks = Hooks()
    ) {
        self.rules = rules
        self.plans = plans
        self.readOnly = readOnly
        self.recoveries = recoveries
        self.hooks = hooks
    }
}
