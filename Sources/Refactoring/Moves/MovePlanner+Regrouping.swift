import Topology

extension MovePlanner {
    /// The best of a server's replicas is chosen, and the others go below it.
    func regroup(_ source: InstanceAddress, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let source = draft.fleet.canonical(source)
        // Its co-primary is above it as well as below.
        let replicas = draft.replicas(of: source).filter { !draft.isBelow(source, $0.address) }
        guard replicas.count > 1 else {
            throw PlanRefusal(
                MoveCondition.nothingToRegroup,
                replicas.isEmpty ? "\(source) has no replicas" : "\(source) has one replica only",
                .advice("choose a server with several replicas"))
        }
        guard let leader = leader(of: replicas, below: source, draft) else {
            throw PlanRefusal(
                MoveCondition.noLeader,
                "none of the replicas of \(source) can be the source of another one"
                    + obstacles(of: replicas).map { "; \($0)" }.joined(),
                .advice("ask `baton why` about two of them, and mend what it says"))
        }
        let moved = try relocateAll(
            replicas.filter { $0.address != leader.address }, below: leader.address, &draft,
            unread: draft.unreadReplicas(of: source))
        draft.intent = "Regroup the replicas of \(source) under \(leader.address), \(leader.words)"
        draft.undo(by: .relocateReplicas(of: leader.address, only: Set(moved), below: source))
    }

    /// The replica under which most of the others may go; of several the one that has most, then the oldest release, the
    /// plainest log format, the same data centre, no errant transactions, the lowest address.
    private func leader(
        of replicas: [FoundReplica], below source: InstanceAddress, _ draft: PlanDraft
    ) -> RegroupLeader? {
        let place = draft.fleet[source]?.location.dataCenter
        let candidates = replicas.compactMap { found -> RegroupLeader? in
            guard found.instance.contact.isReachable, found.instance.facts?.proxy == nil,
                found.instance.facts?.binaryLog?.logsReplicaUpdates == true
            else { return nil }
            let others = replicas.filter { $0.address != found.address }
            let taken = others.filter { canFollow($0, found.address, others, draft) }.count
            guard taken > 0 else { return nil }
            return RegroupLeader(
                found, taken: taken, of: others.count,
                isNear: place != nil && found.instance.location.dataCenter == place,
                hasErrant: !errantTransactions(of: found.address, in: draft.fleet).isEmpty)
        }
        return candidates.min { $0.isBetter(than: $1) }
    }

    /// What keeps replicas from feeding others that is theirs alone, in words.
    private func obstacles(of replicas: [FoundReplica]) -> [String] {
        replicas.compactMap { found in
            if !found.instance.contact.isReachable { return "\(found.address) does not answer" }
            if found.instance.facts?.proxy != nil { return "\(found.address) is a proxy" }
            if found.instance.facts?.binaryLog?.logsReplicaUpdates != true {
                return "\(found.address) does not log what it applies"
            }
            return nil
        }
    }

    private func canFollow(
        _ found: FoundReplica, _ target: InstanceAddress, _ group: [FoundReplica], _ draft: PlanDraft
    ) -> Bool {
        do throws(PlanRefusal) {
            let relocation = try relocation(of: found, below: target, draft)
            let verdict = judge(relocation, draft.scene, Set(group.map(\.address)), .move)
            guard verdict.isLegal, !draft.isBelow(target, found.address) else { return false }
            _ = try methods.choose(for: relocation)
            return true
        } catch {
            return false
        }
    }
}

/// A replica that could be the source of its siblings, and what speaks for it.
private struct RegroupLeader {
    let address: InstanceAddress
    private let taken: Int
    private let others: Int
    private let progress: Progress
    private let version: ServerVersion?
    private let format: BinaryLog.Format?
    private let isNear: Bool
    private let hasErrant: Bool

    /// How far it came: what it has by GTID, and its place in the source's log.
    private struct Progress {
        var count: UInt64
        var executed: BinlogPosition?

        func isAhead(of other: Progress) -> Bool? {
            if count != other.count { return count > other.count }
            guard let executed, let theirs = other.executed, executed != theirs, executed.isComparable(with: theirs)
            else { return nil }
            return executed > theirs
        }
    }

    init(_ found: FoundReplica, taken: Int, of others: Int, isNear: Bool, hasErrant: Bool) {
        address = found.address
        self.taken = taken
        self.others = others
        let facts = found.instance.facts
        let count: UInt64 =
            switch facts?.gtid {
            case .mysql(let state): state.executed.transactionCount
            case .mariadb(let state): state.replicaPosition.transactionsBehindZero
            case GTIDState.none?, nil: 0
            }
        progress = Progress(count: count, executed: found.channel.executed)
        version = facts?.version
        format = facts?.binaryLog?.format
        self.isNear = isNear
        self.hasErrant = hasErrant
    }

    func isBetter(than other: RegroupLeader) -> Bool {
        if taken != other.taken { return taken > other.taken }
        if hasErrant != other.hasErrant { return other.hasErrant }
        if let isAhead = progress.isAhead(of: other.progress) { return isAhead }
        if let version, let theirs = other.version {
            if version.isOlder(than: theirs) == true { return true }
            if theirs.isOlder(than: version) == true { return false }
        }
        if let format, let theirs = other.format, format != theirs { return format.weight < theirs.weight }
        if isNear != other.isNear { return isNear }
        return address < other.address
    }

    /// Why it, in a few words.
    var words: String {
        taken == others ? "which can be the source of all of them" : "which can be the source of \(taken) of \(others)"
    }
}

extension BinaryLog.Format {
    /// What can take less is the plainer: a replica with it can follow fewer, and more can follow it.
    fileprivate var weight: Int {
        switch self {
        case .statement: 0
        case .mixed: 1
        case .row: 2
        }
    }
}

extension GTIDPosition {
    /// All sequence numbers together: more is further, over the same domains.
    fileprivate var transactionsBehindZero: UInt64 { GTIDPosition().transactionsBehind(self) }
}
