import Refactoring
import Topology

/// Makes the plan by which a primary that was given up comes back as a replica. Pure, as every planner is.
///
/// It comes back only where the new primary has all that it has, by GTID; nothing is ever injected or left out to get there.
public struct RejoinPlanner: Sendable {
    let moves: MovePlanner

    /// Makes a planner.
    public init(_ moves: MovePlanner = MovePlanner()) { self.moves = moves }

    /// The plan, or everything that stands in the way.
    public func plan(_ wish: Rejoin, in scene: RuleScene) -> PlanAnswer {
        do throws(PlanRefusal) {
            var draft = PlanDraft(scene)
            let server = try draft.server(scene.fleet.canonical(wish.server))
            let primary = try primary(wish, of: server, draft)
            let objections = objections(to: server, below: primary, draft)
            guard objections.isEmpty else { throw PlanRefusal(objections) }
            let pair = try pair(server, primary, wish, &draft)
            draft.object(emptinessObjections(server, below: primary))
            draft.object(readOnlyObjections(primary))
            draft.object(moves.stopsWritesObjections(server, in: draft.fleet, scene))
            draft.append(pair.stages)
            draft.succession = Succession(.rejoin, of: server.address, by: primary.address)
            draft.intent = "Let \(server.address) come back as a replica of \(primary.address)"
            return try draft.answer(verb: Rejoin.verb)
        } catch {
            return .refused(Verdict(error.reasons).reasons)
        }
    }
}

extension RejoinPlanner {
    /// The one that was named; or that took its place in the recovery in which it was lost; or the only primary that has
    /// transactions under the same server UUIDs.
    private func primary(
        _ wish: Rejoin, of server: Instance, _ draft: PlanDraft
    ) throws(PlanRefusal) -> Instance {
        if let named = wish.primary {
            let primary = try draft.target(draft.fleet.canonical(named))
            guard primary.address != server.address else {
                throw PlanRefusal(
                    RejoinCondition.noPrimary, "\(server.address) cannot follow itself",
                    .command("baton rejoin \(server.address) --below PRIMARY"))
            }
            return primary
        }
        if let heir = heir(of: server, draft) { return heir }
        let kin = draft.scene.forest.clusters.compactMap(\.primary).filter { $0 != server.address }
            .compactMap { draft.fleet[$0] }.filter { $0.contact.isReachable && sharesHistory(server, $0) }
        guard let primary = kin.first, kin.count == 1 else {
            let names = kin.map(\.address.description).joined(separator: ", ")
            throw PlanRefusal(
                RejoinCondition.noPrimary,
                kin.isEmpty
                    ? "nothing shows which server took the place of \(server.address)"
                    : "several primaries have the history of \(server.address): \(names)",
                .command("baton rejoin \(server.address) --below PRIMARY"))
        }
        return primary
    }

    /// The primary of the cluster in which its successor is now: that one may have been followed by others.
    private func heir(of server: Instance, _ draft: PlanDraft) -> Instance? {
        guard server.facts != nil, let replaced = draft.scene.replacement(of: server.address),
            let primary = replaced.heir(of: server.address, in: draft.scene.forest)
        else { return nil }
        return draft.fleet[primary]
    }

    /// MariaDB's server ids may be the same in two clusters, and prove nothing.
    private func sharesHistory(_ server: Instance, _ other: Instance) -> Bool {
        guard case .mysql(let own) = server.facts?.gtid, case .mysql(let theirs) = other.facts?.gtid else {
            return false
        }
        return own.executed.subtracting(theirs.executed) != own.executed
    }

    /// All that stands in the way of the two, at once.
    private func objections(to server: Instance, below primary: Instance, _ draft: PlanDraft) -> [Reason] {
        let (old, new) = (server.address, primary.address)
        guard let facts = server.facts, server.contact.isReachable else { return [draft.silence(of: server)] }
        guard let theirs = primary.facts, primary.contact.isReachable else { return [draft.silence(of: primary)] }
        var reasons: [Reason] = []
        for member in [server, primary] where member.facts?.groupReplication?.own != nil || member.facts?.galera != nil
        {
            reasons.append(
                Reason(
                    RejoinCondition.member, "\(member.address) is a member of a group or of a Galera cluster",
                    remedies: [.advice("start it as a member, and let the group take it back")]))
        }
        if let channel = server.channels.first, let source = channel.source ?? channel.detachedFrom {
            reasons.append(
                Reason(
                    RejoinCondition.follows, "\(old) has \(source) as its source already",
                    remedies: [.command("baton relocate \(old) \(new)"), .command("baton reset-replica \(old)")]))
        }
        if draft.isBelow(new, old) {
            reasons.append(
                Reason(
                    RejoinCondition.feeds, "\(new) follows \(old), directly or over others",
                    remedies: [.command("baton switchover \(old) --to \(new)")]))
        }
        return reasons + divergence(of: facts, at: old, from: theirs, at: new)
            + forgottenObjections(server, facts, below: new, theirs)
    }

    private func divergence(
        of facts: InstanceFacts, at old: InstanceAddress, from theirs: InstanceFacts, at new: InstanceAddress
    ) -> [Reason] {
        let divergence = Divergence(of: facts, from: theirs)
        let isMariaDB = facts.version.flavor == .mariadb
        let anew =
            isMariaDB
            ? "make \(old) anew: mariadb-backup on \(new), restored on \(old), and its gtid_slave_pos set to that of the backup"
            : "make \(old) anew: CLONE INSTANCE FROM \(new), run on \(old), or a backup of \(new)"
        switch divergence {
        case .none: return []
        case .unknown:
            return [
                Reason(
                    RejoinCondition.noGTIDs, "\(old) and \(new) do not both say by GTID what they have",
                    remedies: [.advice(anew)])
            ]
        case .transactions, .stretches:
            let look =
                isMariaDB
                ? "look at them with mariadb-binlog in the last binary logs of \(old)"
                : "look at them with mysqlbinlog --include-gtids='\(divergence.detail)' in the last binary logs of \(old)"
            return [
                Reason(
                    RejoinCondition.diverged,
                    "\(old) has \(divergence.words) that \(new) lacks: \(divergence.detail)",
                    measured: [Measurement("transactions", of: old, divergence.detail)],
                    remedies: (facts.writability.isWritable ? [.command("baton fence \(old)")] : [])
                        + [
                            .advice("leave \(old) as it is, while somebody may need them"), .advice(look),
                            .advice(anew),
                        ])
            ]
        }
    }

