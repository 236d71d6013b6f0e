import Refactoring
import Topology

/// The server that takes the lost one's place, with what the ranking says of it.
struct ChosenCandidate {
    let found: FoundReplica
    let candidate: Candidate
    /// The servers that have more, with what they have, in the order in which they are followed.
    let donors: [(found: FoundReplica, received: Received)]
    /// Those that go below it.
    let followers: [FoundReplica]
    /// Those that cannot, with the reasons.
    let left: [LostReplica]

    var address: InstanceAddress { found.address }
    var channel: String { found.channel.name }
}

extension FailoverPlanner {
    func choose(
        _ address: InstanceAddress, _ lost: LostSource, _ ranking: CandidateRanking, _ draft: inout PlanDraft
    ) throws(PlanRefusal) -> ChosenCandidate {
        let address = draft.fleet.canonical(address)
        let candidate = ranking.ranked.first { $0.instance == address }
        if let candidate, !candidate.isEligible { throw PlanRefusal(candidate.verdict.reasons) }
        guard let candidate, let found = lost.replica(address) else {
            throw PlanRefusal(
                FailoverCondition.unknownCandidate, "\(address) is no direct replica of \(lost.address) that answers",
                .command("baton candidates \(lost.address)"))
        }
        if let donor = lost.reserved.first(where: { candidate.levelling.donors.contains($0.address) }) {
            throw PlanRefusal(
                FailoverCondition.behind,
                "\(address) lacks what \(donor.address) has received, which is in maintenance (\(donor.mark.owner))",
                .command("baton end-maintenance \(donor.address)"))
        }
        draft.object(candidate.verdict.reasons)
        let (followers, left) = divide(found, candidate, lost)
        return ChosenCandidate(
            found: found, candidate: candidate, donors: donors(of: candidate, lost, ranking), followers: followers,
            left: left)
    }

    private func donors(
        of candidate: Candidate, _ lost: LostSource, _ ranking: CandidateRanking
    ) -> [(found: FoundReplica, received: Received)] {
        // Whoever does not wait for what the candidate itself has does not wait for what others have.
        guard policy.unapplied == .wait else { return [] }
        return candidate.levelling.donors.compactMap { donor in
            guard let found = lost.replica(donor),
                let received = ranking.ranked.first(where: { $0.instance == donor })?.received
            else { return nil }
            return (found, received)
        }
    }

    /// Who goes below the candidate, and who is left. Where it gives up what it has not applied, those that apply more are
    /// ahead of it.
    private func divide(
        _ found: FoundReplica, _ candidate: Candidate, _ lost: LostSource
    ) -> (followers: [FoundReplica], left: [LostReplica]) {
        var followers = lost.replicas.filter { replica in
            candidate.followers.contains { $0.replica == replica.address && $0.channel == replica.channel.name }
        }
        var left = candidate.lost
        func leave(_ replica: FoundReplica, _ reason: Reason) {
            followers.removeAll { $0.reference == replica.reference }
            left.append(LostReplica(replica: replica.address, channel: replica.channel.name, reasons: [reason]))
        }
        if lost.method == .position {
            // All have to apply all before anybody can follow, and nobody waits for what is late on purpose.
            for replica in followers where replica.channel.delay > limits.delay && !replica.hasAppliedAll {
                leave(
                    replica,
                    Reason(
                        FailoverCondition.lostReplica,
                        "\(replica.address) is delayed by \(replica.channel.delay.inWords), and its place in the log of "
                            + "\(found.address) is only known when it has applied all",
                        remedies: [.command("baton delay-replication \(replica.address) 0")]))
            }
        }
        guard policy.unapplied == .lose else { return (followers, left) }
        if lost.method == .position {
            // Nobody waits for what it has still to apply, or starts an applier that was stopped.
            for replica in followers where replica.staysBehind(found) && !found.staysBehind(replica) {
                leave(
                    replica,
                    Reason(
                        FailoverCondition.behind,
                        "\(replica.address) has applied less than \(found.address), and by position it cannot find where to "
                            + "go on in its log",
                        remedies: [.command("baton start-replica \(replica.address)")]))
            }
        }
        for replica in followers where !replica.staysBehind(found) {
            leave(
                replica,
                Reason(
                    FailoverCondition.behind,
                    "\(replica.address) has received more than \(found.address) has applied, and would be ahead of it",
                    remedies: [.advice("let \(found.address) apply what it has received first")]))
        }
        return (followers, left)
    }

    /// Before anything else, where it answers: a primary that goes on taking writes makes two histories.
    func fence(_ lost: LostSource, _ draft: inout PlanDraft) {
        guard policy.livingSource == .fence, let instance = draft.fleet[lost.address], instance.contact.isReachable,
            let facts = instance.facts
        else { return }
        draft.append(Stages([[FencePlanner(MovePlanner(limits: limits)).step(instance, facts)]]))
    }

