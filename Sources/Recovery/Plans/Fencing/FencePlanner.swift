import Refactoring
import Topology

/// Makes the plan by which nobody writes on a server any more. Pure, as every planner is.
public struct FencePlanner: Sendable {
    let moves: MovePlanner

    /// Makes a planner.
    public init(_ moves: MovePlanner = MovePlanner()) { self.moves = moves }

    /// The command that asks for it.
    public static let verb = "fence"

    /// The plan, or why there is none.
    public func plan(_ address: InstanceAddress, in scene: RuleScene) -> PlanAnswer {
        do throws(PlanRefusal) {
            var draft = PlanDraft(scene)
            let server = try draft.server(scene.fleet.canonical(address))
            guard server.contact.isReachable, let facts = server.facts else {
                throw PlanRefusal([draft.silence(of: server)])
            }
            draft.object(moves.stopsWritesObjections(server, in: draft.fleet, scene))
            draft.append(Stages([[step(server, facts)]]))
            draft.intent = "Let nobody write on \(server.address) any more"
            return try draft.answer(verb: Self.verb)
        } catch {
            return .refused(Verdict(error.reasons).reasons)
        }
    }

    /// Sessions end before, because making a server read-only waits for their transactions; and after, because who was idle
    /// would find out at his next write only, and who pools connections would keep these.
    ///
    /// What privileged accounts may write in spite of `read_only`, where the server knows no more (MariaDB before 12), nothing
    /// keeps them from but that their sessions end.
    func step(_ server: Instance, _ facts: InstanceFacts) -> Step {
        var ban = WriteBan.complete(on: facts.version)
        ban.keepsLock = false
        let isBanned = facts.writability == ban.goal || facts.writability == .superReadOnly
        return Step(
            stage: 0, on: server.address, "end its clients' sessions, and let nobody but replication write",
            preconditions: server.identityExpectation + [.writability(facts.writability)],
            commands: [.endSessions(.clients)] + (isBanned ? [] : [.forbidWrites(ban)]) + [.endSessions(.clients)],
            proof: [.writability(isBanned ? facts.writability : ban.goal)],
            timeLimit: ban.lockWait * 2 + moves.limits.statement, waitsFor: "transactions that hold locks to end",
            inverse: isBanned ? [] : moves.writing(facts.writability, server))
    }
}
