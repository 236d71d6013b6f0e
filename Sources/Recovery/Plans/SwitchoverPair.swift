import Refactoring
import Topology

/// The two servers that change places, as the plan finds them when the siblings have moved.
struct SwitchoverPair {
    let primary: Instance
    let candidate: FoundReplica
    let limits: PlanLimits
    /// What the rules say of the old primary below the candidate.
    var objections: [Reason] = []
    /// How many of those that follow the candidate acknowledge then, the old primary left out.
    var acknowledging = 0

    private var old: InstanceAddress { primary.address }
    private var new: InstanceAddress { candidate.address }
    private var name: String { candidate.channel.name }

    /// What the primary has, when it is read.
    private var place: Observation {
        switch candidate.channel.positioning {
        case .autoPosition: Observation(.executedGTIDs, of: old)
        case .replicaPosition, .currentPosition: Observation(.binaryLogGTIDPosition, of: old)
        case .binlogPosition: Observation(.binaryLogEnd, of: old)
        }
    }

    private var point: StopPoint {
        switch candidate.channel.positioning {
        case .autoPosition: .executed(.observed(place))
        case .replicaPosition, .currentPosition: .mariadbPosition(.observed(place))
        case .binlogPosition: .position(.observed(place))
        }
    }

    private var hasEverything: Expectation {
        switch candidate.channel.positioning {
        case .autoPosition: .hasExecuted(.observed(place))
        case .replicaPosition, .currentPosition: .hasReached(.observed(place))
        case .binlogPosition: .executedAtLeast(.observed(place), channel: name)
        }
    }

    /// Whether baton's account may switch the event scheduler: MariaDB lets nobody but SUPER do that (10.11 manual, "Events").
    private var switchesEvents: Bool { primary.isMySQLFamily }

    private var logEnd: Observation { Observation(.binaryLogEnd, of: old) }
    private var currentPosition: Observation { Observation(.currentGTIDPosition, of: old) }
    private var candidateEnd: Observation { Observation(.binaryLogEnd, of: new) }
    private var scheduler: Observation { Observation(.eventScheduler, of: old) }
    private var options: Observation { Observation(.connectingOptions, of: new, channel: name) }

    /// That nothing was written on the old primary since it was read-only.
    private var unmoved: Expectation {
        candidate.channel.positioning == .autoPosition
            ? .hasExecutedExactly(.observed(place)) : .binaryLogEnds(at: .observed(logEnd))
    }

    private func ban(_ policy: SwitchoverPolicy) -> WriteBan {
        WriteBan.complete(on: primary.facts?.version ?? ServerVersion(parsing: ""), lockWait: policy.lockWait)
    }

    func stages(_ policy: SwitchoverPolicy) -> Stages {
        var stages: [[Step]] = [[lookStep], [catchUpStep]]
        if let ending = policy.ending { stages.append([endingStep(ending)]) }
        stages += [[banStep(policy)], [drainStep(policy)], [verifyStep(policy)], [promoteStep(policy)]]
        let isLocked = ban(policy).keepsLock
        stages.append([resetStep] + (isLocked ? [releaseStep(policy)] : []))
        stages += [[lookAgainStep(policy)], [followStep(policy)]]
        stages.append((policy.oldPrimary == .replicates ? [startStep] : []) + [eventsStep])
        if let last = counts(policy)?.last { stages.append([countStep(last)]) }
        return Stages(stages)
    }

    // MARK: While clients write

    private var lookStep: Step {
        Step(
            stage: 0, on: old, "note where it is, and whether it runs events",
            preconditions: primary.identityExpectation + [.writability(.writable)], commands: [],
            observes: [place, scheduler], proof: [], timeLimit: limits.statement)
    }

    /// What is left to apply is applied before anybody has to wait for it.
    private var catchUpStep: Step {
        Step(
            stage: 0, on: new, "catch up while clients still write, and note how it connects",
            preconditions: candidate.before + [.positions(candidate.channel.positioning, channel: name)],
            commands: [.wait(channel: name, point)], observes: [options], proof: [hasEverything],
            timeLimit: limits.catchingUp(candidate.channel), waitsFor: "its applier to reach the place of \(old)")
    }

