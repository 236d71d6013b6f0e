import Servers
import Topology

/// The options of a channel's connection to its source, as the server tells them.
enum ConnectionOptions {
    /// Whom it follows and where it reads is what a change is for; that it is the same is not expected.
    private static let leftOut: Set<String> = ["channel_name", "host", "port", "auto_position"]

    /// Columns of `SHOW ALL SLAVES STATUS` that are options (MariaDB 10.11); releases that have more tell more.
    private static let mariadb: Set<String> = [
        "master_user", "connect_retry", "replicate_do_db", "replicate_ignore_db", "replicate_do_table",
        "replicate_ignore_table", "replicate_wild_do_table", "replicate_wild_ignore_table", "master_ssl_allowed",
        "master_ssl_ca_file", "master_ssl_ca_path", "master_ssl_cert", "master_ssl_cipher", "master_ssl_key",
        "master_ssl_verify_server_cert", "master_ssl_crl", "master_ssl_crlpath", "replicate_ignore_server_ids",
        "replicate_do_domain_ids", "replicate_ignore_domain_ids", "sql_delay", "replicate_rewrite_db",
        "slave_heartbeat_period", "parallel_mode", "master_retry_count",
    ]

    static func read(
        from session: any StatementSession, version: ServerVersion, channel: String
    ) async throws -> [String: String] {
        guard version.flavor.isMySQLFamily else {
            let status = try await session.execute("SHOW ALL SLAVES STATUS", timeout: .seconds(2))
            return options(in: status, name: "Connection_name", channel: channel) { mariadb.contains($0) }
        }
        var all: [String: String] = [:]
        let tables = ["replication_connection_configuration", "replication_applier_configuration"]
        let questions = StatementBatch(tables.map { "SELECT * FROM performance_schema.\($0)" })
        let answer = try await session.query(questions, timeout: .seconds(2))
        if let failure = answer.failure { throw failure }
        for rows in answer.results {
            let found = options(in: rows, name: "CHANNEL_NAME", channel: channel) { !leftOut.contains($0) }
            all.merge(found) { _, new in new }
        }
        return all
    }

    private static func options(
        in rows: ResultSet, name: String, channel: String, isOption: (String) -> Bool
    ) -> [String: String] {
        guard let nameColumn = rows.column(named: name),
            let row = (0..<rows.rowCount).first(where: { rows.text(row: $0, column: nameColumn) == channel })
        else { return [:] }
        var options: [String: String] = [:]
        for (index, column) in rows.columns.enumerated() where isOption(column.lowercased()) {
            options[column] = rows.text(row: row, column: index)?.sanitized ?? "NULL"
        }
        return options
    }
}
