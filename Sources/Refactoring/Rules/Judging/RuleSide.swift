import Topology

/// One server as rules look at it: what they compare, read out of its facts once.
final class RuleSide: Sendable {
    let address: InstanceAddress
    let contact: Contact
    /// Its place in the forest's list, `nil` for a server that nobody has spoken of.
    let index: Int?
    /// The place of its cluster in the forest's list.
    let cluster: Int?
    /// `nil` for a server that was never read.
    let facts: InstanceFacts?
    /// The channels that have a source and are not group replication's own.
    let channels: [ReplicationChannel]
    let isReachable: Bool
    let version: ServerVersion?
    let isMySQLFamily: Bool
    /// Whether its address means another server on another machine.
    let isLoopback: Bool
    /// What it calls itself to others, where that is another name.
    let reportedAddress: InstanceAddress?
    let serverID: UInt32
    let serverUUID: ServerUUID?
    let binaryLog: BinaryLog?
    let gtidMode: GTIDMode?
    /// `gtid_executed` and `gtid_purged`, `nil` where the server has no such sets.
    let executed: GTIDSet?
    let purged: GTIDSet?
    let mariadb: MariaDBGTIDState?
    let group: GroupReplicationMembership?
    let galera: GaleraMembership?
    let isProxy: Bool
    /// The longest configured delay of its channels.
    let longestDelay: Duration
    /// Whether a channel leaves anything out.
    let hasFilters: Bool
    /// Whether there are facts that could not be read.
    let hasUnavailable: Bool
    /// Whether something was written on this server itself, and not by replication.
    let hasOwnWrites: Bool

    init(_ address: InstanceAddress, _ instance: Instance?, index: Int?, cluster: Int?) {
        let facts = instance?.facts
        let contact = instance?.contact ?? .neverTried
        let address = instance?.address ?? address
        self.address = address
        self.contact = contact
        self.index = index
        self.cluster = cluster
        self.facts = facts
        let all = facts?.channels ?? []
        let areAllPlain = all.allSatisfy { $0.source != nil && !$0.isInternalToGroup }
        channels = areAllPlain ? all : all.filter { $0.source != nil && !$0.isInternalToGroup }
        isReachable = contact.isReachable
        version = facts?.version
        isMySQLFamily = facts?.version.flavor.isMySQLFamily ?? true
        isLoopback = address.isLoopback
        let identity = facts?.identity
        serverID = identity?.serverID ?? 0
        serverUUID = identity?.serverUUID
        let reported = identity?.reportHost.map {
            InstanceAddress(host: $0, port: identity?.reportPort ?? address.port)
        }
        reportedAddress = reported == address ? nil : reported
        longestDelay = channels.lazy.map(\.delay).max() ?? .zero
        hasFilters = channels.contains { !$0.filters.isEmpty }
        binaryLog = facts?.binaryLog
        group = facts?.groupReplication
        galera = facts?.galera
        isProxy = facts?.proxy != nil
        hasUnavailable = facts?.unavailable.isEmpty == false
        switch facts?.gtid {
        case .mysql(let state):
            (gtidMode, executed, purged, mariadb) = (state.mode, state.executed, state.purged, nil)
            let own = serverUUID
            hasOwnWrites = state.executed.parts.contains { $0.origin.uuid == own }
        case .mariadb(let state):
            (gtidMode, executed, purged, mariadb) = (nil, nil, nil, state)
            let own = serverID
            hasOwnWrites = state.binlogState.gtids.contains { $0.server == own }
        case .some(.none), nil:
            (gtidMode, executed, purged, mariadb) = (nil, nil, nil, nil)
            hasOwnWrites = false
        }
    }

    /// Whether it applies what others send it: it has a source, or a group or Galera cluster writes on it.
    var receivesChanges: Bool { !channels.isEmpty || group?.own != nil || galera != nil }

    /// Its release series as MySQL and MariaDB count them: 8.0 and 8.4 are two.
    var series: String { version.map { "\($0.major).\($0.minor)" } ?? "?" }

    /// The fact of that name that could not be read.
    func unavailable(_ fact: String) -> UnavailableFact? {
        guard hasUnavailable else { return nil }
        return facts?.unavailable.first { $0.fact == fact }
    }

    /// Whether who follows whom and who numbers for whom is the same with the one as with the other.
    func hasSamePlace(as other: RuleSide) -> Bool {
        address == other.address && cluster == other.cluster && serverUUID == other.serverUUID
            && isOpenAbove == other.isOpenAbove && group?.groupName == other.group?.groupName
            && (group?.own == nil) == (other.group?.own == nil) && galera?.clusterID == other.galera?.clusterID
            && channels.map(\.source) == other.channels.map(\.source)
    }

    /// Whether transactions of servers that baton does not know may arrive here: it was never read, is a proxy, or in a
    /// Galera cluster, which numbers under a name of its own.
    var isOpenAbove: Bool { facts == nil || isProxy || galera != nil }
}

extension InstanceAddress {
    fileprivate var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
