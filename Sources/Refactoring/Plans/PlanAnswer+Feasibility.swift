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

    /// Refused, because there is nothing of which a plan could be made.
    public static func impossible(_ sentence: String, help: String) -> PlanAnswer {
        .refused([Reason(PlanMakingCondition.impossible, sentence, remedies: [.advice(help)])])
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
                        + "configuration")
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
