import Topology

/// One deed on one server, without a dialect: what is to happen, and not yet the words that this server understands.
///
/// ``CommandDialect`` turns it into statements; the simulation takes those statements too, and so do real servers.
public enum Command: Hashable, Sendable, Codable {
    /// `STOP REPLICA`, one or both threads of one channel.
    case stopReplication(channel: String, threads: ReplicationThreads = .both)
    /// `START REPLICA`, one or both threads, perhaps only until some point.
    case startReplication(channel: String, threads: ReplicationThreads = .both, until: StopPoint? = nil)
    /// `CHANGE REPLICATION SOURCE TO`; threads must be stopped.
    case changeSource(channel: String, SourceChange)
    /// `RESET REPLICA` or `RESET REPLICA ALL`.
    case resetReplica(channel: String, ResetScope)
    /// `SET GLOBAL`, by the name that the variable has in MySQL 8.4.
    case setVariable(GlobalVariable, to: String)
    /// An empty transaction under that GTID, so that it counts as executed (MySQL).
    case injectEmptyTransaction(GTIDSet)
    /// Waits on the server until the applier has executed these transactions or that position.
    case wait(channel: String, StopPoint)
    /// `FLUSH BINARY LOGS`.
    case flushBinaryLogs
    /// `PURGE BINARY LOGS TO` that file, which stays.
    case purgeBinaryLogs(to: String)
    /// `RESET BINARY LOGS AND GTIDS`.
    case resetBinaryLogs
    /// `KILL QUERY` of that connection.
    case killQuery(connection: UInt64)
    /// Leaves out the next event group of the applier (`sql_replica_skip_counter`), where there are no GTIDs.
    case skipEventGroup(channel: String)
    /// Lets nobody but replication write, unless that has to wait too long.
    case forbidWrites(WriteBan)
    /// Lets go what ``WriteBan/keepsLock`` holds.
    case releaseWriteLock
    /// Ends sessions of clients, never those of replication, of the system, or of the account that baton uses.
    case endSessions(SessionKind)
    /// Switches the event scheduler, unless the server was started without one (`DISABLED`) or it stands so already.
    case setEventScheduler(Late<SwitchState>)
    /// Enables the events that came from the server of that `server_id` and are disabled because this one was a replica.
    case enableEvents(of: UInt32)
    /// Lets the applier count as standing there (`gtid_slave_pos`, MariaDB).
    case setReplicaPosition(Late<GTIDPosition>)
}

/// Which of a channel's threads a command is about.
public enum ReplicationThreads: String, Hashable, Sendable, Codable, CaseIterable {
    case both
    /// `IO_THREAD`
    case receiver
    /// `SQL_THREAD`
    case applier
}

/// A point at which an applier stops, or that it is waited for.
public enum StopPoint: Hashable, Sendable, Codable {
    /// A position in the source's binary log.
    case position(Late<BinlogPosition>)
    /// When it has executed these transactions (MySQL, `SQL_AFTER_GTIDS`).
    case executed(Late<GTIDSet>)
    /// When it stands at that position (MariaDB, `UNTIL master_gtid_pos`).
    case mariadbPosition(Late<GTIDPosition>)
    /// When parallel appliers without commit order have left no gap (MySQL, `SQL_AFTER_MTS_GAPS`).
    case gapsFilled
}

/// How far a reset goes.
public enum ResetScope: String, Hashable, Sendable, Codable, CaseIterable {
    /// Positions and relay logs; the server keeps whom it followed.
    case positions
    /// The source's address and account too.
    case everything
}

/// Variables that plans set, by the name of MySQL 8.4; dialects know the older names.
public enum GlobalVariable: String, Hashable, Sendable, Codable, CaseIterable {
    case readOnly = "read_only"
    case superReadOnly = "super_read_only"
    case semiSyncSource = "rpl_semi_sync_source_enabled"
    case semiSyncReplica = "rpl_semi_sync_replica_enabled"
    /// How many acknowledgements commits wait for (MySQL).
    case semiSyncWaitCount = "rpl_semi_sync_source_wait_for_replica_count"
    /// MySQL.
    case purgedGTIDs = "gtid_purged"
    /// MariaDB, which has this one only.
    case replicaPosition = "gtid_slave_pos"
}

/// What a `CHANGE REPLICATION SOURCE TO` says. What is `nil` is left out, and the server keeps it, unless the manual or a
/// measurement says that it is reset by what is named; the planner then names it with its old value.
public struct SourceChange: Hashable, Sendable, Codable {
    /// The new source; `nil` to change an option of the present one.
    public var source: InstanceAddress?
    /// A host that is no address, as orchestrator's `//host` that detaches.
    public var rawHost: String?
    /// Where to read on.
    public var positioning: SourcePositioning?
    /// The account that replicates.
    public var user: String?
    /// Its password, by reference.
    public var password: SecretName?
    /// Seconds between heartbeats, with fractions of a thousandth.
    public var heartbeatPeriod: Duration?
    /// Whole seconds that the applier stays behind on purpose.
    public var delay: Duration?
    /// Further options in the words of MySQL 8.4 (`SOURCE_SSL`, `SOURCE_CONNECT_RETRY`), with their value as SQL.
    public var options: [String: String]
    /// Options as they were before the server forgot them; those of ``options`` go before.
    public var restored: Late<SourceOptions>?

    /// Makes a change of what is named.
    public init(
        source: InstanceAddress? = nil, rawHost: String? = nil, positioning: SourcePositioning? = nil,
        user: String? = nil, password: SecretName? = nil, heartbeatPeriod: Duration? = nil, delay: Duration? = nil,
        options: [String: String] = [:], restored: Late<SourceOptions>? = nil
    ) {
        self.source = source
        self.rawHost = rawHost
        self.positioning = positioning
        self.user = user
        self.password = password
        self.heartbeatPeriod = heartbeatPeriod
        self.delay = delay
        self.options = options
        self.restored = restored
    }
}

/// Where a channel reads on in its new source.
public enum SourcePositioning: Hashable, Sendable, Codable {
    /// By MySQL GTID.
    case autoPosition
    /// By MariaDB GTID, from what the applier executed.
    case replicaPosition
    /// By MariaDB GTID, from what the applier executed or the server itself wrote, whichever is later.
    case currentPosition
    /// From a place in the source's binary log.
    case binlog(Late<BinlogPosition>)
}

/// The name of a secret, printed and journaled in its place: `<secret:NAME>`.
public struct SecretName: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    public let rawValue: String

    /// Makes a name; the secret itself stays where it is.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { "<secret:\(rawValue)>" }
}
