import Diagnosis
import Refactoring
import Topology

/// Makes the plan of a failover, or says why there is none. Pure: it looks at a fleet as it was last read.
///
/// Who has received most is only known when nobody receives any more. So the plan begins with stopping all receivers, and
/// goes on only where each has received exactly what the plan was made by; otherwise it stops there, and a new plan is made
/// of what they have then.
public struct FailoverPlanner: Sendable {
    /// How long servers are given.
    public let limits: PlanLimits
    /// What was chosen of how it goes.
    public let policy: FailoverPolicy
    /// What number of semi-synchronous replicas is right.
    public let semiSync: FailureLimits.SemiSyncCount

    /// Makes a planner.
    public init(
        limits: PlanLimits = PlanLimits(), policy: FailoverPolicy = FailoverPolicy(),
        semiSync: FailureLimits.SemiSyncCount = .atLeast
    ) {
        self.limits = limits
        self.policy = policy
        self.semiSync = semiSync
    }

    /// The command that asks for it.
    public static let verb = "failover"

    /// Nobody receives any more; the candidate applies what it has received and fetches what another has more; it takes
    /// writes, and the others follow it.
    ///
    /// - Parameters:
    ///   - candidate: one of `ranking`, in which the servers that have more than it are looked up too.
    ///   - source: the server that is given up.
    public func plan(
        promoting candidate: InstanceAddress, insteadOf source: InstanceAddress, by ranking: CandidateRanking,
        in scene: RuleScene
    ) -> PlanAnswer {
        do throws(PlanRefusal) {
            var draft = PlanDraft(scene)
            let lost = try lostSource(source, &draft)
            let chosen = try choose(candidate, lost, ranking, &draft)
            tellDropped(chosen, lost, ranking, &draft)
            tellLoss(of: chosen, lost, &draft)
            let preferred = tellPreferred(to: chosen, ranking, &draft)
            tellRestart(of: chosen, &draft)
            tellBroken(lost, below: chosen, &draft)
            fence(lost, &draft)
            draft.append(Stages(byServer(lost.replicas.compactMap { stopReceiver($0, chosen, lost) })))
            apply(chosen, lost, &draft)
            level(chosen, lost, &draft)
            try promote(chosen, lost, &draft)
            handOverEvents(chosen, lost, &draft)
            leaveBehind(chosen, lost, &draft)
            draft.givenUp = draft.fleet[lost.address]?.contact.isReachable == true ? [] : [lost.address]
            draft.succession = Succession(
                occasion(lost, draft), of: lost.address, by: chosen.address, leaving: chosen.left.map(\.replica),
                ratherThan: preferred)
            draft.intent = "Promote \(chosen.address) in place of \(lost.address)"
            return try draft.answer(verb: Self.verb)
        } catch {
            return .refused(Verdict(error.reasons).reasons)
        }
    }
}

extension FailoverPlanner {
    private func occasion(_ lost: LostSource, _ draft: PlanDraft) -> Succession.Occasion {
        guard let instance = draft.fleet[lost.address] else { return .failover }
        if instance.contact.isReachable || instance.contact.isTurningAway { return .forcedFailover }
        return instance.isReplica ? .coPrimary : .failover
    }

    /// How long a step may take that stops an applier. Where a transaction has come in half, as when its source died meanwhile,
    /// MySQL's parallel applier waits up to a minute for the rest before it stops (seen on 9.7).
    func stopping(_ instance: Instance) -> Duration {
        instance.isMySQLFamily ? max(limits.statement, .seconds(70)) : limits.statement
    }

    /// Steps on different servers at once; of several channels of one server one after the other.
    func byServer(_ steps: [Step]) -> [[Step]] {
        var stages: [[Step]] = []
        for step in steps {
            let free = stages.firstIndex { stage in !stage.contains { $0.instance == step.instance } }
            if let free { stages[free].append(step) } else { stages.append([step]) }
        }
        return stages
    }

    private func lostSource(_ source: InstanceAddress, _ draft: inout PlanDraft) throws(PlanRefusal) -> LostSource {
        let lost = LostSource(source, in: draft)
        if draft.fleet[lost.address]?.isGroupMember == true {
            throw PlanRefusal(
                FailoverCondition.groupDecides,
                "\(lost.address) is a member of a group, which decides by itself who takes writes",
                .advice("let the group elect; then move the replicas of \(lost.address) below another member"))
        }
        try refuseReplaced(lost, draft)
        try refuseLiving(lost, &draft)
        if let nobodyLeft = lost.nobodyLeft(draft) { throw PlanRefusal([nobodyLeft]) }
        if draft.fleet[lost.address]?.facts == nil {
            draft.object([
                Reason(
                    FailoverCondition.unreadSource,
                    "\(lost.address) was never read by baton, and may have more replicas than these: "
                        + lost.replicas.map(\.address.description).joined(separator: ", "),
                    remedies: [.advice("make its other replicas known: baton discover SERVER")])
            ])
        }
        tellHeard(lost, &draft)
        draft.object(lost.reservations)
        draft.object(
            lost.silent.map { silent in
                Reason(
                    FailoverCondition.silentReplica,
                    "\(silent) does not answer: it may have received more than the others, and stays as it is",
                    remedies: [.advice("bring \(silent) back first, where there is time")])
            })
        return lost
    }

