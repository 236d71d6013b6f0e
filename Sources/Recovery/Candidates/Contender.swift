import Topology

/// A server that may take a place, as it was read, before anything is judged.
struct Contender: Sendable {
    let instance: Instance
    let role: Candidate.Role
    /// The channel that has lost, or is to lose, its source; `nil` where it has none.
    let channel: ReplicationChannel?
    /// Whether what was read of it holds: it answers, or a snapshot remembers it without trouble.
    let answers: Bool
    /// All that arrived.
    let arrived: Received
    /// What of it can be applied.
    let received: Received
    let applied: Received
    let errant: ErrantTransactions

    var address: InstanceAddress { instance.address }
    var facts: InstanceFacts? { instance.facts }

    /// - Parameter isComparable: whether its places are in the log in which those of the others are.
    init(
        _ instance: Instance, as role: Candidate.Role, by channel: ReplicationChannel?, method: RecoveryMethod,
        isComparable: Bool, errant: ErrantTransactions
    ) {
        self.instance = instance
        self.role = role
        self.channel = channel
        self.errant = errant
        answers = instance.isAnswering
        // Its own transactions are no news of the source, and nobody is to fetch them.
        let facts = isComparable ? instance.facts : nil
        applied = facts.map { .applied(by: $0, channel, method).less(errant) } ?? .unknown
        arrived = facts.map { .arrived(at: $0, channel, method).less(errant) } ?? .unknown
        let isStuck = channel?.isBroken == true || channel?.losesBacklog(method) == true
        received = isStuck ? applied : arrived
    }

    /// Whether others can fetch from it what they miss: it logs what it applies, and leaves nothing out.
    var canGive: Bool {
        guard answers, let facts, facts.proxy == nil, let log = facts.binaryLog, log.logsReplicaUpdates else {
            return false
        }
        return facts.channels.allSatisfy(\.filters.isEmpty)
    }

    /// Whether it applies late on purpose.
    var isDelayed: Bool { channel?.delay ?? .zero > .zero }

    /// What it has purged from its logs, and so cannot give.
    var purged: GTIDSet {
        if case .mysql(let state) = facts?.gtid { state.purged } else { GTIDSet() }
    }
}

extension Instance {
    /// Whether what was read of it holds: it answers, or is remembered without trouble.
    var isAnswering: Bool {
        guard facts != nil else { return false }
        return switch contact {
        case .reachable, .remembered(_, trouble: nil): true
        case .remembered, .neverTried, .noAccess, .unreachable: false
        }
    }
}

extension ReplicationChannel {
    /// Whether its applier has stopped with an error, so that nothing more of what it received is applied.
    var isBroken: Bool { applier == .stopped && applierError != nil }

    /// Whether what it received and did not apply is gone as soon as a thread starts: MariaDB by GTID drops the relay log
    /// where both threads are stopped, whichever is started (measured on 10.11 and documented for `MASTER_USE_GTID`).
    func losesBacklog(_ method: RecoveryMethod) -> Bool {
        method == .mariadbGTID && positioning.isGTID && receiver == .stopped && applier == .stopped
    }
}

extension Received {
    /// Without these transactions, where they are known one by one (MySQL).
    fileprivate func less(_ errant: ErrantTransactions) -> Received {
        if case .gtids(let set) = self, case .mysql(let own) = errant { .gtids(set.subtracting(own)) } else { self }
    }

    /// What a replica has applied.
    ///
    /// MySQL: `gtid_executed`. MariaDB: `gtid_slave_pos`, and of `gtid_binlog_pos` what others wrote: its own writes did not
    /// come from its source, and would make it look ahead. Positions: `Exec_Source_Log_Pos`.
    static func applied(
        by facts: InstanceFacts, _ channel: ReplicationChannel?, _ method: RecoveryMethod
    ) -> Received {
        // What baton may not read keeps its default, which is no fact.
        let hidden = Set(facts.unavailable.map(\.fact))
        switch (method, facts.gtid) {
        case (.gtid, _) where !hidden.isDisjoint(with: ["gtid_executed", "replica status"]): return .unknown
        case (.mariadbGTID, _) where !hidden.isDisjoint(with: ["gtid_slave_pos", "replica status"]): return .unknown
        case (.gtid, .mysql(let state)): return .gtids(state.executed)
        case (.mariadbGTID, .mariadb(let state)):
            var gtids = state.replicaPosition.gtids
            gtids += state.binlogPosition.gtids.filter { $0.server != facts.identity.serverID }
            if channel?.positioning == .currentPosition { gtids += state.currentPosition.gtids }
            return .domains(GTIDPosition(gtids))
        case (.position, _): return channel?.executed.map(Received.position) ?? .unknown
        default: return .unknown
        }
    }

    /// What a replica has received, applied or not.
    ///
    /// MySQL: `gtid_executed` and `Retrieved_Gtid_Set`, which counts whole transactions only. MariaDB: the further of what
    /// was applied and `Gtid_IO_Pos`, by domain. Positions: `Read_Source_Log_Pos`, which counts events, so that the last
    /// transaction before it may be half.
    static func arrived(
        at facts: InstanceFacts, _ channel: ReplicationChannel?, _ method: RecoveryMethod
    ) -> Received {
        let applied = applied(by: facts, channel, method)
        if applied == .unknown, method != .position { return .unknown }
        switch method {
        case .gtid: return channel?.retrieved.map { applied.union(.gtids($0)) } ?? applied
        case .mariadbGTID: return channel?.receivedGTIDs.map { applied.union(.domains($0)) } ?? applied
        case .position: return channel?.received.map { applied.union(.position($0)) } ?? applied
        }
    }

    /// What a source had when it was last read.
    static func written(by facts: InstanceFacts, _ method: RecoveryMethod) -> Received {
        switch (method, facts.gtid) {
        case (.gtid, .mysql(let state)): .gtids(state.executed)
        case (.mariadbGTID, .mariadb(let state)): .domains(state.binlogPosition)
        case (.position, _): facts.binaryLog?.position.map(Received.position) ?? .unknown
        default: .unknown
        }
    }
}
