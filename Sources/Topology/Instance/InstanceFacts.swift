/// Everything one good probe reads from a server.
///
/// A fact that the account may not read keeps its default here and stands in ``unavailable`` with the reason, so that
/// a missing privilege never looks like a fact.
public struct InstanceFacts: Hashable, Sendable {
    /// The facts themselves, by reference: copies cost a word, and an unchanged copy compares at once.
    private var storage: Storage

    /// The product and its release, from `@@version` and `@@version_comment`.
    public var version: ServerVersion {
        get { storage.fields.version }
        set { own().fields.version = newValue }
    }

    /// Who it says it is, which tells one server from another at the same address.
    public var identity: ServerIdentity {
        get { storage.fields.identity }
        set { own().fields.identity = newValue }
    }

    /// Whom `read_only` and `super_read_only` keep from writing.
    public var writability: Writability {
        get { storage.fields.writability }
        set { own().fields.writability = newValue }
    }

    /// `nil` where the binary log is off.
    public var binaryLog: BinaryLog? {
        get { storage.fields.binaryLog }
        set { own().fields.binaryLog = newValue }
    }

    /// Its transactions by GTID, in the notation of its family.
    public var gtid: GTIDState {
        get { storage.fields.gtid }
        set { own().fields.gtid = newValue }
    }

    /// One entry per channel (MySQL) or named connection (MariaDB), default channel first; empty on a pure source.
    public var channels: [ReplicationChannel] {
        get { storage.fields.channels }
        set { own().fields.channels = newValue }
    }

    /// Servers that told this one that they are its replicas, by the name that they told (`report_host`).
    public var reportedReplicas: [InstanceAddress] {
        get { storage.fields.reportedReplicas }
        set { own().fields.reportedReplicas = newValue }
    }

    /// Where replicas that told no name may be found: the hosts of dump threads, with a port that is a guess.
    public var guessedReplicas: [InstanceAddress] {
        get { storage.fields.guessedReplicas }
        set { own().fields.guessedReplicas = newValue }
    }

    /// How many transactions are applied at once, and whether they are committed in their order; `nil` where the
    /// server has no such variables.
    public var parallelApplier: ParallelApplier? {
        get { storage.fields.parallelApplier }
        set { own().fields.parallelApplier = newValue }
    }

    /// Both sides of semi-synchronous replication.
    public var semiSync: SemiSync {
        get { storage.fields.semiSync }
        set { own().fields.semiSync = newValue }
    }

    /// What counts when it takes another server's place, or is started again.
    public var provisions: Provisions {
        get { storage.fields.provisions }
        set { own().fields.provisions = newValue }
    }

    /// `nil` where no group name is set (`group_replication_group_name`).
    public var groupReplication: GroupReplicationMembership? {
        get { storage.fields.groupReplication }
        set { own().fields.groupReplication = newValue }
    }

    /// `nil` without a write-set provider, and where `wsrep_on` is off.
    public var galera: GaleraMembership? {
        get { storage.fields.galera }
        set { own().fields.galera = newValue }
    }

    /// Set where the address is answered by a proxy or by changing servers.
    public var proxy: ProxySighting? {
        get { storage.fields.proxy }
        set { own().fields.proxy = newValue }
    }

    /// Answers of the queries that the configuration names for place and aliases.
    public var attributes: ReportedAttributes {
        get { storage.fields.attributes }
        set { own().fields.attributes = newValue }
    }

    /// Facts that could not be read, each with its reason and its remedy.
    public var unavailable: [UnavailableFact] {
        get { storage.fields.unavailable }
        set { own().fields.unavailable = newValue }
    }

    /// Makes facts; what is left out is as on a plain source without GTIDs or binary log.
    public init(
        version: ServerVersion,
        identity: ServerIdentity,
        writability: Writability = .writable,
        binaryLog: BinaryLog? = nil,
        gtid: GTIDState = .none,
        channels: [ReplicationChannel] = [],
        reportedReplicas: [InstanceAddress] = [],
        guessedReplicas: [InstanceAddress] = [],
        parallelApplier: ParallelApplier? = nil,
        semiSync: SemiSync = SemiSync(),
        provisions: Provisions = Provisions(),
        groupReplication: GroupReplicationMembership? = nil,
        galera: GaleraMembership? = nil,
        proxy: ProxySighting? = nil,
        attributes: ReportedAttributes = ReportedAttributes(),
        unavailable: [UnavailableFact] = []
    ) {
        storage = Storage(
            Fields(
                version: version,
                identity: identity,
                writability: writability,
                binaryLog: binaryLog,
                gtid: gtid,
                channels: channels,
                reportedReplicas: reportedReplicas,
                guessedReplicas: guessedReplicas,
                parallelApplier: parallelApplier,
                semiSync: semiSync,
                provisions: provisions,
                groupReplication: groupReplication,
                galera: galera,
                proxy: proxy,
                attributes: attributes,
                unavailable: unavailable))
    }

    /// The storage, copied first where another value shares it.
    private mutating func own() -> Storage {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.fields) }
        return storage
    }

    public static func == (left: InstanceFacts, right: InstanceFacts) -> Bool {
        left.storage === right.storage || left.storage.fields == right.storage.fields
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(storage.fields)
    }
}

/// What ``InstanceFacts`` holds.
private struct Fields: Hashable, Sendable {
    var version: ServerVersion
    var identity: ServerIdentity
    var writability: Writability
    var binaryLog: BinaryLog?
    var gtid: GTIDState
    var channels: [ReplicationChannel]
    var reportedReplicas: [InstanceAddress]
    var guessedReplicas: [InstanceAddress]
    var parallelApplier: ParallelApplier?
    var semiSync: SemiSync
    var provisions: Provisions
    var groupReplication: GroupReplicationMembership?
    var galera: GaleraMembership?
    var proxy: ProxySighting?
    var attributes: ReportedAttributes
    var unavailable: [UnavailableFact]
}

/// Unchecked because of the `var`: it is written only through ``InstanceFacts/own()``, when one value alone refers to
/// it, so that no two threads ever share a storage that changes.
private final class Storage: @unchecked Sendable {
    var fields: Fields

    init(_ fields: Fields) {
        self.fields = fields
    }
}

/// What is printed of facts for developers, and compared by tests, is the facts and not where they are stored.
extension InstanceFacts: CustomReflectable {
    public var customMirror: Mirror {
        Mirror(self, children: Mirror(reflecting: storage.fields).children, displayStyle: .struct)
    }
}

/// Who a server says it is.
public struct ServerIdentity: Hashable, Sendable {
    /// `@@server_id`; 0 on a server that can't replicate.
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

    /// Makes an identity; what is left out the server does not tell.
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

    /// Whether every account with the right privileges on tables may write.
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

    /// How changes are logged by sessions that don't choose another form.
    public var format: Format
    /// `binlog_row_image`; `nil` where the server has no such variable.
    public var rowImage: String?
    /// Whether changes that come by replication are logged too (`log_replica_updates`, `log_slave_updates`).
    public var logsReplicaUpdates: Bool
    /// The end of the log, `nil` where the account may not read it.
    public var position: BinlogPosition?

    /// Makes the facts of a log that is on.
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

    /// Makes a missing fact; texts must be sanitised.
    public init(fact: String, code: Int, message: String, remedy: String? = nil) {
        self.fact = fact
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}
