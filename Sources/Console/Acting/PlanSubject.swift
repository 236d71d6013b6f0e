import Engine
import Recovery
import Refactoring
import Topology

/// Something for which a plan is wanted.
public indirect enum PlanSubject: Hashable, Sendable {
    case wish(Wish)
    /// The same, only by these methods.
    case limited(Wish, by: Set<String>)
    /// Several moves as one operation.
    case moves([Move])
    /// A finished operation is to be taken back.
    case undo(Int64)
    /// What an operation did that did not come to its end is to be taken back.
    case rollBack(Int64)
    /// The rest of an operation that did not come to its end.
    case resume(Int64)
    /// One of the others, none of whose steps waits longer for an applier, besides what that is known to be behind.
    case waiting(PlanSubject, atMost: Duration)
}

extension PlanSubject {
    /// What is wished for; `nil` where it is about several moves, or an operation of the journal.
    public var wish: Wish? {
        switch self {
        case .wish(let wish), .limited(let wish, _): wish
        case .waiting(let subject, _): subject.wish
        case .moves, .undo, .rollBack, .resume: nil
        }
    }

    /// What is to be recovered; `nil` where nothing is.
    public var recovery: RecoveryWish? {
        if case .recovery(let wish)? = wish { wish } else { nil }
    }

    /// The longest that its steps wait; `nil` for as long as plans do.
    var limit: Duration? { if case .waiting(_, let limit) = self { limit } else { nil } }

    /// The same with a limit of its own for waiting; `nil` for those that plans have.
    func waiting(atMost limit: Duration?) -> PlanSubject { limit.map { .waiting(self, atMost: $0) } ?? self }

    /// What several moves are for, in one sentence.
    static func intent(of moves: [Move]) -> String {
        let targets = Set(moves.compactMap(\.target))
        let count = moves.reduce(0) { $0 + $1.count }
        let below = targets.count == 1 ? " below \(targets.first.map(\.description) ?? "")" : ""
        return "Move \(count) replicas\(below)"
    }
}

extension Move {
    fileprivate var target: InstanceAddress? {
        switch self {
        case .relocate(_, let target), .relocateSubtree(_, let target), .relocateReplicas(_, _, let target): target
        default: nil
        }
    }

    fileprivate var count: Int {
        if case .relocateReplicas(_, let only?, _) = self { only.count } else { 1 }
    }
}

/// A request for plans.
public struct PlanRequest: Hashable, Sendable {
    /// How much of the answer is wanted.
    public enum Depth: Hashable, Sendable {
        /// Whether there is a plan.
        case answer
        /// With the trees before and after, for a page.
        case page
    }

    /// Given back with the answer.
    public var number: Int
    public var subjects: [PlanSubject]
    public var depth: Depth
}

/// What is carried out once it is confirmed.
public enum Deed: Hashable, Sendable {
    case run(Plan)
    /// With what is made anew of it where the servers are not as the plan expects, and what was said of it.
    case recover(Plan, RecoveryWish, Verdict, waitingAtMost: Duration? = nil)
    case undo(Int64, by: Plan)
    case rollBack(Int64, by: Plan)
    case resume(Int64, waitingAtMost: Duration? = nil)
    case leave(Int64)
}
