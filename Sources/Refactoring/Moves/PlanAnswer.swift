import Topology

/// What a planner answers: never nothing, and never a plan that has to be refused when it runs.
public enum PlanAnswer: Hashable, Sendable {
    /// How it would be done, and what there is to know or to confirm before.
    case plan(Plan, Verdict)
    /// Why it is not done, the gravest reason first, each with what would help.
    case refused([Reason])

    /// The plan, `nil` where it was refused.
    public var plan: Plan? {
        if case .plan(let plan, _) = self { plan } else { nil }
    }

    /// Everything that was objected, whether or not it came to a plan.
    public var reasons: [Reason] {
        switch self {
        case .plan(_, let verdict): verdict.reasons
        case .refused(let reasons): reasons
        }
    }
}

/// Why there is no plan; how planners end early.
package struct PlanRefusal: Error {
    package var reasons: [Reason]

    package init(_ reasons: [Reason]) {
        self.reasons = reasons
    }

    /// An objection to what was asked, and not to a placement.
    package init(
        _ condition: some PlanCondition, _ sentence: String, measured: [Measurement] = [], _ remedies: Remedy...
    ) {
        reasons = [Reason(condition.id, .refuse, sentence, measured: measured, remedies: remedies)]
    }

    /// An objection of a rule, where a plan has to ask what the rule asks of a placement.
    package init(_ rule: Rule, _ sentence: String, measured: [Measurement] = [], _ remedies: Remedy...) {
        reasons = [Reason(rule.id, .refuse, sentence, measured: measured, remedies: remedies)]
    }
}

extension Remedy {
    /// Where all is as it was asked for.
    package static let nothingToDo = Remedy.advice("nothing has to be done")
}

/// How long plans give servers.
public struct PlanLimits: Hashable, Sendable {
    /// For statements that wait for nothing but the server, and for threads to start.
    public var statement: Duration
    /// For an applier to reach a place that it has been told, besides its lag.
    public var catchUp: Duration
    /// The longest configured delay with which a method still waits for an applier.
    public var delay: Duration

    /// Makes limits.
    public init(
        statement: Duration = .seconds(10), catchUp: Duration = .seconds(60), delay: Duration = .seconds(30)
    ) {
        self.statement = statement
        self.catchUp = catchUp
        self.delay = delay
    }

    /// For the applier of that channel to reach a place: the limit, and what it is known to be behind.
    package func catchingUp(_ channel: ReplicationChannel) -> Duration {
        catchUp + channel.behind
    }
}

extension ReplicationChannel {
    /// How far its applier is known to be behind its source, the configured delay included.
    package var behind: Duration { delay + (lag?.beyondDelay ?? .zero) }
}
