import Recovery
import Refactoring
import Topology

/// Something that an operator wants done: who is to follow whom, or something with one server.
public enum Wish: Hashable, Sendable, Codable {
    case move(Move)
    case operation(ServerOperation)
    case recovery(RecoveryWish)
    /// A primary hands over to a replica.
    case switchover(Switchover)

    /// The command that asks for it.
    public var verb: String {
        switch self {
        case .move(let move): move.verb
        case .operation(let operation): operation.verb
        case .recovery(let recovery): recovery.verb
        case .switchover: Switchover.verb
        }
    }

    /// The server whose cluster's policy counts; `nil` where none does.
    var recovered: InstanceAddress? {
        switch self {
        case .move, .operation: nil
        case .recovery(let recovery): recovery.subject
        case .switchover(let wish): wish.primary
        }
    }
}

extension MovePlanner {
    /// The plan for a wish.
    ///
    /// - Parameter candidates: what is asked of a server that takes another's place.
    public func plan(
        _ wish: Wish, candidates: CandidatePolicy = CandidatePolicy(), in scene: RuleScene
    ) -> PlanAnswer {
        switch wish {
        case .move(let move): plan(move, in: scene)
        case .operation(let operation): plan(operation, in: scene)
        case .recovery(let recovery):
            RecoveryPlanner(limits: limits, candidates: candidates).plan(recovery, in: scene)
        case .switchover(let wish): SwitchoverPlanner(self, candidates: candidates).plan(wish, in: scene)
        }
    }
}

extension MovePlanner {
    /// Who comes into question for a wish that chooses somebody, best first; `nil` where there is no choice.
    ///
    /// - Parameter candidates: what is asked of a server that takes another's place.
    public func ranking(
        for wish: Wish, candidates: CandidatePolicy = CandidatePolicy(), in scene: RuleScene
    ) -> CandidateRanking? {
        switch wish {
        case .recovery(let wish):
            RecoveryPlanner(limits: limits, candidates: candidates).ranking(for: wish, in: scene)
        case .switchover(let wish):
            SwitchoverPlanner(self, candidates: candidates).ranking(of: wish.primary, in: scene)
        case .move, .operation: nil
        }
    }
}
