import Topology

extension MovePlanner {
    /// What there is to say against taking a plan's steps back: the same as against a new plan that leads there, because
    /// the fleet may have changed since, and so may have whom one wants kept from writing.
    func objections(toTakingBack plan: Plan, by inverse: Plan, in scene: RuleScene) -> [Reason] {
        var reasons: [Reason] = []
        var fleet = scene.fleet
        for step in inverse.steps {
            let after = inverse.preview(of: step, on: fleet)
            reasons += changeObjections(step, from: fleet, to: after)
            for command in step.commands {
                do throws(PlanRefusal) {
                    switch command {
                    case .changeSource(let name, let change):
                        reasons += try objections(
                            to: change, on: step.instance, channel: name, from: fleet, to: after, inverse, plan, scene)
                    case .resetReplica(let name, .everything):
                        reasons += partnerObjections(step.instance, channel: name, in: fleet)
                    default: break
                    }
                } catch {
                    reasons += error.reasons
                }
            }
            fleet = after
        }
        for address in inverse.instances {
            guard let before = scene.fleet[address]?.facts?.writability, let server = fleet[address],
                let wanted = server.facts?.writability, before != wanted
            else { continue }
            if wanted.isWritable {
                reasons += replicaWritableObjections(server, in: fleet)
            } else if before.isWritable || wanted == .superReadOnly {
                reasons += stopsWritesObjections(server, in: fleet, scene)
            }
        }
        var told: Set<Reason> = []
        return (scene.objectionsToTouching(inverse.instances) + reasons).filter { told.insert($0).inserted }
    }

    /// What was changed by others since: then nothing is taken back, and it is better to say so than to begin. The same
    /// is asked of the live server before the first step.
    private func changeObjections(_ step: Step, from before: Fleet, to after: Fleet) -> [Reason] {
        guard let facts = before[step.instance]?.facts, let then = after[step.instance]?.facts else { return [] }
        var found: [Reason] = []
        if step.commands.isEmpty {
            found += step.preconditions.filter(\.isKnowable).compactMap { $0.objection(step.instance, facts, before) }
        }
        // One that follows somebody else by now is not brought back by whatever is taken back here.
        found += step.proof.filter(\.namesSource).compactMap { $0.objection(step.instance, then, after) }
        for case .startReplication(let name, let threads, _) in step.commands {
            let channel = then.channels.first { $0.name == name }
            guard channel?.source == nil, threads != .applier || channel?.detachedFrom == nil else { continue }
            let isDetached = channel?.detachedFrom != nil
            let help: Remedy =
                isDetached
                ? .command("baton reattach-replica \(step.instance)")
                : .advice("let \(step.instance) follow a source again first")
            let state = isDetached ? "it is detached by now" : "it follows nobody by now"
            found.append(
                Reason(
                    PlanMakingCondition.changed, "\(step.instance) was changed since: \(state)", remedies: [help]))
        }
        return found
    }

    /// Whom servers should follow by a finished plan, and do no more.
    func sourceObjections(toTakingBack plan: Plan, in scene: RuleScene) -> [Reason] {
        plan.inverse().steps.filter(\.commands.isEmpty).flatMap { step in
            guard let facts = scene.fleet[step.instance]?.facts else { return [Reason]() }
            return step.preconditions.filter(\.namesSource)
                .compactMap { $0.objection(step.instance, facts, scene.fleet) }
        }
    }

    /// The rings of two, as they were before a plan, that taking it back closes.
    func ringsClosed(byTakingBack plan: Plan, _ inverse: Plan, in scene: RuleScene) -> [CoPrimaryRing] {
        var draft = PlanDraft(scene)
        draft.rings = plan.ringsLeft ?? []
        return inverse.steps.flatMap { step in
            step.commands.compactMap { command in
                guard case .changeSource(let channel, let change) = command, let source = change.source else {
                    return nil
                }
                return draft.knownRing(
                    closedBy: step.instance, channel: channel, below: scene.fleet.canonical(source))
            }
        }
    }

