import Refactoring
import Topology

/// Makes the plan of a planned handover, or says everything that stands in its way. Pure, as ``MovePlanner`` is.
public struct SwitchoverPlanner: Sendable {
    let moves: MovePlanner
    let candidates: CandidatePolicy

    /// Makes a planner.
    ///
    /// - Parameters:
    ///   - moves: moves siblings, and judges who can follow whom.
    ///   - candidates: what a cluster's owner asks of the new primary.
    public init(_ moves: MovePlanner = MovePlanner(), candidates: CandidatePolicy = CandidatePolicy()) {
        self.moves = moves
        self.candidates = candidates
    }

    /// The plan for a switchover: refused with all reasons at once, or one plan whose block of writes is told by
    /// ``Plan/writeBlock``.
    public func plan(_ wish: Switchover, in scene: RuleScene) -> PlanAnswer {
        do throws(PlanRefusal) {
            let primary = try primary(wish.primary, in: scene)
            let candidate = try candidate(wish, of: primary, in: scene)
            var objections = objections(to: primary, in: scene) + objections(to: candidate, of: primary, in: scene)
            // Of what can't take over at all there is no plan to be tried; of the rest the methods may have more to say.
            var draft = PlanDraft(scene)
            do throws(PlanRefusal) {
                let pair = try pair(primary, candidate, &draft, wish.policy)
                objections += pair.objections
                guard !objections.contains(where: { $0.gravity == .refuse }) else { throw PlanRefusal([]) }
                draft.append(pair.stages(wish.policy))
            } catch {
                throw PlanRefusal(objections + draft.reasons + error.reasons)
            }
            draft.object(objections)
            draft.object(restartObjections(primary, candidate))
            draft.succession = Succession(.switchover, of: primary.address, by: candidate.address)
            draft.intent = "Switch the writes of \(primary.address) over to \(candidate.address)"
            return try draft.answer(verb: Switchover.verb).blockingWrites(
                from: primary.address, to: candidate.address)
        } catch {
            return .refused(Verdict(error.reasons).reasons)
        }
    }

    /// The plan that takes a finished switchover back, which is a switchover back; `nil` for a plan that was none.
    public func undo(_ plan: Plan, in scene: RuleScene) -> PlanAnswer? {
        guard plan.verb == Switchover.verb, let block = plan.writeBlock else { return nil }
        return self.plan(Switchover(of: block.newPrimary, to: .named(block.oldPrimary)), in: scene)
    }

    /// Who could take over from the primary of that server's cluster, best first, each with all that a switchover asks of it;
    /// `nil` where there is no primary.
    public func ranking(of named: InstanceAddress, in scene: RuleScene) -> CandidateRanking? {
        guard let primary = try? primary(named, in: scene) else { return nil }
        return CandidateRanking(of: primary.address, in: scene, policy: candidates, situation: .switchover).objecting {
            candidate in
            guard let server = scene.fleet[candidate.instance] else { return [] }
            return objections(to: server, of: primary, in: scene)
        }
    }

    /// The primary of the cluster of which a server was named.
    private func primary(_ named: InstanceAddress, in scene: RuleScene) throws(PlanRefusal) -> Instance {
        let draft = PlanDraft(scene)
        let server = try draft.server(scene.fleet.canonical(named))
        guard let primary = scene.forest.cluster(of: server.address)?.primary else {
            throw PlanRefusal(
                SwitchoverCondition.noPrimary, "the cluster of \(server.address) has no primary",
                .command("baton topology \(server.address)"))
        }
        return try draft.server(primary)
    }

    private func candidate(
        _ wish: Switchover, of primary: Instance, in scene: RuleScene
    ) throws(PlanRefusal) -> Instance {
        let fleet = scene.fleet
        switch wish.candidate {
        case .named(let address):
            let server = try PlanDraft(scene).server(fleet.canonical(address))
            guard server.address != primary.address else {
                throw PlanRefusal(
                    SwitchoverCondition.alreadyPrimary, "\(server.address) is the primary already", .nothingToDo)
            }
            return server
        case .only, .best:
            let replicas = fleet.replicas(of: primary.address).sorted().compactMap { fleet[$0] }
            guard let first = replicas.first else {
                throw PlanRefusal(
                    SwitchoverCondition.noCandidate, "\(primary.address) has no replicas",
                    .advice("set up a replica of \(primary.address) first"))
            }
            if replicas.count == 1 { return first }
            guard wish.candidate == .best else {
                let names = replicas.map(\.address.description).joined(separator: ", ")
                throw PlanRefusal(
                    SwitchoverCondition.candidateUnnamed, "\(primary.address) has several replicas: \(names)",
                    .advice("name the one that is to take over"))
            }
            return try best(of: replicas, below: primary, in: scene)
        }
    }

    /// The first of the ranking against which nothing speaks here.
    private func best(
        of replicas: [Instance], below primary: Instance, in scene: RuleScene
    ) throws(PlanRefusal) -> Instance {
        let judged = replicas.map { replica in
            (replica, objections(to: replica, of: primary, in: scene).filter { $0.gravity == .refuse })
        }
        let fit = judged.filter { $0.1.isEmpty }.map(\.0)
        let ranking = CandidateRanking(of: primary.address, in: scene, policy: candidates, situation: .switchover)
        for candidate in ranking.eligible {
            if let replica = fit.first(where: { $0.address == candidate.instance }) { return replica }
        }
        throw PlanRefusal(
            judged.flatMap(\.1) + ranking.ranked.flatMap { $0.verdict.reasons.filter { $0.gravity == .refuse } })
    }
}

extension PlanAnswer {
    /// The same, with the place of the block in the plan.
    fileprivate func blockingWrites(from old: InstanceAddress, to new: InstanceAddress) -> PlanAnswer {
        guard case .plan(var plan, let verdict) = self,
            let first = plan.steps.firstIndex(where: { $0.commands.contains { $0.forbidsWrites } }),
            let last = plan.steps.firstIndex(where: { $0.instance == new && $0.irreversible != nil })
        else { return self }
        plan.writeBlock = WriteBlock(from: old, to: new, first: first, last: last)
        return .plan(plan, verdict)
    }
}

extension Command {
    fileprivate var forbidsWrites: Bool { if case .forbidWrites = self { true } else { false } }
}
