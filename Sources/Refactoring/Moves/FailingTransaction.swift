import Topology

/// The transaction on which an applier stopped, as far as it can be told: by the error's own words, and where they do not
/// name it, by what was received and is not executed. Never by counting on from the last transaction of some server,
/// which is the wrong one as soon as there are two.
enum FailingTransaction: Hashable {
    case mysql(GTIDSet)
    case mariadb(MariaDBGTID)
    /// It has no GTID, or none is used here.
    case anonymous
    /// Several could be meant.
    case ambiguous(String)

    init(of channel: ReplicationChannel, _ gtid: GTIDState) {
        let message = channel.applierError?.message ?? ""
        switch gtid {
        case .mysql(let state):
            if let named = Self.mysqlGTID(in: message) {
                self = .mysql(named)
            } else if state.mode != .on {
                self = .anonymous
            } else {
                self = Self.first(of: channel.retrieved?.subtracting(state.executed) ?? GTIDSet())
            }
        case .mariadb:
            self = Self.mariadbGTID(in: message).map { .mariadb($0) } ?? .anonymous
        case .none:
            self = .anonymous
        }
    }

    /// The lowest of those received and not executed, where they are of one server: it commits in order.
    private static func first(of missing: GTIDSet) -> FailingTransaction {
        guard let part = missing.parts.first, let interval = part.intervals.first else {
            return .ambiguous("the error names no transaction, and all that was received is executed")
        }
        guard missing.parts.count == 1 else {
            return .ambiguous("the error names no transaction, and \(missing) wait to be applied")
        }
        return .mysql(GTIDSet(uuid: part.origin.uuid, tag: part.origin.tag, interval.first...interval.first))
    }

    /// `… failed executing transaction '3E11FA47-…:23' at source log …` (MySQL's ER_MTA_COORDINATOR and worker errors).
    private static func mysqlGTID(in message: String) -> GTIDSet? {
        guard let start = message.firstRange(of: "transaction '")?.upperBound else { return nil }
        let text = message[start...].prefix { $0 != "'" }
        guard let set = try? GTIDSet(parsing: String(text)), set.transactionCount == 1 else { return nil }
        return set
    }

    /// `… Gtid 0-1-100 …`, as MariaDB writes where it names it.
    private static func mariadbGTID(in message: String) -> MariaDBGTID? {
        for mark in ["Gtid ", "GTID "] {
            guard let start = message.firstRange(of: mark)?.upperBound else { continue }
            let text = message[start...].prefix { $0.isNumber || $0 == "-" }
            if let gtid = try? MariaDBGTID(parsing: String(text)) { return gtid }
        }
        return nil
    }
}

/// How one transaction is left out.
private struct Skipping {
    let words: String
    let commands: [Command]
    let proof: [Expectation]
    /// What has to be true besides: that it is still this transaction which comes next.
    var before: [Expectation]

    init(_ words: String, _ commands: [Command], _ proof: [Expectation], before: [Expectation] = []) {
        self.words = words
        self.commands = commands
        self.proof = proof
        self.before = before
    }
}