    private func endingStep(_ kind: SessionKind) -> Step {
        Step(
            stage: 0, on: old, "end \(kind.description)", preconditions: primary.identityExpectation,
            commands: [.endSessions(kind)], proof: [], timeLimit: limits.statement)
    }

    // MARK: While nobody can write

    private func banStep(_ policy: SwitchoverPolicy) -> Step {
        let ban = ban(policy)
        let isGTID = candidate.channel.positioning == .autoPosition
        let isMariaDB = !primary.isMySQLFamily && candidate.channel.positioning.isGTID
        // Writes come first on the way back: that is what others wait for.
        return Step(
            stage: 0, on: old, "let nobody write any more",
            preconditions: primary.identityExpectation + [.writability(.writable)],
            commands: (switchesEvents ? [.setEventScheduler(.known(.off))] : []) + [.forbidWrites(ban)],
            observes: [place] + (isGTID || place == logEnd ? [] : [logEnd]) + (isMariaDB ? [currentPosition] : []),
            proof: [.writability(ban.goal)], timeLimit: policy.lockWait * 2 + .seconds(2),
            waitsFor: "running transactions to end",
            inverse: [.setVariable(.readOnly, to: "OFF")] + (ban.keepsLock ? [.releaseWriteLock] : [])
                + (switchesEvents ? [.setEventScheduler(.observed(scheduler))] : []))
    }

    private func drainStep(_ policy: SwitchoverPolicy) -> Step {
        let isPlaceNeeded = candidate.channel.positioning == .binlogPosition
        return Step(
            stage: 0, on: new, "apply the last that was written, and stop replication",
            preconditions: candidate.before,
            commands: [.wait(channel: name, point), .stopReplication(channel: name)],
            observes: isPlaceNeeded ? [candidateEnd] : [], proof: [hasEverything, .stopped(.both, channel: name)],
            timeLimit: policy.drain, waitsFor: "its applier to have everything that \(old) has",
            inverse: candidate.threads.start)
    }

    private func verifyStep(_ policy: SwitchoverPolicy) -> Step {
        Step(
            stage: 0, on: old, "see that nothing was written since",
            preconditions: primary.identityExpectation, commands: [],
            proof: [.writability(ban(policy).goal), unmoved], timeLimit: limits.statement)
    }

    private func promoteStep(_ policy: SwitchoverPolicy) -> Step {
        let found = candidate.instance.facts?.writability ?? .readOnly
        let counts = counts(policy)
        let sides = switches(candidate.instance, source: counts?.first == 0 ? .off : .on, replica: .off)
        let own = candidate.instance.facts?.semiSync.source?.waitForReplicas
        let count = counts.flatMap {
            $0.first > 0 && $0.first != own && candidate.instance.isMySQLFamily ? $0.first : nil
        }
        return Step(
            stage: 0, on: new, "let clients write here",
            preconditions: candidate.before + [.stopped(.both, channel: name), .writability(found), hasEverything],
            // Commits wait for an acknowledgement from the first one on.
            commands: (count.map { [.setVariable(.semiSyncWaitCount, to: String($0))] } ?? []) + sides.commands
                + [.setVariable(.readOnly, to: "OFF")],
            proof: [.writability(.writable)] + sides.proof + (count.map { [.semiSyncWaits(for: $0)] } ?? []),
            timeLimit: limits.statement,
            irreversible: "clients may have written on \(new) since: make a switchover back")
    }

    // MARK: While clients write on the new primary

    private var resetStep: Step {
        Step(
            stage: 0, on: new, "forget the old primary", preconditions: candidate.instance.identityExpectation,
            commands: [.resetReplica(channel: name, .everything)], proof: [.followsNobody(channel: name)],
            timeLimit: limits.statement, irreversible: "\(new) is the primary by now")
    }

