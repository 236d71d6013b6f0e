/// Everything one good probe reads from a server.
///
/// A fact that the account may not read keeps its default here and stands in ``unavailable`` with the reason, so that
/// a missing privilege never looks like a fact.
public struct InstanceFacts: Hashable, Sendable {
    public var version: ServerVersion
    public var identity: ServerIdentity
    public var writability: Writability
    /// `nil` where the binary log is off.
    public var binaryLog: BinaryLog?
    public var gtid: GTIDState
    /// One entry per channel (MySQL) or named connection (MariaDB), default channel first; empty on a pure source.
    public var channels: [ReplicationChannel]
    /// Servers that this one reports as its replicas, by name as it knows them: a hint for crawling, not a relation.
    public var reportedReplicas: [InstanceAddress]
    public var semiSync: SemiSync
    public var groupReplication: GroupReplicationMembership?
    public var galera: GaleraMembership?
    /// Set where the address is answered by a proxy or by changing servers.
    public var proxy: ProxySighting?
    /// Answers of the queries that the configuration names for place and aliases.
    public var attributes: ReportedAttributes
    /// Facts that could not be read, each with its reason and its remedy.
    public var unavailable: [UnavailableFact]

    public init(
        version: ServerVersion,
        identity: ServerIdentity,
        writability: Writability = .writable,
        binaryLog: BinaryLog? = nil,
        gtid: GTIDState = .none,
        channels: [ReplicationChannel] = [],
        reportedReplicas: [InstanceAddress] = [],
        semiSync: SemiSync = SemiSync(),
        groupReplication: GroupReplicationMembership? = nil,
        galera: GaleraMembership? = nil,
        proxy: ProxySighting? = nil,
        attributes: ReportedAttributes = ReportedAttributes(),
        unavailable: [UnavailableFact] = []
    ) {
        self.version = version
        self.identity = identity
        self.writability = writability
        self.binaryLog = binaryLog
        self.gtid = gtid
        self.channels = channels
        self.reportedReplicas = reportedReplicas
        self.semiSync = semiSync
        self.groupReplication = groupReplication
        self.galera = galera
        self.proxy = proxy
        self.attributes = attributes
        self.unavailable = unavailable
    }
}

/// Who a server says it is.
public struct ServerIdentity: Hashable, Sendable {
    public var serverID: UInt32
    /// MySQL and Percona Server 5.6+; MariaDB has none.
    public var serverUUID: ServerUUID?
    /// `@@hostname`.
    public var hostName: String
    /// `@@port`.
    public var port: UInt16
    /// `@@report_host`, `nil` where it is empty.
    public var reportHost: String?
    /// `@@report_port`, `nil` where it is 0.
    public var reportPort: UInt16?
    /// When the server process started, from its uptime, to about a second.
    public var startedAt: Timestamp?

    public init(
        serverID: UInt32,
        serverUUID: ServerUUID? = nil,
        hostName: String,
        port: UInt16,
        reportHost: String? = nil,
        reportPort: UInt16? = nil,
        startedAt: Timestamp? = nil
    ) {
        self.serverID = serverID
        self.serverUUID = serverUUID
        self.hostName = hostName
        self.port = port
        self.reportHost = reportHost
        self.reportPort = reportPort
        self.startedAt = startedAt
    }
}

/// Who may write on a server.
public enum Writability: String, Hashable, Sendable, CaseIterable {
    case writable
    /// `read_only`: privileged accounts can still write.
    case readOnly = "read-only"
    /// `super_read_only` (MySQL) or `read_only = NO_LOCK_NO_ADMIN` (MariaDB 12+): nobody but replication writes.
    case superReadOnly = "super-read-only"

    public var isWritable: Bool { self == .writable }
}

/// The binary log of a server that has one.
public struct BinaryLog: Hashable, Sendable {
    /// `binlog_format`.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        case statement = "STATEMENT"
        case mixed = "MIXED"
        case row = "ROW"
    }

    public var format: Format
    /// `binlog_row_image`; `nil` where the server has no such variable.
    public var rowImage: String?
    /// Whether changes that come by replication are logged too (`log_replica_updates`, `log_slave_updates`).
    public var logsReplicaUpdates: Bool
    /// The end of the log, `nil` where the account may not read it.
    public var position: BinlogPosition?

    public init(format: Format, rowImage: String? = nil, logsReplicaUpdates: Bool, position: BinlogPosition? = nil) {
        self.format = format
        self.rowImage = rowImage
        self.logsReplicaUpdates = logsReplicaUpdates
        self.position = position
    }
}

/// A fact that a probe could not read.
public struct UnavailableFact: Hashable, Sendable {
    /// What is missing, in words: `replica status`, `list of replicas`.
    public var fact: String
    /// The server's error number.
    public var code: Int
    /// The server's error text, sanitised.
    public var message: String
    /// The statement that would mend it, for example a `GRANT`; `nil` where none is known.
    public var remedy: String?

    public init(fact: String, code: Int, message: String, remedy: String? = nil) {
        self.fact = fact
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}