    /// The candidate and those that it is to fetch from apply what they have received, and, by position, all that are to
    /// follow it, because they find their place in its log only where both have applied the same.
    func apply(_ chosen: ChosenCandidate, _ lost: LostSource, _ draft: inout PlanDraft) {
        guard policy.unapplied == .wait else {
            giveUp(chosen, &draft)
            return
        }
        draft.append(Stages(byServer(appliers(chosen, lost).flatMap { applySteps($0, lost) })))
    }

    /// Those that have to apply what they have received; what one with an error can't apply nobody waits for, and what
    /// MariaDB drops as soon as a thread is started is not there any more.
    func appliers(_ chosen: ChosenCandidate, _ lost: LostSource) -> [FoundReplica] {
        var appliers = [chosen.found] + chosen.donors.map(\.found)
        if lost.method == .position {
            appliers += chosen.followers.filter { found in !appliers.contains { $0.address == found.address } }
        }
        return appliers.filter { !$0.channel.isBroken && !$0.channel.losesBacklog(lost.method) }
    }

    /// Whether its delay can be taken away: MySQL's relay logs outlive a change as long as one thread runs, so that the
    /// receiver must run still, and the change comes before that is stopped (MySQL manual, `CHANGE REPLICATION SOURCE TO`).
    /// Where it does not, and on MariaDB, the delay is waited for.
    func takesDelayAway(of found: FoundReplica) -> Bool {
        found.channel.delay > .zero && found.instance.isMySQLFamily && found.threads.receiver && !found.hasAppliedAll
    }

    /// What a replica has received and cannot apply is dropped when it follows another one: that is told where nobody else
    /// has it.
    func tellDropped(
        _ chosen: ChosenCandidate, _ lost: LostSource, _ ranking: CandidateRanking, _ draft: inout PlanDraft
    ) {
        for found in lost.replicas where found.channel.isBroken {
            guard let amount = ranking[found.address]?.backlog.amount.beyond(ranking.together), !amount.isNothing else {
                continue
            }
            let error = found.channel.applierError.map { ", error \($0.code)" } ?? ""
            draft.object([
                Reason(
                    FailoverCondition.behind,
                    "\(found.address) has received \(amount.words) that nobody else has and that it cannot apply, because "
                        + "its applier has stopped\(error): that is lost when it follows \(chosen.address)",
                    remedies: [.command("baton skip-query \(found.address)")])
            ])
        }
    }

    /// What is lost where nobody waits: what the candidate has not applied, and what others have more than it.
    private func giveUp(_ chosen: ChosenCandidate, _ draft: inout PlanDraft) {
        let candidate = chosen.candidate
        if !candidate.backlog.amount.isNothing {
            draft.object([
                Reason(
                    FailoverCondition.unapplied,
                    "\(chosen.address) gives up what it has received and not applied: \(candidate.backlog.amount.words)",
                    remedies: [.advice("let it apply that first")])
            ])
        }
        guard !candidate.missing.isNothing, candidate.levelling.obstacle == nil else { return }
        draft.object([
            Reason(
                FailoverCondition.behind,
                "\(chosen.address) lacks \(candidate.missing.words) that others have, and nobody waits for that",
                remedies: [.advice("let it fetch that first")])
        ])
    }

    private func applySteps(_ found: FoundReplica, _ lost: LostSource) -> [Step] {
        guard !found.hasAppliedAll else { return [] }
        let name = found.channel.name
        var commands: [Command] = []
        var proof: [Expectation] = [.appliedReceived(channel: name)]
        if !found.threads.applier, !found.losesRelayLogWithBothStopped, !takesDelayAway(of: found) {
            commands.append(.startReplication(channel: name, threads: .applier))
        }
        if lost.method == .gtid, let set = found.receivedGTIDs {
            commands.append(.wait(channel: name, .executed(.known(set))))
            proof = [.hasExecuted(.known(set))]
        } else if let received = found.channel.received {
            commands.append(.wait(channel: name, .position(.known(received))))
        }
        return [
            Step(
                stage: 0, on: found.address, "apply what was received",
                preconditions: found.before + [.stopped(.receiver, channel: name)], commands: commands, proof: proof,
                timeLimit: limits.catchingUp(found.channel), waitsFor: "\(found.address) to apply what it received")
        ]
    }
}

extension FailoverPlanner {
    /// The candidate follows those that have more, one after another, until it has it.
    func level(_ chosen: ChosenCandidate, _ lost: LostSource, _ draft: inout PlanDraft) {
        if let obstacle = chosen.candidate.levelling.obstacle {
            draft.object([
                Reason(
                    FailoverCondition.behind,
                    "\(chosen.address) lacks \(chosen.candidate.levelling.remaining.words) that others have: \(obstacle)",
                    remedies: [.command("baton candidates \(lost.address)")])
            ])
        }
        for donor in chosen.donors {
            let name = chosen.channel
            let goal: Expectation
            let place: SourcePositioning?
            switch donor.received {
            case .gtids(let set): (goal, place) = (.hasExecuted(.known(set)), .autoPosition)
            case .domains(let position): (goal, place) = (.hasReached(.known(position)), chosen.found.presentPlace)
            case .position, .unknown: continue
            }
            let fetch = Step(
                stage: 0, on: chosen.address, "fetch from \(donor.found.address) what it has more",
                preconditions: chosen.found.instance.identityExpectation + [.stopped(.receiver, channel: name)],
                commands: chosen.found.leading(to: donor.found.address, place) + [.startReplication(channel: name)],
                proof: [.follows(donor.found.address, channel: name), goal],
                timeLimit: limits.catchUp, waitsFor: "\(chosen.address) to have what \(donor.found.address) has",
                irreversible: "\(chosen.address) follows \(donor.found.address), which had more")
            let stop = Step(
                stage: 0, on: chosen.address, "stop receiving",
                preconditions: [.follows(donor.found.address, channel: name)],
                commands: [.stopReplication(channel: name, threads: .receiver)],
                proof: [.stopped(.receiver, channel: name)], timeLimit: limits.statement)
            draft.append(Stages([[fetch], [stop]]))
        }
    }

