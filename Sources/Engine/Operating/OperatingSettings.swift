import Refactoring

/// What operations are planned and judged by.
public struct OperatingSettings: Hashable, Sendable {
    /// From when on a measured value is an objection.
    public var rules: RuleLimits
    /// How long plans give servers.
    public var plans: PlanLimits
    /// What may only be looked at.
    public var readOnly: ReadOnlyPolicy

    /// Makes settings; by default those of the rules and plans, and nothing is read-only.
    public init(
        rules: RuleLimits = RuleLimits(), plans: PlanLimits = PlanLimits(), readOnly: ReadOnlyPolicy = ReadOnlyPolicy()
    ) {
        self.rules = rules
        self.plans = plans
        self.readOnly = readOnly
    }
}
