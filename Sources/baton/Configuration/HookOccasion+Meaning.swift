import Hooks

extension HookOccasion {
    /// What a list is for, for the reference of the configuration.
    var meaning: String {
        let words =
            switch self {
            case .detection: "Run when `baton watch` finds a failure that has a recovery."
            case .preFailover: "Run before a failover, or the recovery of an intermediate source, changes anything."
            case .fence: "Run before a replica is promoted, to keep the old primary from taking writes."
            case .postPrimaryFailover: "Run as soon as a promoted replica takes writes."
            case .postIntermediateFailover: "Run after the replicas of an intermediate source got another one."
            case .postFailover: "Run after either."
            case .postUnsuccessful: "Run after a recovery that did not come to its end."
            case .preSwitchover: "Run before a switchover changes anything."
            case .postSwitchover: "Run after a switchover."
            }
        return words + (failureAborts ? " Where one fails nothing is changed." : "")
            + (orchestratorName.map { " In orchestrator `\($0)`." } ?? "")
    }
}

/// That a command of a hook is none.
struct EmptyHook: Error, CustomStringConvertible {
    var description: String { "must not be empty" }
}

/// A command as it is configured.
func hookCommand(_ text: String) throws -> String {
    guard text.contains(where: { !$0.isWhitespace }) else { throw EmptyHook() }
    return text
}