    /// The candidate takes writes, and the others follow it, at once.
    func promote(_ chosen: ChosenCandidate, _ lost: LostSource, _ draft: inout PlanDraft) throws(PlanRefusal) {
        for reason in chosen.candidate.followers.flatMap({ $0.verdict.reasons }) { draft.object([reason]) }
        if lost.method == .position { draft.append(Stages([[haltStep(chosen)]])) }
        let semiSync = SuccessorSemiSync(
            of: chosen.found, insteadOf: draft.fleet[lost.address]?.facts?.semiSync.source, followers: chosen.followers,
            semiSync, in: draft.scene)
        draft.object(semiSync.reasons)
        let promotion = try promotionStep(chosen, lost, semiSync, draft)
        let following = chosen.followers.flatMap { followSteps($0, chosen, lost, semiSync) }
        draft.append(Stages(byServer([promotion] + following)))
    }

    /// By position: all stand at the end of what was received, and the candidate's log ends where they go on.
    private func haltStep(_ chosen: ChosenCandidate) -> Step {
        let name = chosen.channel
        return Step(
            stage: 0, on: chosen.address, "stop, and note the end of its log",
            preconditions: chosen.found.before + [.stopped(.receiver, channel: name)],
            commands: [.stopReplication(channel: name)],
            observes: [
                Observation(.binaryLogEnd, of: chosen.address),
                Observation(.executedPosition, of: chosen.address, channel: name),
            ],
            proof: [.stopped(.both, channel: name)]
                + (policy.unapplied == .wait ? [.appliedReceived(channel: name)] : []),
            timeLimit: stopping(chosen.found.instance))
    }

    private func promotionStep(
        _ chosen: ChosenCandidate, _ lost: LostSource, _ semiSync: SuccessorSemiSync, _ draft: PlanDraft
    ) throws(PlanRefusal) -> Step {
        let name = chosen.channel
        let instance = try draft.server(chosen.address)
        guard let facts = instance.facts else { throw PlanRefusal([]) }
        // Commits wait for an acknowledgement on the new primary as they did on the old one.
        let sides = semiSync.switches(chosen.found, by: MovePlanner(limits: limits))
        let opening: [Command] = facts.writability.isWritable ? [] : [.setVariable(.readOnly, to: "OFF")]
        let forgetting: [Command] = [
            .stopReplication(channel: name), .resetReplica(channel: name, .everything),
        ]
        // Where all is applied that it is to apply, writes come first: stopping may take long.
        let commands =
            policy.unapplied == .wait
            ? sides.commands + opening + forgetting : forgetting + sides.commands + opening
        return Step(
            stage: 0, on: chosen.address, "let every account write, and forget the lost source",
            preconditions: instance.identityExpectation + [.stopped(.receiver, channel: name)] + haveAll(chosen),
            commands: commands,
            proof: [.followsNobody(channel: name), .writability(.writable)] + sides.proof,
            timeLimit: stopping(chosen.found.instance),
            irreversible: "\(chosen.address) takes writes now, which \(lost.address) lacks")
    }

    /// That it has what was to be kept; looked at once more just before.
    private func haveAll(_ chosen: ChosenCandidate) -> [Expectation] {
        let all = chosen.donors.map(\.received) + (policy.unapplied == .wait ? [chosen.candidate.received] : [])
        return all.compactMap { received in
            switch received {
            case .gtids(let set): .hasExecuted(.known(set))
            case .domains(let position): .hasReached(.known(position))
            // Proved by the step before.
            case .position, .unknown: nil
            }
        }
    }
}

extension Shortfall {
    /// What of it is not in what others have.
    fileprivate func beyond(_ others: Received) -> Shortfall {
        switch (self, others) {
        case (.transactions(let set), .gtids(let all)):
            let rest = set.subtracting(all)
            return rest.isEmpty ? .nothing : .transactions(rest)
        case (.domains(_, let end), .domains(let all)):
            return all.transactionsBehind(end) == 0 ? .nothing : self
        case (.log(let from, let end), .position(let all)):
            guard all.isComparable(with: end) else { return self }
            return all >= end ? .nothing : .log(from: max(from, all), to: end)
        default: return self
        }
    }
}
