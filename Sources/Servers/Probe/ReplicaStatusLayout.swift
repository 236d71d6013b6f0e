/// Where the columns of a replica status stand, in the words of MySQL 8.0.22 and in the older ones that MariaDB keeps.
struct ReplicaStatusLayout {
    let name: Int?
    let host: Int?
    let port: Int?
    let sourceUUID: Int?
    let sourceServerID: Int?
    let user: Int?
    let receiver: Int?
    let receiverActivity: Int?
    let applier: Int?
    let applierActivity: Int?
    let receiverErrorCode: Int?
    let receiverError: Int?
    let receiverErrorTime: Int?
    let applierErrorCode: Int?
    let applierError: Int?
    let applierErrorTime: Int?
    let receivedFile: Int?
    let receivedOffset: Int?
    let executedFile: Int?
    let executedOffset: Int?
    let relayFile: Int?
    let relayOffset: Int?
    let secondsBehind: Int?
    let delay: Int?
    let autoPosition: Int?
    let usingGTID: Int?
    let retrieved: Int?
    let receivedGTIDs: Int?
    let tls: Int?
    let heartbeatPeriod: Int?
    let heartbeatsReceived: Int?
    let connectRetry: Int?
    let retryCount: Int?
    let filters: [(kind: String, column: Int)]

    init(_ column: ColumnFinder) {
        name = column("channel_name", "connection_name")
        host = column("source_host", "master_host")
        port = column("source_port", "master_port")
        sourceUUID = column("source_uuid", "master_uuid")
        sourceServerID = column("source_server_id", "master_server_id")
        user = column("source_user", "master_user")
        receiver = column("replica_io_running", "slave_io_running")
        receiverActivity = column("replica_io_state", "slave_io_state")
        applier = column("replica_sql_running", "slave_sql_running")
        applierActivity = column("replica_sql_running_state", "slave_sql_running_state")
        receiverErrorCode = column("last_io_errno")
        receiverError = column("last_io_error")
        receiverErrorTime = column("last_io_error_timestamp")
        applierErrorCode = column("last_sql_errno")
        applierError = column("last_sql_error")
        applierErrorTime = column("last_sql_error_timestamp")
        receivedFile = column("source_log_file", "master_log_file")
        receivedOffset = column("read_source_log_pos", "read_master_log_pos")
        executedFile = column("relay_source_log_file", "relay_master_log_file")
        executedOffset = column("exec_source_log_pos", "exec_master_log_pos")
        relayFile = column("relay_log_file")
        relayOffset = column("relay_log_pos")
        secondsBehind = column("seconds_behind_source", "seconds_behind_master")
        delay = column("sql_delay")
        autoPosition = column("auto_position")
        usingGTID = column("using_gtid")
        retrieved = column("retrieved_gtid_set")
        receivedGTIDs = column("gtid_io_pos")
        tls = column("source_ssl_allowed", "master_ssl_allowed")
        heartbeatPeriod = column("slave_heartbeat_period")
        heartbeatsReceived = column("slave_received_heartbeats")
        connectRetry = column("connect_retry")
        retryCount = column("source_retry_count", "master_retry_count")
        filters = [
            ("do-db", "replicate_do_db"), ("ignore-db", "replicate_ignore_db"),
            ("do-table", "replicate_do_table"), ("ignore-table", "replicate_ignore_table"),
            ("wild-do-table", "replicate_wild_do_table"), ("wild-ignore-table", "replicate_wild_ignore_table"),
            ("rewrite-db", "replicate_rewrite_db"), ("ignore-server-ids", "replicate_ignore_server_ids"),
            ("do-domain-ids", "replicate_do_domain_ids"), ("ignore-domain-ids", "replicate_ignore_domain_ids"),
        ].compactMap { kind, name in column(name).map { (kind, $0) } }
    }
}
