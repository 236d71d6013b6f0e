import Topology

/// Finds the binary logs of a MySQL server that hold certain transactions.
///
/// Each log begins with the set of all transactions before it (`Previous_gtids`; MySQL manual, "GTID Format and Storage"), so
/// that the difference of two neighbours is what is in the first.
public struct BinaryLogSearch: Sendable {
    private static let limit = Duration.seconds(10)

    let connection: Connection

    /// Makes a search on an open connection; `REPLICATION SLAVE` is needed for it.
    public init(_ connection: Connection) {
        self.connection = connection
    }

    /// The logs that hold at least one of these transactions, the oldest first; those that were purged are in none.
    ///
    /// - Throws: errors of the connection and of the server.
    public func files(holding set: GTIDSet) async throws -> [String] {
        let logs = try await connection.execute("SHOW BINARY LOGS", timeout: Self.limit)
        let names = (0..<logs.rowCount).compactMap { logs.text(row: $0, column: 0) }
        let state = try await connection.execute("SELECT @@GLOBAL.gtid_executed", timeout: Self.limit)
        let executed = try GTIDSet(parsing: state.text(row: 0, column: 0) ?? "")
        var found: [String] = []
        var starts: [GTIDSet] = []
        for name in names { starts.append(try await previous(of: name)) }
        for (index, name) in names.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : executed
            if !end.subtracting(starts[index]).isDisjoint(with: set) { found.append(name.sanitized) }
        }
        return found
    }

    /// What was executed before the log begins.
    private func previous(of name: String) async throws -> GTIDSet {
        // A log's name is the server's own; quotes in it could only come from its option file.
        let quoted = name.replacing("'", with: "''")
        let events = try await connection.execute("SHOW BINLOG EVENTS IN '\(quoted)' LIMIT 5", timeout: Self.limit)
        guard let type = events.column(named: "Event_type"), let info = events.column(named: "Info") else {
            return GTIDSet()
        }
        for row in 0..<events.rowCount where events.text(row: row, column: type) == "Previous_gtids" {
            return try GTIDSet(parsing: events.text(row: row, column: info) ?? "")
        }
        return GTIDSet()
    }
}