    /// The replicas' view decides: whom they hear from lives, and it is baton that does not reach it.
    private func tellHeard(_ lost: LostSource, _ draft: inout PlanDraft) {
        let contact = draft.fleet[lost.address]?.contact
        guard contact?.isReachable != true, contact?.isTurningAway != true else { return }
        if lost.replicas.allSatisfy({ $0.channel.receiver == .stopped && $0.channel.receiverError == nil }) {
            draft.object([
                Reason(
                    FailoverCondition.unconfirmed,
                    "no replica says that it has lost \(lost.address): their receivers were stopped, and baton alone does not "
                        + "reach it",
                    remedies: [
                        .command("baton analyze --explain \(lost.address)"),
                        .advice("let one of them receive again, which shows whether it lives"),
                    ])
            ])
        }
        let hearing = lost.replicas.filter { found in
            found.channel.receiver == .running && found.channel.silence == nil
                && draft.fleet.source(of: found.channel) == lost.address
        }
        guard !hearing.isEmpty else { return }
        let names = hearing.map(\.address.description).joined(separator: ", ")
        draft.object([
            Reason(
                FailoverCondition.receivesStill,
                "\(lost.address) does not answer baton, and still sends to \(names), as far as can be told: it may live and take "
                    + "writes",
                measured: hearing.map { Measurement("Replica_IO_Running", of: $0.address, "Yes") },
                remedies: [.command("baton analyze --explain \(lost.address)")])
        ])
    }

    /// A replica that was frozen or cut off in an earlier failover still follows the old primary; it is none to promote.
    private func refuseReplaced(_ lost: LostSource, _ draft: PlanDraft) throws(PlanRefusal) {
        guard let replaced = Self.objectionOfReplaced(lost.address, in: draft.scene) else { return }
        throw PlanRefusal([replaced])
    }

    /// That another one took the place of a source before; `nil` where nobody did.
    static func objectionOfReplaced(_ source: InstanceAddress, in scene: RuleScene) -> Reason? {
        guard let replaced = scene.replacement(of: source) else { return nil }
        return Reason(
            FailoverCondition.replaced, "\(source) was given up before: \(replaced.words)",
            remedies: [
                .command("baton relocate-replicas \(source) \(replaced.successor)"),
                .command("baton end-downtime \(source)"),
            ])
    }

    private func refuseLiving(_ lost: LostSource, _ draft: inout PlanDraft) throws(PlanRefusal) {
        guard let instance = draft.fleet[lost.address] else { return }
        let (sentence, consequence): (String, String)
        switch instance.contact {
        case .noAccess(_, _, let failure):
            sentence = "\(lost.address) answers, and does not let baton in (\(failure.message)): its clients may write"
            consequence = "baton cannot make it read-only"
        case .reachable:
            let isWritable = instance.facts?.writability.isWritable != false
            sentence = "\(lost.address) answers" + (isWritable ? ", and can be written to" : "")
            consequence = "it is made read-only first"
        case .neverTried, .remembered, .unreachable: return
        }
        guard policy.livingSource == .refuse else {
            var reason = Reason(
                FailoverCondition.sourceAnswers, "\(sentence): \(consequence)",
                remedies: [.command("baton switchover \(lost.address)")])
            reason.gravity = .confirm
            draft.object([reason])
            return
        }
        throw PlanRefusal(
            FailoverCondition.sourceAnswers, sentence, .command("baton switchover \(lost.address)"),
            .command("baton failover \(lost.address) --living-primary"))
    }

    /// With what it has received then the plan goes on, and with nothing else.
    ///
    /// A MariaDB replica by GTID drops its relay log when it is started with both threads stopped (measured on 10.11), so that
    /// an applier that has something to apply is started before.
    private func stopReceiver(_ found: FoundReplica, _ chosen: ChosenCandidate, _ lost: LostSource) -> Step? {
        guard found.channel.receiver != .stopped else { return nil }
        let name = found.channel.name
        let received = found.channel.received.map { [Expectation.received($0, channel: name)] } ?? []
        let isNeeded = appliers(chosen, lost).contains { $0.reference == found.reference } && policy.unapplied == .wait
        var (keeping, back): ([Command], [Command]) = ([], [])
        if isNeeded, takesDelayAway(of: found) {
            let stop = Command.stopReplication(channel: name, threads: .applier)
            let start = Command.startReplication(channel: name, threads: .applier)
            keeping =
                (found.threads.applier ? [stop] : []) + [
                    .changeSource(channel: name, SourceChange(delay: .zero)), start,
                ]
            back =
                [stop, .changeSource(channel: name, SourceChange(delay: found.channel.delay))]
                + (found.threads.applier ? [start] : [])
        } else if isNeeded, found.losesRelayLogWithBothStopped, !found.hasAppliedAll {
            keeping = [.startReplication(channel: name, threads: .applier)]
            back = [.stopReplication(channel: name, threads: .applier)]
        }
        return Step(
            stage: 0, on: found.address, "stop receiving", preconditions: found.before,
            commands: keeping + [.stopReplication(channel: name, threads: .receiver)],
            proof: [.stopped(.receiver, channel: name)] + received, timeLimit: limits.statement,
            inverse: [.startReplication(channel: name, threads: .receiver)] + back)
    }
}