    /// What waits to write would be written where it is lost, as soon as the lock is gone.
    private func releaseStep(_ policy: SwitchoverPolicy) -> Step {
        var commands: [Command] = [.endSessions(.waitingForLock)]
        if let ending = policy.ending { commands.append(.endSessions(ending)) }
        return Step(
            stage: 0, on: old, "end what waits to write, and let the lock go",
            preconditions: primary.identityExpectation, commands: commands + [.releaseWriteLock], proof: [],
            timeLimit: limits.statement)
    }

    /// What privileged accounts wrote in spite of all is not carried along, but told.
    private func lookAgainStep(_ policy: SwitchoverPolicy) -> Step {
        Step(
            stage: 0, on: old, "see once more that nothing was written there",
            preconditions: primary.identityExpectation + [.followsNobody(channel: name)], commands: [],
            proof: [.writability(ban(policy).goal), unmoved], timeLimit: limits.statement)
    }

    /// Apart from the start of its threads, so that a resumed plan sees that the place was set: once they have run, that
    /// place lies behind.
    private func followStep(_ policy: SwitchoverPolicy) -> Step {
        let positioning: SourcePositioning
        let sides = switches(primary, source: .off, replica: .on)
        var commands = sides.commands
        switch candidate.channel.positioning {
        case .autoPosition: positioning = .autoPosition
        case .replicaPosition, .currentPosition:
            // What it wrote itself counts as applied: there is nothing else that it has.
            commands.append(.setReplicaPosition(.observed(currentPosition)))
            positioning = .replicaPosition
        case .binlogPosition: positioning = .binlog(.observed(candidateEnd))
        }
        let change = SourceChange(
            source: new, positioning: positioning, user: candidate.channel.user, password: .replication,
            restored: .observed(options))
        return Step(
            stage: 0, on: old, "have \(new) as its source",
            preconditions: primary.identityExpectation + [.followsNobody(channel: name)],
            commands: commands + [.changeSource(channel: name, change)],
            proof: [.follows(new, channel: name), .stopped(.both, channel: name)] + sides.proof,
            timeLimit: limits.statement, irreversible: "\(new) is the primary by now")
    }

    private var startStep: Step {
        Step(
            stage: 0, on: old, "replicate from \(new)",
            preconditions: primary.identityExpectation + [.follows(new, channel: name)],
            commands: .loggingIn(
                channel: name,
                SourceChange(user: candidate.channel.user, password: .replication, restored: .observed(options))),
            proof: [.follows(new, channel: name), .replicates(channel: name)], timeLimit: limits.statement,
            waitsFor: "its receiver to connect to \(new)", irreversible: "\(new) is the primary by now")
    }

    private var eventsStep: Step {
        let server = primary.facts?.identity.serverID ?? 0
        return Step(
            stage: 0, on: new, "run the events that ran on \(old)",
            preconditions: candidate.instance.identityExpectation + [.writability(.writable)],
            commands: [.enableEvents(of: server)]
                + (switchesEvents ? [.setEventScheduler(.observed(scheduler))] : []), proof: [],
            timeLimit: limits.statement)
    }

    /// Commits wait for as many replicas as they did on the old primary, and never for more than there are: first for
    /// siblings, and once the old primary replicates for it too.
    private func counts(_ policy: SwitchoverPolicy) -> (first: Int, last: Int?)? {
        guard let old = primary.facts?.semiSync.source, old.isEnabled,
            candidate.instance.facts?.semiSync.source != nil
        else { return nil }
        let returns = policy.oldPrimary == .replicates && primary.facts?.semiSync.replica != nil
        let wanted = max(1, old.waitForReplicas)
        let last = min(wanted, acknowledging + (returns ? 1 : 0))
        let first = acknowledging == 0 ? last : min(wanted, acknowledging)
        return (first, last > first && candidate.instance.isMySQLFamily ? last : nil)
    }