extension MovePlanner {
    /// Only while the applier stands where it was seen with the error that was seen: whatever comes later, as when the
    /// plan is gone on with on another day, is another transaction.
    func skip(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        guard let error = found.channel.applierError, found.channel.applier == .stopped else {
            throw PlanRefusal(
                ReplicaCondition.noError, "the applier of \(found.reference) has not stopped on an error",
                .command("baton start-replica \(found.address)"))
        }
        let gtid = found.instance.facts?.gtid ?? .none
        var skipping: Skipping
        switch FailingTransaction(of: found.channel, gtid) {
        case .mysql(let transaction):
            skipping = Skipping(
                "\(transaction)", [.injectEmptyTransaction(transaction)], [.hasExecuted(.known(transaction))])
        case .mariadb(let transaction):
            guard found.channel.positioning.isGTID, case .mariadb(let state) = gtid else { fallthrough }
            try requireOthersStopped(found)
            let position = GTIDPosition(
                state.replicaPosition.gtids.filter { $0.domain != transaction.domain } + [transaction])
            skipping = Skipping(
                "\(transaction)",
                [
                    .stopReplication(channel: found.channel.name),
                    .setVariable(.replicaPosition, to: position.description),
                ],
                [.hasReached(.known(position))], before: [.standsAt(.known(state.replicaPosition))])
        case .anonymous:
            try checkCounter(found, gtid)
            skipping = Skipping("the next transaction", [.skipEventGroup(channel: found.channel.name)], [])
            warnOfPrivilege(found, &draft)
            // One position for all connections: others that run would move it.
            if case .mariadb(let state) = gtid, found.channel.positioning.isGTID, found.instance.channels.count == 1 {
                skipping.before.append(.standsAt(.known(state.replicaPosition)))
            } else if found.channel.executed == nil {
                throw PlanRefusal(
                    ReplicaCondition.placeUnknown,
                    "where \(found.reference) stands is not known, and another transaction may be next when it is skipped",
                    .advice("look why with `baton doctor \(found.address)`"))
            }
        case .ambiguous(let why):
            throw PlanRefusal(
                ReplicaCondition.unknownTransaction,
                "which transaction \(found.reference) failed on is not known: \(why)",
                measured: [Measurement("last applier error", of: found.address, error.message)],
                .advice(
                    "look it up in performance_schema.replication_applier_status_by_worker, and inject an empty "
                        + "transaction under its GTID"))
        }
        add(skipping, of: found, error, to: &draft)
    }

    private func warnOfPrivilege(_ found: FoundReplica, _ draft: inout PlanDraft) {
        guard found.instance.facts?.version.flavor == .mariadb else { return }
        draft.object([
            Reason(
                ReplicaCondition.needsSuper,
                "\(found.address) lets nobody set sql_slave_skip_counter but an account with SUPER",
                remedies: [.command("baton doctor \(found.address)")])
        ])
    }

    private func add(
        _ skipping: Skipping, of found: FoundReplica, _ error: ReplicationError, to draft: inout PlanDraft
    ) {
        let name = found.channel.name
        // A receiver that the skipping stopped, or that ran, is started with the applier.
        let threads: ReplicationThreads = found.threads.receiver ? .both : .applier
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: found.address, "leave out \(skipping.words)",
                        preconditions: found.before + [
                            .stopped(.applier, channel: name),
                            .stoppedOnError(code: error.code, at: found.channel.executed, channel: name),
                        ] + skipping.before,
                        commands: skipping.commands + [.startReplication(channel: name, threads: threads)],
                        proof: skipping.proof + (threads == .both ? [.replicates(channel: name)] : []),
                        timeLimit: limits.statement, waitsFor: "its applier to run again")
                ]
            ]))
        draft.object([
            Reason(
                ReplicaCondition.dataDiffer,
                "\(found.address) will lack what \(skipping.words) changes, and its data will differ",
                measured: [Measurement("last applier error", of: found.address, error.message)],
                remedies: [.advice("compare the tables concerned with those of the source, and mend them")])
        ])
        draft.intent = "Skip \(skipping.words) on \(found.reference)"
    }

    /// `gtid_slave_pos` is one for all connections, and can be set only while none of them runs (MariaDB error 1198).
    private func requireOthersStopped(_ found: FoundReplica) throws(PlanRefusal) {
        let others = found.instance.channels.filter {
            $0.name != found.channel.name && !FoundThreads($0).stop.isEmpty
        }
        guard let other = others.first else { return }
        throw PlanRefusal(
            ReplicaCondition.othersRun,
            "the connection '\(other.name)' of \(found.address) runs, and its position is shared",
            .command("baton stop-replica \(found.address) --channel '\(other.name)'"))
    }

    /// MariaDB takes the counter with GTIDs of one domain only (its error 1966 otherwise).
    private func checkCounter(_ found: FoundReplica, _ gtid: GTIDState) throws(PlanRefusal) {
        guard case .mariadb(let state) = gtid, found.channel.positioning.isGTID,
            state.replicaPosition.gtids.count > 1
        else { return }
        throw PlanRefusal(
            ReplicaCondition.severalDomains,
            "\(found.reference) applies several domains by GTID, and its error does not say which transaction failed",
            measured: [Measurement("gtid_slave_pos", of: found.address, state.replicaPosition.description)],
            .advice(
                "find the failing GTID in the server's error log or with mysqlbinlog, and set gtid_slave_pos to the "
                    + "present position with that GTID in place of its domain's"))
    }
}
