import Topology

/// What a server said of itself when it was connected: what cannot change without a restart, and what it can tell.
struct ServerProfile: Hashable {
    let version: ServerVersion
    let comment: String
    let serverUUID: ServerUUID?
    let hostName: String
    let port: UInt16
    let reportHost: String?
    let reportPort: UInt16?
    let hasBinaryLog: Bool
    let logsReplicaUpdates: Bool
    let dialect: Dialect
    /// The variables to read with each poll: those that are there.
    let variables: [DynamicVariable]
    /// Whether a write-set provider is loaded (Galera, Percona XtraDB Cluster).
    let hasGaleraProvider: Bool
    let galeraClusterName: String
    /// Set where version or comment name a program that stands between clients and servers.
    let proxy: ProxySighting?

    /// Reads the answer to ``Dialect/identity``; `nil` where it names no version, so that it is no server's answer.
    ///
    /// - Parameter port: the port that was asked, for a server that does not tell its own.
    init?(_ values: [String: String], port: UInt16) {
        func text(_ name: String) -> String { (values[name] ?? "").sanitized }
        guard let versionText = values["version"], !versionText.isEmpty else { return nil }
        comment = text("version_comment")
        version = ServerVersion(parsing: versionText, comment: comment)
        serverUUID = values["server_uuid"].flatMap { ServerUUID($0) }
        hostName = text("hostname")
        self.port = values["port"].flatMap(UInt16.init) ?? port
        reportHost = text("report_host").isEmpty ? nil : text("report_host")
        reportPort = values["report_port"].flatMap(UInt16.init).flatMap { $0 == 0 ? nil : $0 }
        hasBinaryLog = values["log_bin"].flatMap(ResultRow.flag) ?? false
        logsReplicaUpdates =
            (values["log_replica_updates"] ?? values["log_slave_updates"]).flatMap(ResultRow.flag) ?? false
        dialect = Dialect(
            version: version, hasPerformanceSchema: values["performance_schema"].flatMap(ResultRow.flag) ?? false)
        variables = DynamicVariable.allCases.filter { values[$0.rawValue] != nil }
        let provider = text("wsrep_provider")
        hasGaleraProvider = !provider.isEmpty && provider.lowercased() != "none"
        galeraClusterName = text("wsrep_cluster_name")
        proxy = Self.proxyName(version: version.text, comment: comment).map(ProxySighting.named)
    }

    /// Named by its version or comment: a program that stands between clients and servers.
    static func proxyName(version: String, comment: String) -> String? {
        let text = (version + " " + comment).lowercased()
        let names = [
            ("proxysql", "ProxySQL"), ("maxscale", "MaxScale"), ("mysqlrouter", "MySQL Router"),
            ("mysql router", "MySQL Router"), ("-router", "MySQL Router"), ("haproxy", "HAProxy"),
            ("vitess", "Vitess"), ("tidb", "TiDB"),
        ]
        return names.first { text.contains($0.0) }?.1
    }

}

/// The server's clock and our account, as the answer to ``Dialect/session`` tells them.
struct SessionProfile: Hashable {
    /// When the server's process started, to about a second.
    var startedAt: Timestamp?
    /// The offset of the system time zone, in which the server prints the times of errors.
    var zone: Duration?
    /// `'user'@'host'`, quoted as a GRANT needs it; empty where it could not be read.
    var account = ""

    mutating func read(session result: ResultSet) {
        let row = result.firstRow
        let columns = ColumnFinder(indices: result.columnIndices)
        now = row.duration(columns("now")).map { Timestamp(microseconds: $0.wholeMicroseconds) }
        zone = row.duration(columns("zone"))
        account = row.nonEmpty(columns("account")).map(Self.quoted) ?? ""
    }

    mutating func read(uptime result: ResultSet) {
        guard let uptime = result.namedValues["uptime"].flatMap(ResultRow.duration), let now else { return }
        let start = now - uptime
        // Uptime counts whole seconds: a start is the same as the one known unless it is clearly another.
        if let known = startedAt, start > known - .milliseconds(1500), start < known + .milliseconds(1500) { return }
        startedAt = start
    }

    /// The server's clock when it answered.
    private(set) var now: Timestamp?

    /// `user@host` with both parts quoted; a user may hold an `@`, a host may not.
    private static func quoted(_ account: String) -> String {
        guard let at = account.lastIndex(of: "@") else { return SQLText.literal(account) + "@'%'" }
        let host = account[account.index(after: at)...]
        return SQLText.literal(String(account[..<at])) + "@" + SQLText.literal(String(host))
    }
}