    private func countStep(_ count: Int) -> Step {
        Step(
            stage: 0, on: new, "wait for as many acknowledgements as the old primary did",
            preconditions: candidate.instance.identityExpectation,
            commands: [.setVariable(.semiSyncWaitCount, to: String(count))], proof: [.semiSyncWaits(for: count)],
            timeLimit: limits.statement)
    }

    private func switches(
        _ server: Instance, source: SwitchState, replica: SwitchState
    ) -> (commands: [Command], proof: [Refactoring.Expectation]) {
        guard let facts = server.facts else { return ([], []) }
        // Only where the pair uses it: a plug-in that is installed and off stays off.
        let isUsed = primary.facts?.semiSync.source?.isEnabled == true
        guard isUsed else { return ([], []) }
        let switches = MovePlanner(limits: limits).semiSyncSwitches(facts, .follow, source: source, replica: replica)
        return (switches.commands, switches.proof)
    }
}

extension SwitchoverPlanner {
    /// The siblings moved, in the draft, and the pair as it is then.
    func pair(
        _ primary: Instance, _ candidate: Instance, _ draft: inout PlanDraft, _ policy: SwitchoverPolicy
    ) throws(PlanRefusal) -> SwitchoverPair {
        if policy.siblings == .move { try moveSiblings(of: primary, below: candidate, &draft) }
        let channel = draft.fleet[candidate.address]?.channels.first {
            draft.fleet.source(of: $0) == primary.address
        }
        guard let channel else { throw PlanRefusal([]) }
        let found = try draft.find(ReplicaChannel(candidate.address, channel: channel.name))
        let server = try draft.server(primary.address)
        var pair = SwitchoverPair(primary: server, candidate: found, limits: moves.limits)
        pair.objections = wayBackObjections(server, found, draft)
        pair.acknowledging =
            draft.replicas(of: candidate.address).count {
                $0.instance.contact.isReachable && $0.instance.facts?.semiSync.replica?.isEnabled == true
                    && $0.address != primary.address
            }
        return pair
    }

    private func moveSiblings(
        of primary: Instance, below candidate: Instance, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let siblings = draft.replicas(of: primary.address).filter { $0.address != candidate.address }
        var moving: [FoundReplica] = []
        for sibling in siblings {
            let isQuiet = draft.scene.marks.downtime(of: sibling.address, at: draft.scene.now) != nil
            guard isQuiet || !sibling.instance.contact.isReachable else {
                moving.append(sibling)
                continue
            }
            draft.object([
                Reason(
                    SwitchoverCondition.siblingStays,
                    "\(sibling.address) \(isQuiet ? "is in downtime" : "does not answer"), and goes on following "
                        + "\(primary.address)",
                    remedies: [.command("baton relocate \(sibling.address) \(candidate.address)")])
            ])
        }
        guard !moving.isEmpty else { return }
        try moves.relocateAll(moving, below: candidate.address, &draft, unread: [])
    }

    /// What the rules say of the old primary below the candidate, without what belongs to its being the primary.
    private func wayBackObjections(
        _ primary: Instance, _ candidate: FoundReplica, _ draft: PlanDraft
    ) -> [Reason] {
        let channel = ReplicationChannel(
            name: candidate.channel.name, source: nil, user: candidate.channel.user, receiver: .stopped,
            applier: .stopped, positioning: candidate.channel.positioning)
        let relocation = Relocation(primary, channel, below: candidate.instance, in: draft.fleet, limits: moves.limits)
        return moves.judge(relocation, draft.sceneAfter, [primary.address], .takeover).reasons
            .filter { !MovePlanner.meantByCoPrimaries.contains($0.rule) && !Self.meantBySwitchover.contains($0.rule) }
            .map { reason in
                var reason = reason
                reason.sentence = "afterwards \(primary.address) is to follow \(candidate.address): \(reason.sentence)"
                return reason
            }
    }

    /// What the primary has and the candidate does not yet have comes to it before they change places.
    private static let meantBySwitchover: Set<RuleID> = [
        "gtid.errant-d", "repl.lag", "repl.target", "cand.last", "semi.last",
    ]
}
