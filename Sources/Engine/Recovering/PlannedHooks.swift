import Hooks
import Refactoring

/// The hooks of one occasion that run around a plan.
public struct PlannedHooks: Hashable, Sendable {
    /// When they run.
    public var occasion: HookOccasion
    /// As they are configured, in their order.
    public var commands: [String]
    /// How long each may take.
    public var limit: Duration

    /// Makes hooks of one occasion.
    public init(_ occasion: HookOccasion, _ commands: [String], limit: Duration = Hooks.usualLimit) {
        self.occasion = occasion
        self.commands = commands
        self.limit = limit
    }
}

extension OperationDesk {
    /// The hooks that run around a plan, in their order; those that run where it does not come to its end come last.
    public func hooks(around plan: Plan) -> [PlannedHooks] {
        guard let occasion = plan.succession?.occasion else { return [] }
        let occasions = occasion.hooksBefore + occasion.hooksOnPromotion + occasion.hooksAfter
        // Who comes back has no hooks, not even for that.
        let all = occasions.isEmpty ? [] : occasions + [.postUnsuccessful]
        return all.map { PlannedHooks($0, settings.hooks[$0], limit: settings.hooks.limit) }
            .filter { !$0.commands.isEmpty }
    }
}
