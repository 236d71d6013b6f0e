import Servers
import Topology

extension SimulatedServer {
    /// A table that tells how channels are set up.
    ///
    /// - Throws: 1146 for one that this server does not have.
    func table(named name: String) throws(SimulatedRefusal) -> ResultSet {
        switch name.lowercased() {
        case "performance_schema.replication_connection_configuration" where !isMariaDB:
            rows(Self.connectionColumns)
        case "performance_schema.replication_applier_configuration" where !isMariaDB:
            rows([
                ("CHANNEL_NAME", { $0.name }), ("DESIRED_DELAY", { "\($0.delay.components.seconds)" }),
                ("PRIVILEGE_CHECKS_USER", { $0.options["PRIVILEGE_CHECKS_USER"] }),
                ("REQUIRE_ROW_FORMAT", { $0.options["REQUIRE_ROW_FORMAT"] == "1" ? "YES" : "NO" }),
            ])
        default: throw SimulatedRefusal(1146, "Table '\(name)' doesn't exist")
        }
    }

    /// `SHOW ALL SLAVES STATUS`, as far as it tells options.
    var slaveOptions: ResultSet {
        rows([
            ("Connection_name", { $0.name }), ("Master_Host", { $0.host }), ("Master_Port", { "\($0.port)" }),
            ("Master_User", { $0.user }), ("Connect_Retry", { "\($0.retryInterval.components.seconds)" }),
            ("Master_SSL_Allowed", { $0.options["SSL"] == "1" ? "Yes" : "No" }),
            ("Master_SSL_CA_File", { $0.options["SSL_CA"] ?? "" }),
            ("Master_SSL_Verify_Server_Cert", { $0.options["SSL_VERIFY_SERVER_CERT"] == "1" ? "Yes" : "No" }),
            ("SQL_Delay", { "\($0.delay.components.seconds)" }),
            ("Slave_heartbeat_period", { "\($0.heartbeat ?? networkTimeoutHalf)" }),
            ("Replicate_Do_DB", { Self.list("do-db", $0) }), ("Replicate_Ignore_DB", { Self.list("ignore-db", $0) }),
            ("Replicate_Ignore_Table", { Self.list("ignore-table", $0) }),
        ])
    }

    private typealias Column = (name: String, value: (SimulatedChannel) -> String?)

    private static var connectionColumns: [Column] {
        [
            ("CHANNEL_NAME", { $0.name }), ("HOST", { $0.host }), ("PORT", { "\($0.port)" }), ("USER", { $0.user }),
            ("NETWORK_INTERFACE", { $0.options["BIND"] ?? "" }),
            ("AUTO_POSITION", { $0.positioning == .autoPosition ? "1" : "0" }),
            ("SSL_ALLOWED", { $0.options["SSL"] == "1" ? "YES" : "NO" }),
            ("SSL_CA_FILE", { $0.options["SSL_CA"] ?? "" }),
            ("CONNECTION_RETRY_INTERVAL", { "\($0.retryInterval.components.seconds)" }),
            ("CONNECTION_RETRY_COUNT", { $0.options["RETRY_COUNT"] ?? "10" }),
            ("HEARTBEAT_INTERVAL", { $0.heartbeat.map { "\($0)" } ?? "30.0 seconds" }),
            ("GET_PUBLIC_KEY", { $0.options["GET_PUBLIC_KEY"] == "1" ? "YES" : "NO" }),
            ("COMPRESSION_ALGORITHM", { $0.options["COMPRESSION_ALGORITHMS"] ?? "uncompressed" }),
            ("ZSTD_COMPRESSION_LEVEL", { $0.options["ZSTD_COMPRESSION_LEVEL"] ?? "3" }),
        ]
    }

    private var networkTimeoutHalf: Duration { options.networkTimeout / 2 }

    private static func list(_ kind: String, _ channel: SimulatedChannel) -> String {
        channel.filters.filter { $0.kind == kind }.map(\.value).joined(separator: ",")
    }

    private func rows(_ columns: [Column]) -> ResultSet {
        ResultSet(
            columns: columns.map(\.name),
            rows: channelNames.compactMap { channels[$0] }.filter(\.isConfigured).map { channel in
                columns.map { $0.value(channel) }
            })
    }
}
