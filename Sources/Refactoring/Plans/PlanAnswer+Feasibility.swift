import Topology

extension PlanAnswer {
    /// The same answer, unless the plan could not be carried out to its end: a server has no statement for a step, or a
    /// password that a step needs is not known. Such a plan would stop in its middle, and is refused before it begins.
    ///
    /// - Parameters:
    ///   - done: steps that are not run any more, by their places in the plan.
    ///   - knowsSecret: whether a secret can be had when a step needs it.
    public func feasible(
        on fleet: Fleet, done: Set<Int> = [], knowsSecret: (SecretName) -> Bool
    ) -> PlanAnswer {
        guard let plan else { return self }
        do throws(UnsayableStep) {
            _ = try PlanDocument(plan, on: fleet)
        } catch {
            return .unsayable(error)
        }
        for (index, step) in plan.steps.enumerated() where !done.contains(index) {
            for case .changeSource(_, let change) in step.commands {
                guard let secret = change.password, !knowsSecret(secret) else { continue }
                return .refused([step.lacksPassword])
            }
        }
        return self
    }

    /// Refused, because a server has no words for what it is to do.
    public static func unsayable(_ error: UnsayableStep) -> PlanAnswer {
        .refused([
            Reason(
                PlanMakingCondition.unsayable, "\(error)",
                remedies: [.advice("do it in another way, or by hand on \(error.instance)")])
        ])
    }

    /// With a warning for each operation that waits for a decision and was at servers which the plan changes too.
    public func warning(of undecided: [UndecidedOperation]) -> PlanAnswer {
        guard case .plan(let plan, let verdict) = self, !undecided.isEmpty else { return self }
        let changed = Set(plan.steps.filter { !$0.commands.isEmpty }.map(\.instance))
        let reasons = undecided.compactMap { operation -> Reason? in
            guard let shared = operation.instances.intersection(changed).min() else { return nil }
            return Reason(
                PlanMakingCondition.undecided,
                "operation \(operation.id) did not come to its end, was at work on \(shared) too, and waits for a "
                    + "decision: \(operation.intent)",
                remedies: [.command("baton operations show \(operation.id)")])
        }
        return reasons.isEmpty ? self : .plan(plan, Verdict(verdict.reasons + reasons))
    }

    /// Refused, because there is nothing of which a plan could be made.
    public static func impossible(_ sentence: String, help: String) -> PlanAnswer {
        .refused([Reason(PlanMakingCondition.impossible, sentence, remedies: [.advice(help)])])
    }
}

/// An operation of the journal that did not come to its end, and of which nobody has decided what becomes of it.
public struct UndecidedOperation: Hashable, Sendable {
    /// Its number in the journal.
    public var id: Int64
    /// What it was for, in one sentence.
    public var intent: String
    /// The servers on which it began to change something.
    public var instances: Set<InstanceAddress>

    /// Makes one of what the journal has of it.
    public init(id: Int64, intent: String, instances: Set<InstanceAddress>) {
        self.id = id
        self.intent = intent
        self.instances = instances
    }
}

extension Step {
    fileprivate var lacksPassword: Reason {
        Reason(
            PlanMakingCondition.secret,
            "the password of the account by which \(instance) is to replicate is not known",
            remedies: [
                .advice(
                    "put it into an environment variable and name that by operations.replication-password-variable in the "
                        + "configuration"), .advice("or type it in the console: :replication-password"),
            ])
    }
}

/// A step for which its server has no words.
public struct UnsayableStep: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where it was to run.
    public let instance: InstanceAddress
    /// Its number in the plan, counted from 1.
    public let number: Int
    /// What it is for.
    public let purpose: String
    /// What the server lacks.
    public let cause: CommandError

    public var description: String { "\(instance) has no statement for step \(number) (\(purpose)): \(cause)" }
}
