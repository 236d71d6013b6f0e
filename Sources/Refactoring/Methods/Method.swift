import Topology

/// A way to give a channel another source so that no transaction is lost or applied twice.
///
/// The chooser asks them in order and takes the first that can; those to come (binlog servers, Pseudo-GTID) are further
/// elements of that list.
public protocol Method: Sendable {
    /// Its name in plans, in JSON and after `--method`.
    var name: String { get }
    /// Whether plans of different replicas may run at once: they touch no server but the replica.
    var touchesReplicaOnly: Bool { get }
    /// How the channels that it moves find their place; what it lacks is told first of such a channel.
    var moves: Set<Positioning> { get }

    /// The steps, or why this way can't be taken.
    func steps(for relocation: Relocation) -> MethodAnswer
}

/// What a method says to one relocation.
public enum MethodAnswer: Hashable, Sendable {
    case steps(Stages)
    /// Why not, in one sentence, and what would open the way.
    case refused(String, [Remedy] = [])
}

/// A method that was taken, and those that were not.
package struct MethodChoice {
    package var method: any Method
    package var stages: Stages
    package var refused: [MethodRefusal]
}

extension [any Method] {
    /// The first method that can.
    ///
    /// - Parameter isLimited: whether there are others, which somebody left out.
    /// - Throws: ``PlanRefusal`` with what each of them lacks.
    package func choose(for relocation: Relocation, isLimited: Bool = false) throws(PlanRefusal) -> MethodChoice {
        var refused: [MethodRefusal] = []
        var remedies: [Remedy] = []
        for method in self {
            switch method.steps(for: relocation) {
            case .steps(let stages): return MethodChoice(method: method, stages: stages, refused: refused)
            case .refused(let reason, let help):
                refused.append(MethodRefusal(method.name, reason))
                for remedy in help where !remedies.contains(remedy) { remedies.append(remedy) }
            }
        }
        if isLimited {
            remedies.append(.advice("leave out --method: another way may lead there"))
        } else if remedies.isEmpty {
            remedies = [.advice("make \(relocation.replica.address) anew from a copy of \(relocation.target.address)")]
        }
        // Those that are meant for such a channel first: what they lack can be mended most easily.
        let ofItsKind = Set(filter { $0.moves.contains(relocation.channel.positioning) }.map(\.name))
        let ordered =
            refused.filter { ofItsKind.contains($0.method) } + refused.filter { !ofItsKind.contains($0.method) }
        let reasons = ordered.map { "\($0.method): \($0.reason)" }.joined(separator: "; ")
        throw PlanRefusal([
            Reason(
                MoveCondition.noMethod,
                "no method takes \(relocation.replica.address) below \(relocation.target.address) (\(reasons))",
                remedies: remedies)
        ])
    }
}
