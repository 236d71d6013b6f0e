/// A server's global transaction identifiers, in the notation of its family.
///
/// The two families are kept apart: a MySQL GTID set says exactly which transactions a server has, a MariaDB position
/// only says which was last in each domain, and no set algebra may be made up for it.
public enum GTIDState: Hashable, Sendable {
    case none
    case mysql(MySQLGTIDState)
    case mariadb(MariaDBGTIDState)
}

/// `gtid_mode` of MySQL 5.7 and later.
public enum GTIDMode: String, Hashable, Sendable, CaseIterable {
    case off = "OFF"
    case offPermissive = "OFF_PERMISSIVE"
    case onPermissive = "ON_PERMISSIVE"
    case on = "ON"
}

/// The GTID facts of a MySQL or Percona server.
public struct MySQLGTIDState: Hashable, Sendable {
    /// `gtid_mode`, whether transactions get GTIDs and must have them.
    public var mode: GTIDMode
    /// `enforce_gtid_consistency`: `ON`, `OFF` or `WARN`.
    public var enforcement: String
    /// `gtid_executed`: every transaction that the server has committed, also those purged.
    public var executed: GTIDSet
    /// `gtid_purged`: those that are in no binary log any more, and can't be given to a replica.
    public var purged: GTIDSet

    /// Makes the facts of one server; nothing is purged unless told otherwise.
    public init(mode: GTIDMode, enforcement: String = "ON", executed: GTIDSet, purged: GTIDSet = GTIDSet()) {
        self.mode = mode
        self.enforcement = enforcement
        self.executed = executed
        self.purged = purged
    }
}

/// The GTID facts of a MariaDB server.
public struct MariaDBGTIDState: Hashable, Sendable {
    /// `gtid_domain_id`, under which this server's own writes are logged.
    public var domain: UInt32
    /// `gtid_binlog_pos`: the last transaction of each domain in the binary log.
    public var binlogPosition: GTIDPosition
    /// `gtid_slave_pos`: the last transaction of each domain applied by replication.
    public var replicaPosition: GTIDPosition
    /// `gtid_current_pos`.
    public var currentPosition: GTIDPosition
    /// `gtid_binlog_state`: the last transaction of each domain *and server* in the binary log.
    public var binlogState: GTIDBinlogState
    /// `gtid_strict_mode`.
    public var isStrict: Bool

    /// Makes the facts of one server; empty positions unless told otherwise.
    public init(
        domain: UInt32 = 0,
        binlogPosition: GTIDPosition = GTIDPosition(),
        replicaPosition: GTIDPosition = GTIDPosition(),
        currentPosition: GTIDPosition = GTIDPosition(),
        binlogState: GTIDBinlogState = GTIDBinlogState(),
        isStrict: Bool = false
    ) {
        self.domain = domain
        self.binlogPosition = binlogPosition
        self.replicaPosition = replicaPosition
        self.currentPosition = currentPosition
        self.binlogState = binlogState
        self.isStrict = isStrict
    }
}