    /// What there is to say against one change of an inverse.
    private func objections(
        to change: SourceChange, on address: InstanceAddress, channel name: String, from before: Fleet,
        to after: Fleet, _ inverse: Plan, _ plan: Plan, _ scene: RuleScene
    ) throws(PlanRefusal) -> [Reason] {
        guard let source = change.source, let channel = after[address]?.channel(named: name) else { return [] }
        let isEndOfCoPrimaries = plan.verb == Move.endCoPrimary(ReplicaChannel(address)).verb
        let reasons = try objections(
            toReturning: channel, of: address, below: source, in: before, scene, isCoPrimary: isEndOfCoPrimaries,
            rings: plan.ringsLeft ?? [])
        // Its threads are stopped by the inverse itself, which starts them again.
        let isStoppedMeanwhile = inverse.instances.contains(before.canonical(source))
        return reasons.filter { !isStoppedMeanwhile || $0.rule != "repl.target" }
    }

    /// What there is to say against a channel going back to a source that it had: what the rules say of any move there,
    /// without what only comes from its being detached, forgotten or stopped now.
    ///
    /// - Parameters:
    ///   - channel: as it will be when it follows that source.
    ///   - fleet: the servers just before it goes.
    ///   - isCoPrimary: whether a new ring of two is what is meant.
    ///   - rings: rings of two as they were before it left; one that it closes as it was is no objection.
    /// - Throws: ``PlanRefusal`` where the source is not known, or a ring would come of it.
    func objections(
        toReturning channel: ReplicationChannel, of address: InstanceAddress, below source: InstanceAddress,
        in fleet: Fleet, _ scene: RuleScene, isCoPrimary: Bool = false, rings: [CoPrimaryRing] = []
    ) throws(PlanRefusal) -> [Reason] {
        var draft = PlanDraft(RuleScene(fleet, limits: scene.limits, now: scene.now, after: scene))
        draft.rings = rings
        let replica = try draft.server(address)
        let target = try draft.target(fleet.canonical(source))
        let present = replica.channel(named: channel.name).flatMap { fleet.source(of: $0) }
        let held = scene.objectionsToTouching(
            [replica.address, target.address] + (present.map { $0 == target.address ? [] : [$0] } ?? []))
        guard held.isEmpty else { throw PlanRefusal(held) }

        let partner = target.channels.first { fleet.source(of: $0) == replica.address }
        let ring = draft.knownRing(closedBy: replica.address, channel: channel.name, below: target.address)
        // Into the ring of before it comes back as it left, and has all that its partner wrote until then.
        let isPair = isCoPrimary && partner != nil && ring == nil
        if isPair, let partner {
            try checkCoPrimary(FoundReplica(instance: target, channel: partner), replica, draft)
        } else if present != target.address, ring == nil, draft.isBelow(target.address, replica.address) {
            throw ringRefusal(replica.address, target.address, isDirect: partner != nil)
        }

        // Rules speak of a channel that follows somebody and runs: one that follows nobody now gets a source that nobody is.
        var judged = channel
        judged.source = present ?? InstanceAddress(host: "//\(target.address.host)", port: target.address.port)
        judged.detachedFrom = nil
        (judged.receiver, judged.applier) = (.running, .running)
        (judged.receiverError, judged.applierError, judged.lag) = (nil, nil, nil)
        var asking = replica
        asking.replace(judged)
        var asked = fleet
        asked.update(asking)
        let context = RuleScene(asked, limits: scene.limits, now: scene.now, lastReads: scene.lastReads, after: scene)
        let relocation = Relocation(asking, judged, below: target, in: asked, limits: limits)
        var reasons = judge(relocation, context, [replica.address], .move).reasons.filter { reason in
            if present == target.address { return reason.rule.rawValue.hasPrefix("gtid.") }
            if isPair || ring != nil, Self.meantByCoPrimaries.contains(reason.rule) { return false }
            if present == nil, Self.meantByDetached.contains(reason.rule) { return false }
            return !Self.meantByReturning.contains(reason.rule)
        }
        guard present == nil else { return reasons }
        reasons.removeAll { $0.rule == Rule.gtidErrantReplica.id }
        return reasons + errantObjections(asking, judged, target, in: asked, scene)
            + ownWritesObjections(replica, judged, target.address)
    }

    /// What one that follows nobody has and the source lacks to which it returns: no more than is errant there anyhow, so
    /// that it has to be confirmed, as it has when it moves while it follows.
    private func errantObjections(
        _ replica: Instance, _ channel: ReplicationChannel, _ source: Instance, in fleet: Fleet, _ scene: RuleScene
    ) -> [Reason] {
        var (returned, fleet, channel) = (replica, fleet, channel)
        channel.source = source.address
        returned.replace(channel)
        fleet.update(returned)
        let after = RuleScene(fleet, limits: scene.limits, now: scene.now, lastReads: scene.lastReads, after: scene)
        let relocation = Relocation(returned, channel, below: source, in: fleet, limits: limits)
        return judge(relocation, after, [replica.address], .move).reasons
            .filter { $0.rule == Rule.gtidErrantReplica.id }
    }

