import Refactoring
import Topology

/// Makes the plan that gives the replicas of a lost intermediate source another source. Pure, as every planner is.
///
/// Each goes to the best server under which it may be; those that have no place elsewhere go below one of their own that
/// has. Nobody is promoted, and no data is lost: the primary lives.
public struct OrphanPlanner: Sendable {
    /// How long servers are given.
    public let limits: PlanLimits

    /// Makes a planner.
    public init(limits: PlanLimits = PlanLimits()) {
        self.limits = limits
    }

    /// The command that asks for it.
    public static let verb = "recover"

    /// The plan, or why there is none.
    ///
    /// - Parameters:
    ///   - source: the intermediate source that is lost, or that its replicas cannot reach.
    ///   - target: where all are to go; `nil` for the best place of each.
    ///   - ranking: the places, the best first.
    public func plan(
        replicasOf source: InstanceAddress, below target: InstanceAddress? = nil, by ranking: CandidateRanking,
        in scene: RuleScene
    ) -> PlanAnswer {
        do throws(PlanRefusal) {
            var draft = PlanDraft(scene)
            let lost = LostSource(source, in: draft)
            if let nobodyLeft = lost.nobodyLeft(draft) { throw PlanRefusal([nobodyLeft]) }
            let wanted = target.map { draft.fleet.canonical($0) }
            let places = ranking.ranked.filter { $0.isEligible && (wanted == nil || $0.instance == wanted) }
            let left = attach(lost.replicas, to: places.map(\.instance), &draft)
            try settle(left, lost, &draft)
            draft.givenUp = draft.fleet[lost.address]?.contact.isReachable == true ? [] : [lost.address]
            draft.succession = Succession(
                .intermediateSource, of: lost.address, leaving: left.map(\.found.address))
            draft.intent = "Give the replicas of \(lost.address) another source"
            return try draft.answer(verb: Self.verb)
        } catch {
            return .refused(Verdict(error.reasons).reasons)
        }
    }
}

extension OrphanPlanner {
    /// A replica that found no place, and why not at the one that was asked last.
    private struct Homeless {
        var found: FoundReplica
        var reasons: [Reason]
    }

    /// Leads each to the first place that takes it, all at once; afterwards those that are left below those that have found one.
    private func attach(
        _ orphans: [FoundReplica], to places: [InstanceAddress], _ draft: inout PlanDraft
    ) -> [Homeless] {
        var left = orphans.map { Homeless(found: $0, reasons: []) }
        var housed: [InstanceAddress] = []
        for place in places + orphans.map(\.address) {
            if orphans.contains(where: { $0.address == place }), !housed.contains(place) { continue }
            var together = Stages()
            var remaining: [Homeless] = []
            for var orphan in left {
                do throws(PlanRefusal) {
                    together.merge(try stages(for: orphan.found, below: place, &draft))
                    housed.append(orphan.found.address)
                } catch {
                    orphan.reasons = error.reasons
                    remaining.append(orphan)
                }
            }
            draft.append(together)
            left = remaining
        }
        return left
    }

    private func stages(
        for found: FoundReplica, below place: InstanceAddress, _ draft: inout PlanDraft
    ) throws(PlanRefusal) -> Stages {
        guard place != found.address else { throw PlanRefusal([]) }
        let planner = MovePlanner(limits: limits)
        var relocation = try planner.relocation(of: found, below: place, draft)
        relocation.keepsApplier = true
        var attempt = draft
        try planner.judged(relocation, &attempt, moving: [found.address], .recovery)
        let choice = try planner.methods.choose(for: relocation)
        guard choice.method.touchesReplicaOnly else {
            throw PlanRefusal(
                MoveCondition.noMethod,
                "\(found.reference) can find its place below \(place) only with its source's help",
                .advice("make \(found.address) anew from a copy"))
        }
        draft = attempt
        draft.note(choice)
        var stages = choice.stages
        if let restart = restart(found, below: place) { stages.append(Stages([[restart]])) }
        return stages
    }

    /// A receiver that has given up on the lost source was not stopped by anybody.
    private func restart(_ found: FoundReplica, below place: InstanceAddress) -> Step? {
        guard found.channel.receiver == .stopped, found.channel.receiverError != nil else { return nil }
        let name = found.channel.name
        return Step(
            stage: 0, on: found.address, "receive again, from \(place)",
            preconditions: [.follows(place, channel: name)],
            commands: [.startReplication(channel: name, threads: .receiver)],
            proof: [.started(.receiver, channel: name)], timeLimit: limits.statement,
            waitsFor: "its receiver to connect to \(place)",
            inverse: [.stopReplication(channel: name, threads: .receiver)])
    }

    /// Says of each that has no place why, and refuses where none has one.
    private func settle(_ left: [Homeless], _ lost: LostSource, _ draft: inout PlanDraft) throws(PlanRefusal) {
        guard left.count < lost.replicas.count else {
            let reasons = left.flatMap(\.reasons)
            guard reasons.isEmpty else { throw PlanRefusal(reasons) }
            throw PlanRefusal(
                FailoverCondition.unknownCandidate,
                "there is no server that the replicas of \(lost.address) could follow",
                .command("baton candidates \(lost.address)"))
        }
        for orphan in left {
            let why = orphan.reasons.map(\.sentence).joined(separator: "; ")
            draft.object([
                Reason(
                    FailoverCondition.lostReplica,
                    "\(orphan.found.address) finds no other source and is left where it is"
                        + (why.isEmpty ? "" : ": \(why)"),
                    remedies: orphan.reasons.flatMap(\.remedies) + [.command("baton candidates \(lost.address)")])
            ])
        }
        draft.object(lost.reservations)
        for silent in lost.silent {
            draft.object([
                Reason(
                    FailoverCondition.silentReplica, "\(silent) does not answer, and stays as it is",
                    remedies: [.command("baton doctor \(silent)")])
            ])
        }
    }
}
