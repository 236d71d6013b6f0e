/// Transactions that a replica has and that did not come from its source.
public enum ErrantTransactions: Hashable, Sendable {
    /// It cannot be said: no source, one side was never read, no GTIDs, or two families.
    case unknown
    /// None can be proven.
    case none
    /// Exactly these (MySQL).
    case mysql(GTIDSet)
    /// At these the replica's history left that of its source (MariaDB); how many more there are is not known.
    case mariadb([MariaDBGTID])

    /// Whether at least one is proven.
    public var isEmpty: Bool {
        switch self {
        case .unknown, .none: true
        case .mysql(let set): set.isEmpty
        case .mariadb(let gtids): gtids.isEmpty
        }
    }
}

extension ErrantTransactions: CustomStringConvertible {
    /// The transactions in their family's notation.
    public var description: String {
        switch self {
        case .unknown: "unknown"
        case .none: "none"
        case .mysql(let set): set.description
        case .mariadb(let gtids): gtids.map(\.description).joined(separator: ",")
        }
    }
}

/// Finds the transactions of a replica that are not its source's, by what was last read from both.
///
/// The two were read at different moments, and a replica read after its source has what arrived between. So the
/// transactions that could still come from above are left out: those numbered by any server upstream, over all
/// channels, and by their groups. Where upstream is not known to its end (a source that was never read, a proxy, a Galera
/// cluster, which numbers under a name of its own), only transactions of servers that are known not to be upstream
/// count. A replica that is upstream of itself, in a ring or as a co-primary, may lead with its own.
///
/// What remains can be wrong for one poll after a switchover, when the demoted server was read before the promoted
/// one had its last transactions read.
public func errantTransactions(of address: InstanceAddress, in fleet: Fleet) -> ErrantTransactions {
    fleet[address].map { errantTransactions(of: $0, in: fleet) } ?? .unknown
}

/// The same of an instance that is at hand.
public func errantTransactions(of replica: Instance, in fleet: Fleet) -> ErrantTransactions {
    guard let facts = replica.facts else { return .unknown }
    var sourceFacts: [InstanceFacts] = []
    for channel in facts.channels where !channel.isInternalToGroup {
        guard let source = fleet.source(of: channel), source != replica.address else { continue }
        guard let theirs = fleet.facts(of: source) else { return .unknown }
        sourceFacts.append(theirs)
    }
    guard !sourceFacts.isEmpty else { return .unknown }
    switch facts.gtid {
    case .none: return .unknown
    case .mysql(let state): return errant(state, facts, sourceFacts, at: replica.address, in: fleet)
    case .mariadb(let state): return errant(state, facts, sourceFacts, at: replica.address, in: fleet)
    }
}

/// What a MariaDB server wrote itself and the logs of its sources do not know, where that proves nothing: a source that was
/// seeded from a backup has older transactions without a trace of them.
public func doubtfulTransactions(of address: InstanceAddress, in fleet: Fleet) -> [MariaDBGTID] {
    guard let facts = fleet[address]?.facts, case .mariadb(let state) = facts.gtid,
        errantTransactions(of: address, in: fleet) == .none,
        !Upstream(of: address, in: fleet).serverIDs.contains(facts.identity.serverID)
    else { return [] }
    let sources = facts.channels.compactMap { fleet.source(of: $0) }.compactMap { fleet[$0]?.facts }
    return state.binlogState.gtids.filter { gtid in
        gtid.server == facts.identity.serverID
            && sources.allSatisfy { source in
                guard case .mariadb(let theirs) = source.gtid else { return false }
                return !theirs.binlogState.covers(gtid)
            }
    }
}

private func errant(
    _ state: MySQLGTIDState, _ facts: InstanceFacts, _ sources: [InstanceFacts], at address: InstanceAddress,
    in fleet: Fleet
) -> ErrantTransactions {
    var excess = state.executed
    for source in sources {
        guard case .mysql(let sourceState) = source.gtid else { return .unknown }
        if excess.isSubset(of: sourceState.executed) { return .none }
        excess = excess.subtracting(sourceState.executed)
    }
    if excess.isEmpty { return .none }
    let upstream = Upstream(of: address, in: fleet)
    excess = excess.removing(upstream.uuids)
    if !upstream.isComplete, !excess.isEmpty {
        var elsewhere = Set(fleet.instances.compactMap { $0.facts?.identity.serverUUID })
        if let own = facts.identity.serverUUID { elsewhere.insert(own) }
        excess = excess.restricted(to: elsewhere)
    }
    return excess.isEmpty ? .none : .mysql(excess)
}