    /// Rules on threads, which are taken to be as the way back finds them.
    private static let meantByReturning: Set<RuleID> = ["repl.stopped", "repl.lag", "repl.lag-unknown", "repl.gaps"]
    /// Rules on where a replica stands, of one that stands nowhere: it had this source before.
    private static let meantByDetached: Set<RuleID> = ["move.cluster", "move.primary", "cand.last", "semi.last"]

    private func ringRefusal(
        _ replica: InstanceAddress, _ target: InstanceAddress, isDirect: Bool
    ) -> PlanRefusal {
        guard isDirect else {
            return PlanRefusal(
                MoveCondition.ring, "\(target) is below \(replica) by now, or is it: that would be a ring",
                .advice("move \(target) to a source that is not below \(replica) first"))
        }
        return PlanRefusal(
            MoveCondition.ring, "\(target) follows \(replica) by now: that would be a ring",
            .advice("move \(target) to another source first"),
            .command("baton make-co-primary \(target)"))
    }

    /// Without GTIDs nothing tells what was written on a server while it followed nobody.
    private func ownWritesObjections(
        _ replica: Instance, _ channel: ReplicationChannel, _ source: InstanceAddress
    ) -> [Reason] {
        guard !channel.positioning.isGTID, let facts = replica.facts, facts.writability.isWritable else { return [] }
        return [
            Reason(
                ServerCondition.replicaWritable,
                "\(replica.address) is writable and followed nobody, and what was written on it is missing on \(source)",
                measured: [Measurement("read_only", of: replica.address, "OFF")],
                remedies: [
                    .command("baton set-read-only \(replica.address)"),
                    .advice("look into the binary log of \(replica.address) for what was written there"),
                ])
        ]
    }

    /// What a way back that ends a ring of two has to have confirmed, as `end-co-primary` does.
    private func partnerObjections(
        _ address: InstanceAddress, channel name: String, in fleet: Fleet
    ) -> [Reason] {
        guard let channel = fleet[address]?.channel(named: name), let source = fleet.source(of: channel),
            let partner = fleet[source], partner.channels.contains(where: { fleet.source(of: $0) == address })
        else { return [] }
        return partnerWritableObjections(partner, leftBy: address)
    }
}

extension Expectation {
    /// Whether a look is enough to tell, without what earlier steps have read.
    fileprivate var isKnowable: Bool {
        switch self {
        case .follows, .followsNobody, .replicates, .stopped, .started, .writability, .positions, .delay, .semiSync,
            .semiSyncWaits, .acknowledges:
            true
        case .hasExecuted, .hasReached, .hasExecutedExactly, .standsAt, .binaryLogEnds, .identity, .executed,
            .executedAtLeast, .appliedReceived, .received, .stoppedOnError:
            false
        }
    }

    fileprivate var namesSource: Bool {
        switch self {
        case .follows, .followsNobody: true
        default: false
        }
    }

    /// That a server is not as this expects, `nil` where it is.
    fileprivate func objection(_ instance: InstanceAddress, _ facts: InstanceFacts, _ fleet: Fleet) -> Reason? {
        guard let found = finding(in: facts, fleet: fleet).found else { return nil }
        return Reason(
            PlanMakingCondition.changed,
            "\(instance) was changed since: the way back expects that it \(self), but \(found)",
            remedies: [
                .advice("take back first what was done to \(instance) since"),
                .advice("plan the way back as a move of its own"),
            ])
    }
}

extension Plan {
    /// The fleet after one of its steps.
    fileprivate func preview(of step: Step, on fleet: Fleet) -> Fleet {
        Plan(intent: intent, verb: verb, method: method, steps: [step]).preview(on: fleet)
    }
}

extension Instance {
    /// Puts a channel in place of the one of its name, or adds it.
    fileprivate mutating func replace(_ channel: ReplicationChannel) {
        guard var facts else { return }
        facts.channels.removeAll { $0.name == channel.name }
        facts.channels.append(channel)
        facts.channels.sort { $0.name < $1.name }
        self.facts = facts
    }
}