    /// Whether it would leave out transactions of its own that it has no more: a MariaDB replica skips those that bear its server id
    /// (MariaDB manual, `replicate_same_server_id`).
    private func forgottenObjections(
        _ server: Instance, _ facts: InstanceFacts, below primary: InstanceAddress, _ theirs: InstanceFacts
    ) -> [Reason] {
        guard case .mariadb(let own) = facts.gtid, case .mariadb(let state) = theirs.gtid else { return [] }
        let forgotten = state.binlogState.gtids.filter { gtid in
            gtid.server == facts.identity.serverID && !own.binlogState.covers(gtid)
                && (own.replicaPosition[gtid.domain]?.sequence ?? 0) < gtid.sequence
        }
        guard !forgotten.isEmpty else { return [] }
        let last = forgotten.map(\.description).joined(separator: ", ")
        return [
            Reason(
                RejoinCondition.forgotten,
                "\(server.address) once wrote transactions up to \(last), which \(primary) has and it has not any more: they bear its "
                    + "server id, and as a replica it would leave them out",
                measured: [Measurement("gtid_binlog_state", of: primary, last)],
                remedies: [
                    .statement("SET GLOBAL server_id = NUMBER", on: server.address),
                    .advice(
                        "make \(server.address) anew: mariadb-backup on \(primary), restored on \(server.address), and its "
                            + "gtid_slave_pos set to that of the backup"),
                ])
        ]
    }

    /// That nothing shows whose data it holds (MariaDB): it never logged anything, or what it logged was reset.
    private func emptinessObjections(_ server: Instance, below primary: Instance) -> [Reason] {
        guard case .mariadb(let own)? = server.facts?.gtid, own.binlogState.gtids.isEmpty, own.replicaPosition.isEmpty
        else { return [] }
        return [
            Reason(
                RejoinCondition.nothingInCommon,
                "\(server.address) has no transaction by GTID, and begins with the first of \(primary.address): what it holds besides is "
                    + "known to nobody",
                measured: [Measurement("gtid_binlog_state", of: server.address, "")],
                remedies: [
                    .advice("look at the data of \(server.address): it must be that of a server that was just made")
                ])
        ]
    }

    private func readOnlyObjections(_ primary: Instance) -> [Reason] {
        guard primary.facts?.writability.isWritable == false else { return [] }
        return [
            Reason(
                RejoinCondition.primaryReadOnly, "\(primary.address) is read-only",
                measured: [Measurement("read_only", of: primary.address, "ON")],
                remedies: [.command("baton set-writable \(primary.address)")])
        ]
    }

    /// The two, with how the replicas of the primary connect to it.
    private func pair(
        _ server: Instance, _ primary: Instance, _ wish: Rejoin, _ draft: inout PlanDraft
    ) throws(PlanRefusal) -> RejoinPair {
        let witness = draft.replicas(of: primary.address).first {
            $0.instance.contact.isReachable && $0.channel.user != nil
                && (wish.user ?? $0.channel.user) == $0.channel.user
        }
        guard let user = wish.user ?? witness?.channel.user else {
            throw PlanRefusal(
                RejoinCondition.noAccount, "no replica of \(primary.address) shows with which account it replicates",
                .command("baton rejoin \(server.address) --below \(primary.address) --replication-user USER"))
        }
        let channel = ReplicationChannel(
            name: "", source: nil, user: user, receiver: .stopped, applier: .stopped,
            positioning: server.isMySQLFamily ? .autoPosition : .replicaPosition)
        let scene = draft.scene.asking(server.asItWillAsk)
        let relocation = Relocation(server.asItWillAsk, channel, below: primary, in: scene.fleet, limits: moves.limits)
        let reasons = moves.judge(relocation, scene, [server.address], .takeover).reasons.filter {
            !MovePlanner.meantByCoPrimaries.contains($0.rule) && !Self.meantByRejoining.contains($0.rule)
        }
        guard Verdict(reasons).isLegal else { throw PlanRefusal(reasons) }
        draft.object(reasons)
        return RejoinPair(server: server, primary: primary, user: user, witness: witness, moves: moves)
    }

    /// What was compared above more strictly, or belongs to a server that followed nobody.
    private static let meantByRejoining: Set<RuleID> = [
        "gtid.errant-d", "move.cluster", "repl.lag", "repl.target", "cand.last", "semi.last",
    ]
}

extension Instance {
    /// With the place from which it will ask: what it wrote itself counts as applied then (MariaDB).
    fileprivate var asItWillAsk: Instance {
        guard var facts, case .mariadb(var state) = facts.gtid else { return self }
        state.replicaPosition = state.currentPosition
        facts.gtid = .mariadb(state)
        var other = self
        other.facts = facts
        return other
    }
}

extension RuleScene {
    /// The scene with a server that asks from another place than it would now.
    fileprivate func asking(_ server: Instance) -> RuleScene {
        var fleet = fleet
        fleet.update(server)
        return RuleScene(fleet, limits: limits, now: now, holds: holds, lastReads: lastReads, marks: marks, after: self)
    }
}