private func errant(
    _ state: MariaDBGTIDState, _ facts: InstanceFacts, _ sources: [InstanceFacts], at address: InstanceAddress,
    in fleet: Fleet
) -> ErrantTransactions {
    var states: [MariaDBGTIDState] = []
    for source in sources {
        // A source that leaves received transactions out of its log proves nothing by not having them there.
        guard case .mariadb(let sourceState) = source.gtid, source.binaryLog?.logsReplicaUpdates == true else {
            return .unknown
        }
        states.append(sourceState)
    }
    let own = state.binlogState.gtids.filter { $0.server == facts.identity.serverID }
    let missing = Set(own + state.binlogPosition.gtids + state.replicaPosition.gtids).filter { gtid in
        states.allSatisfy { $0.lacks(gtid) }
    }
    if missing.isEmpty { return .none }
    let upstream = Upstream(of: address, in: fleet)
    let proven = missing.filter { gtid in
        !upstream.serverIDs.contains(gtid.server)
            && (upstream.isComplete || gtid.server == facts.identity.serverID)
    }
    let sorted = proven.sorted { ($0.domain, $0.server, $0.sequence) < ($1.domain, $1.server, $1.sequence) }
    return sorted.isEmpty ? .none : .mariadb(sorted)
}

extension MariaDBGTIDState {
    /// Whether it is proven that this server never had the transaction, or not yet.
    ///
    /// The log knows only what went through it: a server that was seeded from a backup has older transactions and no
    /// trace of them. So a transaction of a server that the log does not know counts only above the last one that was
    /// replicated, up to which anything may have come with the seed.
    fileprivate func lacks(_ gtid: MariaDBGTID) -> Bool {
        if binlogState.covers(gtid) { return false }
        if binlogState.sequence(domain: gtid.domain, server: gtid.server) != nil { return true }
        return gtid.sequence > replicaPosition[gtid.domain]?.sequence ?? 0
    }
}

/// Everyone whose transactions may still arrive at a replica.
private struct Upstream {
    /// The names under which servers above, and their groups, number transactions.
    private(set) var uuids: Set<ServerUUID> = []
    private(set) var serverIDs: Set<UInt32> = []
    /// Whether every server above was read, so that nobody unknown can write there.
    private(set) var isComplete = true

    private let fleet: Fleet
    private var seen: Set<InstanceAddress> = []
    private var pending: [InstanceAddress] = []

    init(of address: InstanceAddress, in fleet: Fleet) {
        self.fleet = fleet
        if let instance = fleet[address] { visitSources(of: instance) }
        while let source = pending.popLast() {
            guard seen.insert(source).inserted else { continue }
            guard let instance = fleet[source], let facts = instance.facts else {
                isComplete = false
                continue
            }
            if facts.galera != nil || facts.proxy != nil { isComplete = false }
            if let uuid = facts.identity.serverUUID { uuids.insert(uuid) }
            serverIDs.insert(facts.identity.serverID)
            visitSources(of: instance)
        }
    }

    private mutating func visitSources(of instance: Instance) {
        for channel in instance.channels {
            if let uuid = channel.sourceUUID { uuids.insert(uuid) }
            if let serverID = channel.sourceServerID { serverIDs.insert(serverID) }
            if let source = fleet.source(of: channel) { pending.append(source) }
        }
        guard let group = instance.facts?.groupReplication else { return }
        if let uuid = ServerUUID(group.groupName) { uuids.insert(uuid) }
        for member in group.members where member.uuid != instance.facts?.identity.serverUUID {
            uuids.insert(member.uuid)
            pending.append(fleet.canonical(member.address))
        }
    }
}
