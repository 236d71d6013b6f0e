import Topology

/// The statements of one server: chosen by its version, its flavour and the variables that it has, never by trial.
///
/// `docs/versions.md` lists them and says which are verified on a real server.
struct Dialect: Hashable, Sendable {
    let version: ServerVersion
    /// Whether `performance_schema` is on; its replication tables answer either way, its process list does not.
    let hasPerformanceSchema: Bool

    private var isMariaDB: Bool { version.flavor == .mariadb }

    private func isMySQL(_ major: Int, _ minor: Int, _ patch: Int = 0) -> Bool {
        version.flavor.isMySQLFamily && version.isAtLeast(major, minor, patch)
    }

    /// All channels, one row each. MySQL 8.0.22 renamed the statement and its columns, 8.4 took the old form away;
    /// on MariaDB only the `ALL` form shows named connections.
    var replicaStatus: String {
        if isMariaDB { return "SHOW ALL SLAVES STATUS" }
        return isMySQL(8, 0, 22) ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS"
    }

    /// The end of the server's own log: renamed in MySQL 8.2.0, old form taken away in 8.4.0.
    var binaryLogStatus: String { isMySQL(8, 2) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS" }

    /// Attached replicas: renamed in MySQL 8.0.22, old form taken away in 8.4.0.
    var replicaList: String { isMySQL(8, 0, 22) ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS" }

    /// The dump threads, for replicas that don't say their name. `performance_schema.processlist` (MySQL 8.0.22) takes
    /// no global lock, but is empty where the performance schema is off.
    var processList: String {
        let schema = isMySQL(8, 0, 22) && hasPerformanceSchema ? "performance_schema" : "information_schema"
        return "SELECT HOST FROM \(schema).processlist"
            + " WHERE COMMAND IN ('Binlog Dump', 'Binlog Dump GTID') ORDER BY HOST"
    }

    /// Heartbeats per channel (MySQL 5.7, "Performance Schema Replication Tables"); `nil` on MariaDB, where they are
    /// columns of the replica status.
    var heartbeats: String? {
        guard !isMariaDB else { return nil }
        return """
            SELECT c.CHANNEL_NAME, c.HEARTBEAT_INTERVAL, s.COUNT_RECEIVED_HEARTBEATS, \
            UNIX_TIMESTAMP(s.LAST_HEARTBEAT_TIMESTAMP) AS LAST_HEARTBEAT \
            FROM performance_schema.replication_connection_configuration c \
            LEFT JOIN performance_schema.replication_connection_status s USING (CHANNEL_NAME)
            """
    }

    /// What stopped the workers of parallel appliers, by channel (MySQL 5.7 manual, "The
    /// replication_applier_status_by_worker Table"): the replica status has the coordinator's word for it only, which
    /// sends the reader here. `nil` on MariaDB, whose replica status has the worker's own error.
    var workerErrors: String? {
        guard !isMariaDB else { return nil }
        return """
            SELECT CHANNEL_NAME, LAST_ERROR_NUMBER, LAST_ERROR_MESSAGE, \
            UNIX_TIMESTAMP(LAST_ERROR_TIMESTAMP) AS LAST_ERROR_AT \
            FROM performance_schema.replication_applier_status_by_worker \
            WHERE LAST_ERROR_NUMBER <> 0 ORDER BY CHANNEL_NAME, WORKER_ID
            """
    }

    /// The group's view; until 8.0 a row does not say its role, and the primary is a status variable (5.7 manual,
    /// "Finding the Primary").
    var groupMembers: String {
        let table = "performance_schema.replication_group_members"
        if isMySQL(8, 0, 2) { return "SELECT * FROM \(table) ORDER BY MEMBER_ID" }
        return """
            SELECT m.*, (SELECT VARIABLE_VALUE FROM performance_schema.global_status \
            WHERE VARIABLE_NAME = 'group_replication_primary_member') AS PRIMARY_MEMBER \
            FROM \(table) m ORDER BY MEMBER_ID
            """
    }

    /// Both spellings of both sides: what the server does not have gives no row.
    static let semiSyncStatus = showStatus([
        "rpl_semi_sync_source_status", "rpl_semi_sync_source_clients", "rpl_semi_sync_replica_status",
        "rpl_semi_sync_master_status", "rpl_semi_sync_master_clients", "rpl_semi_sync_slave_status",
    ])

    /// Where the values of settings come from, of those that recovery looks at and whose loss at a restart would
    /// surprise. Readable without a privilege (seen with MySQL 9.7 and MariaDB 10.11). MySQL has it since 8.0 ("The
    /// variables_info Table", "The persisted_variables Table"), MariaDB since 10.1 ("Information Schema SYSTEM_VARIABLES
    /// Table"); `nil` on MySQL 5.7.
    var valueOrigins: String? {
        let names = DynamicVariable.lostAtRestart.map { SQLText.literal($0.rawValue) }.joined(separator: ",")
        if isMariaDB {
            return "SELECT VARIABLE_NAME, GLOBAL_VALUE_ORIGIN AS ORIGIN, NULL AS PERSISTED, GLOBAL_VALUE AS RUNTIME"
                + " FROM information_schema.SYSTEM_VARIABLES WHERE VARIABLE_NAME IN (\(names)) ORDER BY VARIABLE_NAME"
        }
        guard isMySQL(8, 0) else { return nil }
        return """
            SELECT i.VARIABLE_NAME, i.VARIABLE_SOURCE AS ORIGIN, p.VARIABLE_VALUE AS PERSISTED, \
            g.VARIABLE_VALUE AS RUNTIME FROM performance_schema.variables_info i \
            JOIN performance_schema.global_variables g USING (VARIABLE_NAME) \
            LEFT JOIN performance_schema.persisted_variables p USING (VARIABLE_NAME) \
            WHERE i.VARIABLE_NAME IN (\(names)) ORDER BY i.VARIABLE_NAME
            """
    }

    static let galeraStatus = showStatus([
        "wsrep_cluster_state_uuid", "wsrep_cluster_status", "wsrep_cluster_size", "wsrep_local_state_comment",
        "wsrep_incoming_addresses",
    ])

    /// What cannot change without a restart, and by presence what this server can tell. The only statement that every
    /// supported server understands, whatever its version.
    static let identity =
        "SHOW GLOBAL VARIABLES WHERE Variable_name IN ("
        + (StaticVariable.all + DynamicVariable.allCases.map(\.rawValue)).map(SQLText.literal).joined(separator: ",")
        + ")"

    /// The clock, the offset of the zone in which the server prints its log times, and our account as it knows us.
    static let session = """
        SELECT UNIX_TIMESTAMP(NOW(6)) AS now, \
        TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM')) AS zone, \
        CURRENT_USER() AS account
        """

    static let uptime = showStatus(["uptime"])

    /// One row with every variable of `names`, each column named after its variable.
    static func variables(_ names: [DynamicVariable]) -> String {
        "SELECT " + names.map { "@@global.\($0.rawValue) AS \($0.rawValue)" }.joined(separator: ",")
    }

    private static func showStatus(_ names: [String]) -> String {
        "SHOW GLOBAL STATUS WHERE Variable_name IN (" + names.map(SQLText.literal).joined(separator: ",") + ")"
    }
}

/// Variables that cannot change without a restart, or only where no probe would follow.
enum StaticVariable {
    static let all = [
        "version", "version_comment", "server_uuid", "hostname", "port", "report_host", "report_port", "log_bin",
        "log_replica_updates", "log_slave_updates", "performance_schema", "wsrep_provider", "wsrep_cluster_name",
    ]
}

/// Variables that can change while the server runs, and so are read with every poll where they exist.
enum DynamicVariable: String, CaseIterable, Hashable, Sendable {
    case serverID = "server_id"
    case readOnly = "read_only"
    case superReadOnly = "super_read_only"
    case binlogFormat = "binlog_format"
    case binlogRowImage = "binlog_row_image"
    // MySQL
    case gtidMode = "gtid_mode"
    case gtidEnforcement = "enforce_gtid_consistency"
    case gtidExecuted = "gtid_executed"
    case gtidPurged = "gtid_purged"
    case groupName = "group_replication_group_name"
    case singlePrimary = "group_replication_single_primary_mode"
    // MariaDB
    case gtidDomain = "gtid_domain_id"
    case gtidStrict = "gtid_strict_mode"
    case gtidBinlogPosition = "gtid_binlog_pos"
    case gtidReplicaPosition = "gtid_slave_pos"
    case gtidCurrentPosition = "gtid_current_pos"
    case gtidBinlogState = "gtid_binlog_state"
    case wsrepOn = "wsrep_on"
    case parallelThreads = "slave_parallel_threads"
    case parallelMode = "slave_parallel_mode"
    // Parallel appliers of MySQL, in both spellings from 8.0.26 to 8.3
    case parallelWorkers = "replica_parallel_workers"
    case commitOrder = "replica_preserve_commit_order"
    case oldParallelWorkers = "slave_parallel_workers"
    case oldCommitOrder = "slave_preserve_commit_order"
    // Semi-sync, in the spelling of whichever plugin is there (MySQL 8.0.26 has both)
    case semiSyncSource = "rpl_semi_sync_source_enabled"
    case semiSyncSourceTimeout = "rpl_semi_sync_source_timeout"
    case semiSyncSourceWait = "rpl_semi_sync_source_wait_for_replica_count"
    case semiSyncReplica = "rpl_semi_sync_replica_enabled"
    case oldSemiSyncSource = "rpl_semi_sync_master_enabled"
    case oldSemiSyncSourceTimeout = "rpl_semi_sync_master_timeout"
    case oldSemiSyncSourceWait = "rpl_semi_sync_master_wait_for_slave_count"
    case oldSemiSyncReplica = "rpl_semi_sync_slave_enabled"
    case semiSyncWaitPoint = "rpl_semi_sync_source_wait_point"
    case oldSemiSyncWaitPoint = "rpl_semi_sync_master_wait_point"
    case semiSyncWaitsAlone = "rpl_semi_sync_source_wait_no_replica"
    case oldSemiSyncWaitsAlone = "rpl_semi_sync_master_wait_no_slave"
    // What counts when a server takes another one's place
    case eventScheduler = "event_scheduler"
    case netTimeout = "replica_net_timeout"
    case oldNetTimeout = "slave_net_timeout"
    case maxConnections = "max_connections"

    /// Those that recovery sets, or that it relies on, so that their loss at a restart is worth a word.
    static let lostAtRestart: [DynamicVariable] = [
        .readOnly, .superReadOnly, .eventScheduler, .netTimeout, .oldNetTimeout,
        .semiSyncSource, .semiSyncSourceTimeout, .semiSyncSourceWait, .semiSyncReplica, .semiSyncWaitPoint,
        .semiSyncWaitsAlone, .oldSemiSyncSource, .oldSemiSyncSourceTimeout, .oldSemiSyncSourceWait,
        .oldSemiSyncReplica, .oldSemiSyncWaitPoint, .oldSemiSyncWaitsAlone,
    ]
}
