import Topology

/// How a simulated server is set up; everything not said is as after an ordinary installation.
public struct SimulatedServerOptions: Hashable, Sendable {
    /// Product and release, which decide on words, errors and GTIDs.
    public var version: ServerVersion
    public var serverID: UInt32
    /// MySQL only; made from the server id where it is `nil`.
    public var serverUUID: ServerUUID?
    /// `gtid_mode` of MySQL.
    public var gtidMode: GTIDMode = .on
    /// `gtid_domain_id` of MariaDB.
    public var domain: UInt32 = 0
    /// `gtid_strict_mode` of MariaDB.
    public var isStrict = false
    public var hasBinaryLog = true
    /// `log_replica_updates`
    public var logsReplicaUpdates = true
    /// What sessions log; `mixed` is MariaDB's default and means statements for what the simulation knows.
    public var format: BinaryLog.Format
    public var writability: Writability = .writable
    /// Appliers that work at once (`replica_parallel_workers`); with commit order they count as one here.
    public var workers = 4
    /// `replica_preserve_commit_order`; without it, a crash or an error may leave gaps.
    public var keepsCommitOrder = true
    public var hasSemiSync = false
    /// After how much silence a receiver gives its connection up (`replica_net_timeout`); heartbeats come twice as often
    /// where a channel says nothing else.
    public var networkTimeout = Duration.seconds(60)
    /// Whether threads start with the server (`skip_replica_start` off).
    public var startsReplication = true

    /// Makes the options of a server of that release.
    public init(version: ServerVersion, serverID: UInt32) {
        self.version = version
        self.serverID = serverID
        format = version.flavor == .mariadb ? .mixed : .row
    }
}

/// One simulated server process with its data.
struct SimulatedServer: Hashable, Sendable {
    let address: InstanceAddress
    var options: SimulatedServerOptions
    let uuid: ServerUUID

    /// What the machine does with it.
    enum Condition: Hashable, Sendable {
        case up
        case frozen
        case down
    }
    var condition = Condition.up

    /// What a client sent.
    enum Message: Hashable, Sendable {
        /// Those of one packet, in order.
        case statements([String], session: UInt64)
        case goodbye(session: UInt64)
    }
    /// What came while it was frozen, and it has not read.
    var unread: [Message] = []
    /// Counts its starts: connections of before are gone.
    var process = 1
    var startedAt: Timestamp

    var data = SimulatedData()
    /// How often each transaction took effect here.
    var effects: [TransactionIdentity: Int] = [:]
    var log = SimulatedBinaryLog()

    var executed = GTIDSet()
    var purged = GTIDSet()
    var binlogState = GTIDBinlogState()
    var slavePosition = GTIDPosition()
    /// The highest sequence seen in each domain.
    var counters: [UInt32: UInt64] = [:]

    var writability: Writability
    var semiSyncSource = false
    var semiSyncWaitCount = 1
    var semiSyncReplica = false
    /// By name; the default channel is ``""``.
    var channels: [String: SimulatedChannel] = [:]
    /// Channels whose connection MySQL has forgotten (`RESET REPLICA`): their applier does not start before their receiver
    /// does or they are changed (1871, seen on 9.7).
    var forgotten: Set<String> = []
    /// Filters of connections that were reset: MariaDB keeps them by name (measured on 10.11).
    var keptFilters: [String: [ReplicationFilter]] = [:]
    var locks: [String: UInt64] = [:]
    /// The session that keeps everybody else from writing.
    var readLock: UInt64?
    /// Whether the event scheduler is on; there are no events here.
    var runsEvents = true
    /// Transactions that an applier commits in one step; a slow applier has few.
    var applierSpeed = 4
    /// Transactions that a receiver takes in one step.
    var receiverSpeed = 8

    init(_ address: InstanceAddress, _ options: SimulatedServerOptions, at now: Timestamp) {
        self.address = address
        self.options = options
        uuid = options.serverUUID ?? ServerUUID(high: UInt64(options.serverID), low: UInt64(address.port))
        startedAt = now
        writability = options.writability
    }

    var isMariaDB: Bool { options.version.flavor == .mariadb }
    var usesGTIDs: Bool { isMariaDB || options.gtidMode == .on }
    var channelNames: [String] { channels.keys.sorted() }

    // MARK: Commits

    /// Commits a client's changes under the next GTID, or the given one.
    mutating func commit(
        _ changes: [DataChange], as identity: TransactionIdentity, name: TransactionName?, isLogged: Bool,
        at now: Timestamp
    ) {
        effects[identity, default: 0] += 1
        guard isLogged, options.hasBinaryLog else { return }
        let name = name ?? nextName()
        note(name)
        let transaction = LoggedTransaction(
            identity: identity, name: name, serverID: options.serverID, changes: changes,
            isStatement: options.format != .row, committedAt: now)
        log.append(transaction)
        if let gtid = name.mariadb { binlogState = binlogState.adding(gtid) }
    }

    /// Commits what an applier received; its data are changed already.
    mutating func commitReplicated(_ transaction: LoggedTransaction) {
        effects[transaction.identity, default: 0] += 1
        noteReplicated(transaction)
        if options.hasBinaryLog, options.logsReplicaUpdates {
            log.append(transaction)
            if let gtid = transaction.name.mariadb { binlogState = binlogState.adding(gtid) }
        }
    }

    /// Moves what says how far the applier is.
    mutating func noteReplicated(_ transaction: LoggedTransaction) {
        note(transaction.name)
        if let gtid = transaction.name.mariadb { slavePosition = slavePosition.setting(gtid) }
    }

    /// Takes over where a source says that a place is.
    mutating func note(_ list: GTIDPosition) {
        for gtid in list.gtids {
            note(.mariadb(gtid))
            slavePosition = slavePosition.setting(gtid)
        }
    }

    private mutating func note(_ name: TransactionName) {
        switch name {
        case .anonymous: break
        case .mysql: executed.formUnion(name.set)
        case .mariadb(let gtid): counters[gtid.domain] = max(counters[gtid.domain] ?? 0, gtid.sequence)
        }
    }

    private func nextName() -> TransactionName {
        if isMariaDB {
            let known = max(counters[options.domain] ?? 0, slavePosition[options.domain]?.sequence ?? 0)
            return .mariadb(
                MariaDBGTID(domain: options.domain, server: options.serverID, sequence: known + 1))
        }
        guard options.gtidMode == .on else { return .anonymous }
        let origin = GTIDSet.Origin(uuid: uuid)
        // The server takes the lowest number that is free.
        let first = executed.parts.first { $0.origin == origin }?.intervals.first
        let next = first.map { $0.first == 1 ? $0.last + 1 : 1 } ?? 1
        return .mysql(origin, next)
    }

    /// `gtid_current_pos`: what replication applied, or the own last write where that is later.
    var currentPosition: GTIDPosition {
        var position = slavePosition
        for gtid in binlogState.position.gtids where gtid.server == options.serverID {
            if gtid.sequence > position[gtid.domain]?.sequence ?? 0 { position = position.setting(gtid) }
        }
        return position
    }
}

extension GTIDBinlogState {
    /// The state after one more transaction was logged.
    func adding(_ gtid: MariaDBGTID) -> GTIDBinlogState {
        let others = gtids.filter { $0.domain != gtid.domain || $0.server != gtid.server }
        return GTIDBinlogState(others + [gtid])
    }
}

extension GTIDPosition {
    /// The position with that transaction as its domain's last, though its number be lower.
    func setting(_ gtid: MariaDBGTID) -> GTIDPosition {
        GTIDPosition(gtids.filter { $0.domain != gtid.domain } + [gtid])
    }
}
