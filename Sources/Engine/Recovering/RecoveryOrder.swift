import Diagnosis
import Operations
import Refactoring
import Storage
import Topology

/// Who wants a recovery, what for, and how a new plan is made where the first does not fit any more.
public struct RecoveryOrder: Sendable {
    /// Reads the servers and makes a plan anew by which the same server takes over, with the scene in which it was made.
    public typealias Replan = @Sendable (Succession) async throws -> (PlanAnswer, RuleScene)

    /// Who set it going.
    public var trigger: RecoveryRecord.Trigger
    /// The code of the failure that it answers; `nil` where it answers none.
    public var failure: String?
    /// orchestrator's name of that failure, for hooks.
    public var orchestratorFailure: String?
    /// What has failed, in words, for hooks.
    public var description = ""
    /// The detection that it answers.
    public var detection: Int64?
    /// The recovery after which it is made, as a switchover to the server that is preferred to whoever was promoted then.
    public var follows: Int64?
    /// The recovery that was not begun and is tried again: that one goes on, so that each attempt is no record of its own.
    public var repeats: Int64?
    /// What was said of the plan when it was confirmed. A plan that is made anew and asks for more is not carried out.
    public var confirmed: Verdict
    /// For the case that a replica had received more than the plan was made by; `nil` where somebody has to look first.
    public var replan: Replan?

    /// Makes an order; by default that of an operator.
    public init(
        _ trigger: RecoveryRecord.Trigger = .manual, detection: Int64? = nil,
        confirmed: Verdict = .allowed, replan: Replan? = nil
    ) {
        self.trigger = trigger
        self.detection = detection
        self.confirmed = confirmed
        self.replan = replan
    }

    /// Takes what the record and the hooks say of the failure that it answers.
    public mutating func answer(_ failure: Failure) {
        self.failure = failure.code.rawValue
        orchestratorFailure = failure.code.orchestratorName
        description = failure.summary
    }
}
