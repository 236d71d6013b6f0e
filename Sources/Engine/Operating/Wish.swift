import Refactoring
import Topology

/// Something that an operator wants done: who is to follow whom, or something with one server.
public enum Wish: Hashable, Sendable, Codable {
    case move(Move)
    case operation(ServerOperation)

    /// The command that asks for it.
    public var verb: String {
        switch self {
        case .move(let move): move.verb
        case .operation(let operation): operation.verb
        }
    }
}

extension MovePlanner {
    /// The plan for a wish.
    public func plan(_ wish: Wish, in scene: RuleScene) -> PlanAnswer {
        switch wish {
        case .move(let move): plan(move, in: scene)
        case .operation(let operation): plan(operation, in: scene)
        }
    }
}
