import Topology

extension MovePlanner {
    func start(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        guard !found.threads.areRunning else {
            throw PlanRefusal(ReplicaCondition.running, "\(found.reference) runs already", .nothingToDo)
        }
        try checkReconnecting(found, draft)
        let name = found.channel.name
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: found.address, "start replication", preconditions: found.before,
                        commands: [.startReplication(channel: name)], proof: [.replicates(channel: name)],
                        timeLimit: limits.statement, waitsFor: "its receiver to connect",
                        inverse: [.stopReplication(channel: name)] + found.threads.start)
                ]
            ]))
        draft.intent = "Start replication of \(found.reference)"
    }

    func stop(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        try requireRunning(found)
        draft.append(Stages([[stopStep(found)]]))
        draft.intent = "Stop replication of \(found.reference)"
    }

    /// Not with a stopped applier, which someone stopped for a reason, and not for as long as a delay lasts.
    func stopNicely(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        try requireRunning(found)
        let name = found.channel.name
        guard found.threads.applier else {
            throw PlanRefusal(
                ReplicaCondition.applierStopped, "the applier of \(found.reference) is stopped and would apply nothing",
                .command("baton stop-replica \(found.address)"))
        }
        guard found.channel.delay <= limits.delay else {
            throw PlanRefusal(
                ReplicaCondition.delayed,
                "\(found.reference) stays \(found.channel.delay.components.seconds) s behind on purpose",
                .command("baton stop-replica \(found.address)"))
        }
        let received = Observation(.receivedPosition, of: found.address, channel: name)
        let receiver = Step(
            stage: 0, on: found.address, "stop the receiver", preconditions: found.before + found.threads.asFound,
            commands: [.stopReplication(channel: name, threads: .receiver)], observes: [received],
            proof: [.stopped(.receiver, channel: name)], timeLimit: limits.statement,
            inverse: found.threads.start)
        let apply = Step(
            stage: 0, on: found.address, "apply what was received",
            preconditions: found.before + [.stopped(.receiver, channel: name)],
            commands: [.wait(channel: name, .position(.observed(received)))],
            proof: [.appliedReceived(channel: name)], timeLimit: limits.catchingUp(found.channel),
            waitsFor: "its applier to apply what was received")
        let applier = Step(
            stage: 0, on: found.address, "stop the applier",
            preconditions: found.before + [.stopped(.receiver, channel: name)],
            commands: [.stopReplication(channel: name)], proof: found.threads.stopped, timeLimit: limits.statement,
            inverse: [.startReplication(channel: name, threads: .applier)])
        draft.append(Stages([[receiver], [apply], [applier]]))
        draft.intent = "Stop replication of \(found.reference) when it has applied what it received"
    }

    /// Taken back, it starts what ran: broken off in its middle it has stopped that.
    func restart(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        try checkReconnecting(found, draft)
        let name = found.channel.name
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: found.address, "stop and start replication", preconditions: found.before,
                        commands: found.threads.stop + [.startReplication(channel: name)],
                        proof: [.replicates(channel: name)], timeLimit: limits.statement,
                        waitsFor: "its receiver to connect",
                        inverse: found.threads.areRunning
                            ? found.threads.start : [.stopReplication(channel: name)] + found.threads.start)
                ]
            ]))
        draft.intent = "Restart replication of \(found.reference)"
    }

    func reset(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica) { $0.source != nil || $0.detachedFrom != nil }
        draft.append(resetStages(found))
        let source = found.channel.source ?? found.channel.detachedFrom
        let filters = found.forgottenFilters.map { ", and perhaps its filters (\($0)): it cannot be undone" }
        draft.object([
            Reason(
                ReplicaCondition.forgets,
                "\(found.reference) forgets \(source.map(\.description) ?? "its source"), the account and all options "
                    + "of the connection" + (filters ?? ""),
                remedies: [.command("baton detach-replica \(found.address)")])
        ])
        draft.intent = "Make \(found.reference) forget its source"
    }

    func setDelay(
        _ replica: ReplicaChannel, _ delay: Duration, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let found = try draft.find(replica)
        guard delay >= .zero, delay.components.attoseconds == 0 else {
            throw PlanRefusal(
                ReplicaCondition.badDelay, "a delay is whole seconds, 0 or more", .advice("give whole seconds"))
        }
        guard delay != found.channel.delay else {
            throw PlanRefusal(
                ReplicaCondition.sameDelay, "\(found.reference) has this delay already", .nothingToDo)
        }
        if !found.instance.isMySQLFamily { try checkReconnecting(found, draft) }
        let name = found.channel.name
        func change(_ delay: Duration) -> [Command] {
            let change = SourceChange(delay: delay).keepingOptions(of: found.channel, on: found.instance)
            return delayStop(found) + [.changeSource(channel: name, change)] + found.threads.start
        }
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: found.address, "change the delay",
                        preconditions: found.before + [.delay(found.channel.delay, channel: name)]
                            + found.threads.asFound,
                        commands: change(delay), proof: [.delay(delay, channel: name)] + found.threads.asFound,
                        timeLimit: limits.statement, inverse: change(found.channel.delay))
                ]
            ]))
        draft.intent =
            delay == .zero
            ? "Take the delay of \(found.reference) away"
            : "Let \(found.reference) stay \(delay.components.seconds) s behind"
    }

    /// MySQL asks for a stopped applier only (8.4 manual, "Delayed Replication"); MariaDB for both threads.
    private func delayStop(_ found: FoundReplica) -> [Command] {
        guard found.instance.isMySQLFamily else { return found.threads.stop }
        return found.threads.applier ? [.stopReplication(channel: found.channel.name, threads: .applier)] : []
    }

    private func stopStep(_ found: FoundReplica) -> Step {
        Step(
            stage: 0, on: found.address, "stop replication", preconditions: found.before + found.threads.asFound,
            commands: found.threads.stop, proof: found.threads.stopped, timeLimit: limits.statement,
            inverse: found.threads.start)
    }

    /// With `current_pos` a MariaDB server asks to go on after its own last write, and a source that does not have that
    /// refuses it (error 1236), but only when it connects anew.
    func checkReconnecting(_ found: FoundReplica, _ draft: PlanDraft) throws(PlanRefusal) {
        guard found.channel.positioning == .currentPosition, case .mariadb(let own)? = found.instance.facts?.gtid,
            let source = draft.fleet.source(of: found.channel),
            case .mariadb(let theirs)? = draft.fleet[source]?.facts?.gtid,
            let lost = own.currentPosition.gtids.first(where: { gtid in
                gtid.server == found.instance.facts?.identity.serverID && theirs.binlogPosition[gtid.domain] != nil
                    && !theirs.binlogState.covers(gtid)
            })
        else { return }
        throw PlanRefusal(
            GTIDCondition.ownWrites,
            "\(found.address) wrote \(lost) itself, and \(source), which does not have it, would refuse it when it connects anew",
            measured: [Measurement("gtid_current_pos", of: found.address, "\(own.currentPosition)")],
            .advice("read the transaction with mysqlbinlog, and mend the tables"),
            .statement("CHANGE MASTER TO MASTER_USE_GTID = slave_pos", on: found.address))
    }

    private func requireRunning(_ found: FoundReplica) throws(PlanRefusal) {
        guard !found.threads.stop.isEmpty else {
            throw PlanRefusal(ReplicaCondition.stopped, "\(found.reference) is stopped already", .nothingToDo)
        }
    }
}
