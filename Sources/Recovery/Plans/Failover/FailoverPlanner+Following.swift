import Refactoring
import Topology

extension FailoverPlanner {
    /// Leads a replica below the candidate. By position it is started by a step of its own: a place that is said once more,
    /// after it has gone on from there, would apply transactions twice.
    func followSteps(
        _ found: FoundReplica, _ chosen: ChosenCandidate, _ lost: LostSource, _ semiSync: SuccessorSemiSync
    ) -> [Step] {
        let name = found.channel.name
        // Before its receiver starts, which tells the source of it.
        let side = semiSync.switches(of: found.address)
        // Somebody stopped that applier for a reason, or an error did.
        let threads: ReplicationThreads = found.threads.applier ? .both : .receiver
        let isByPosition = lost.method == .position
        let place =
            isByPosition
            ? .binlog(.observed(Observation(.binaryLogEnd, of: chosen.address))) : found.presentPlace
        let delay = delayTaken(from: found, chosen, lost)
        let isApplying = found.changesSourceWhileApplying(place, delay)
        let start: Command = .startReplication(channel: name, threads: threads)
        let running =
            [Expectation.follows(chosen.address, channel: name), .started(threads, channel: name)]
            + (threads == .both ? [.replicates(channel: name)] : [])
        var follow = Step(
            stage: 0, on: found.address, "follow \(chosen.address)",
            preconditions: found.before + [.stopped(.receiver, channel: name)],
            commands: side.commands + found.leading(to: chosen.address, place, restoring: delay)
                + (isByPosition ? [] : [start]),
            proof: side.proof
                + (isByPosition ? [.follows(chosen.address, channel: name), .stopped(.both, channel: name)] : running),
            timeLimit: isApplying ? limits.statement : stopping(found.instance),
            waitsFor: isByPosition ? nil : "its receiver to connect to \(chosen.address)",
            irreversible:
                "\(found.reference) follows \(chosen.address), and \(lost.address) lacks what comes from there")
        guard isByPosition else { return [follow] }
        let end = Observation(.executedPosition, of: chosen.address, channel: chosen.channel)
        follow.preconditions.append(.executed(.observed(end), channel: name))
        let begin = Step(
            stage: 0, on: found.address, "replicate from \(chosen.address)",
            preconditions: found.instance.identityExpectation + [.follows(chosen.address, channel: name)],
            commands: [start], proof: running, timeLimit: limits.statement,
            waitsFor: "its receiver to connect to \(chosen.address)",
            inverse: [.stopReplication(channel: name)])
        return [follow, begin]
    }

    /// The delay that was taken away, so that it applies what it had received, and is given back; `nil` where none was.
    private func delayTaken(from found: FoundReplica, _ chosen: ChosenCandidate, _ lost: LostSource) -> Duration? {
        let isNeeded = policy.unapplied == .wait && appliers(chosen, lost).contains { $0.reference == found.reference }
        return isNeeded && takesDelayAway(of: found) ? found.channel.delay : nil
    }

    /// Those that cannot follow are detached, so that they do not go on from the old primary when it comes back.
    func leaveBehind(_ chosen: ChosenCandidate, _ lost: LostSource, _ draft: inout PlanDraft) {
        var detaching: [FoundReplica] = []
        for left in chosen.left {
            let why = left.reasons.map(\.sentence).joined(separator: "; ")
            let isDetached = policy.lostReplicas == .detach
            draft.object([
                Reason(
                    FailoverCondition.lostReplica,
                    "\(left.replica) cannot follow \(chosen.address) and is \(isDetached ? "detached" : "left behind"): \(why)",
                    remedies: left.reasons.flatMap(\.remedies) + [.command("baton candidates \(lost.address)")])
            ])
            guard isDetached, let found = lost.replica(left.replica), found.channel.name == left.channel else {
                continue
            }
            detaching.append(found)
        }
        if lost.method == .position { draft.append(Stages(byServer(detaching.map { noteStep($0) }))) }
        draft.append(Stages(byServer(detaching.map { detachStep($0) })))
    }

    /// By position the change has to name the place again, which is known when the applier stands.
    private func noteStep(_ found: FoundReplica) -> Step {
        let name = found.channel.name
        return Step(
            stage: 0, on: found.address, "stop, and note how far it has applied", preconditions: found.before,
            commands: [.stopReplication(channel: name)], observes: [found.executed],
            proof: [.stopped(.both, channel: name)], timeLimit: stopping(found.instance))
    }

    private func detachStep(_ found: FoundReplica) -> Step {
        let name = found.channel.name
        var change = SourceChange(rawHost: found.channel.source?.detachingHost, positioning: found.presentPlace)
            .keepingOptions(of: found.channel, on: found.instance)
        if takesDelayAway(of: found) { change.delay = found.channel.delay }
        let commands: [Command] = [.stopReplication(channel: name), .changeSource(channel: name, change)]
        return Step(
            stage: 0, on: found.address, "detach from the lost source", preconditions: found.before,
            commands: commands, observes: [], proof: [.followsNobody(channel: name), .stopped(.both, channel: name)],
            timeLimit: stopping(found.instance),
            irreversible: "\(found.reference) was detached: baton reattach-replica \(found.address)")
    }
}

extension FoundReplica {
    /// What leads it to another source; its receiver is stopped by then, and is started afterwards.
    ///
    /// Where a transaction came in half, as when its source died meanwhile, MySQL's parallel applier waits up to a minute for
    /// the rest before it stops. So it is not stopped where that can be helped: what comes from the new source makes it roll
    /// the half back (measured on 9.7).
    ///
    /// - Parameter delay: what it is to stay behind again; `nil` for as it is.
    func leading(
        to source: InstanceAddress, _ place: SourcePositioning?, restoring delay: Duration? = nil
    ) -> [Command] {
        let name = channel.name
        let isApplying = changesSourceWhileApplying(place, delay)
        var change = SourceChange(source: source, positioning: isApplying ? nil : place)
            .keepingOptions(of: channel, on: instance)
        change.delay = delay
        return [
            .stopReplication(channel: name, threads: isApplying ? .receiver : .both),
            .changeSource(channel: name, change),
        ]
    }

    /// Whether its source can be changed while its applier runs; not together with a delay, which the applier reads.
    func changesSourceWhileApplying(_ place: SourcePositioning?, _ delay: Duration? = nil) -> Bool {
        delay == nil && place == .autoPosition && instance.changesSourceWhileApplying(channel)
    }
}
