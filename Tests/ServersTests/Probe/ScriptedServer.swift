import Topology

@testable import Servers

/// Answers of one server, by the beginnings of its statements: recorded, or written from a manual.
struct ScriptedServer {
    enum Reply {
        case rows(ResultSet)
        case failure(code: Int, message: String)
    }

    /// The first entry whose text begins the statement answers; none is a syntax error, as a server gives for what it
    /// does not know.
    var replies: [(beginning: String, reply: Reply)] = []
    private(set) var batches: [[String]] = []

    mutating func set(_ beginning: String, _ reply: Reply) {
        replies.removeAll { $0.beginning == beginning }
        replies.append((beginning, reply))
    }

    mutating func rows(_ beginning: String, _ columns: [String], _ rows: [[String?]]) {
        set(beginning, .rows(ResultSet(columns: columns, rows: rows)))
    }

    mutating func row(_ beginning: String, _ cells: KeyValuePairs<String, String?>) {
        rows(beginning, cells.map(\.key), [cells.map(\.value)])
    }

    /// `SHOW VARIABLES` and the row of current values, from the same values: the switches that are ON
    /// and OFF there are 1 and 0 here, but for `gtid_mode` and its like, which are words.
    mutating func variables(_ values: KeyValuePairs<String, String>) {
        rows("SHOW GLOBAL VARIABLES", ["Variable_name", "Value"], values.map { [$0.key, $0.value] })
        let present = DynamicVariable.allCases.compactMap { variable in
            values.first { $0.key == variable.rawValue }
        }
        rows(
            "SELECT @@global.", present.map(\.key),
            [present.map { $0.key.contains("gtid_") ? $0.value : ["ON": "1", "OFF": "0"][$0.value] ?? $0.value }])
    }

    mutating func answer(_ batch: StatementBatch) -> BatchAnswer {
        batches.append(batch.statements)
        var results: [ResultSet] = []
        for (index, statement) in batch.statements.enumerated() {
            let reply = replies.first { statement.hasPrefix($0.beginning) }?.reply
            switch reply {
            case .rows(let result): results.append(result)
            case .failure(let code, let message):
                let error = StatementError(index: index, code: code, sqlState: "42000", message: message)
                return BatchAnswer(results: results, failure: error)
            case nil:
                let error = StatementError(
                    index: index, code: 1064, sqlState: "42000", message: "You have an error in your SQL syntax")
                return BatchAnswer(results: results, failure: error)
            }
        }
        return BatchAnswer(results: results)
    }

    /// One poll: as many batches as the session wants.
    mutating func poll(_ session: ProbeSession, at now: ContinuousClock.Instant = .now) {
        session.begin(at: now)
        var rounds = 0
        while let batch = session.nextBatch() {
            rounds += 1
            precondition(rounds < 50, "the poll does not end")
            session.take(answer(batch), at: now)
        }
    }

    /// The statements of all batches so far.
    var asked: [String] { batches.flatMap(\.self) }
}

extension ProbeSession {
    convenience init(_ options: ProbeOptions = ProbeOptions(), greeting: String = "") {
        self.init(address: InstanceAddress(host: "db1", port: 3306), options: options, greeting: greeting)
    }
}

extension ScriptedServer {
    /// What every server answers to the questions of acquaintance.
    private mutating func introduce(account: String = "baton@10.%") {
        row(
            "SELECT UNIX_TIMESTAMP(NOW(6)) AS now", ["now": "1700000100.500000", "zone": "3600", "account": account])
        rows("SHOW GLOBAL STATUS WHERE Variable_name IN ('uptime')", ["Variable_name", "Value"], [["Uptime", "100"]])
        for beginning in ["SELECT i.VARIABLE_NAME", "SELECT VARIABLE_NAME, GLOBAL_VALUE_ORIGIN"] {
            valueOrigins([], asking: beginning)
        }
    }

    /// Where settings come from: name, origin, persisted value, value now.
    mutating func valueOrigins(_ rows: [[String?]], asking beginning: String = "SELECT i.VARIABLE_NAME") {
        self.rows(beginning, ["VARIABLE_NAME", "ORIGIN", "PERSISTED", "RUNTIME"], rows)
    }

    static let sourceUUID = "de5a8c62-e6a2-11f1-8dbb-02fc00000001"
    static let ownUUID = "df58b622-e6a2-11f1-a95b-02fc00000001"

    /// A MySQL server of that version with a binary log and GTIDs, no replica; statements of a replica are to be added.
    static func mysql(_ version: String, comment: String = "MySQL Community Server - GPL") -> ScriptedServer {
        var server = ScriptedServer()
        server.introduce()
        server.variables([
            "version": version, "version_comment": comment, "server_uuid": ownUUID, "hostname": "db1", "port": "3306",
            "report_host": "", "report_port": "0", "log_bin": "ON", "log_slave_updates": "ON",
            "performance_schema": "ON", "server_id": "101", "read_only": "ON", "super_read_only": "OFF",
            "binlog_format": "ROW", "binlog_row_image": "FULL", "gtid_mode": "ON", "enforce_gtid_consistency": "ON",
            "gtid_executed": "\(sourceUUID):1-10,\n\(ownUUID):1", "gtid_purged": "\(sourceUUID):1-3",
        ])
        return server
    }

    /// A MariaDB server of that version with a binary log, no replica.
    static func mariadb(_ version: String) -> ScriptedServer {
        var server = ScriptedServer()
        server.introduce()
        server.variables([
            "version": version, "version_comment": "mariadb.org binary distribution", "hostname": "db1",
            "port": "3306", "report_host": "db1.example", "report_port": "3306", "log_bin": "ON",
            "log_slave_updates": "ON", "performance_schema": "OFF", "server_id": "101", "read_only": "ON",
            "binlog_format": "MIXED", "binlog_row_image": "FULL", "gtid_domain_id": "0", "gtid_strict_mode": "1",
            "gtid_binlog_pos": "0-1-10", "gtid_slave_pos": "0-1-10", "gtid_current_pos": "0-1-10",
            "gtid_binlog_state": "0-101-4,0-1-10", "wsrep_on": "OFF", "wsrep_provider": "none",
            "rpl_semi_sync_master_enabled": "ON", "rpl_semi_sync_master_timeout": "10000",
            "rpl_semi_sync_slave_enabled": "OFF",
        ])
        server.rows(
            "SHOW GLOBAL STATUS WHERE Variable_name IN ('rpl", ["Variable_name", "Value"],
            [
                ["Rpl_semi_sync_master_clients", "2"], ["Rpl_semi_sync_master_status", "ON"],
                ["Rpl_semi_sync_slave_status", "OFF"],
            ])
        server.rows(
            "SHOW MASTER STATUS", ["File", "Position", "Binlog_Do_DB", "Binlog_Ignore_DB"],
            [["bin.000002", "777", "", ""]])
        server.rows("SHOW SLAVE HOSTS", ["Server_id", "Host", "Port", "Master_id"], [])
        server.rows("SHOW ALL SLAVES STATUS", [], [])
        return server
    }
}
