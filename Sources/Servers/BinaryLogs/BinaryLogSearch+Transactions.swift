import Topology

extension BinaryLogSearch {
    /// Events a page: a few milliseconds of a server's time each.
    private static let page = 2_000

    /// Looks transactions up in the server's binary logs, as `SHOW BINLOG EVENTS` has them. That says neither when they were
    /// committed nor which values they have: `mysqlbinlog` does.
    ///
    /// - Parameters:
    ///   - limit: at most so many.
    ///   - time: the longest that it may take; a log is read from its beginning.
    /// - Throws: errors of the connection and of the server.
    public func transactions(
        _ wanted: WantedTransactions, limit: Int = 100, within time: Duration = .seconds(5)
    ) async throws -> LoggedTransactions {
        let deadline = ContinuousClock.now + time
        var found: [LoggedTransaction] = []
        for file in try await files(holding: wanted) {
            var parser = LoggedTransactionParser(file: file, wanted: wanted)
            var place = ""
            while true {
                guard ContinuousClock.now < deadline else {
                    return LoggedTransactions(Array((found + parser.found).prefix(limit)), end: .outOfTime)
                }
                let events = try await connection.execute(
                    "SHOW BINLOG EVENTS IN '\(file.replacing("'", with: "''"))'\(place) LIMIT \(Self.page)",
                    timeout: time)
                parser.take(events)
                if found.count + parser.found.count > limit {
                    return LoggedTransactions(Array((found + parser.found).prefix(limit)), end: .more)
                }
                guard events.rowCount == Self.page, let next = parser.next else { break }
                place = " FROM \(next)"
            }
            parser.finish()
            found += parser.found
        }
        return LoggedTransactions(Array(found.prefix(limit)), end: found.count > limit ? .more : .complete)
    }

    private func files(holding wanted: WantedTransactions) async throws -> [String] {
        switch wanted {
        case .set(let set): try await files(holding: set)
        case .stretches(let stretches): try await files(holding: stretches)
        }
    }

    /// From the last log on before which all that is wanted begins (MariaDB writes at the head of each log which transactions
    /// are before it).
    private func files(holding stretches: [WantedTransactions.Stretch]) async throws -> [String] {
        let logs = try await connection.execute("SHOW BINARY LOGS", timeout: .seconds(10))
        var found: [String] = []
        for name in (0..<logs.rowCount).compactMap({ logs.text(row: $0, column: 0) }).reversed() {
            found.insert(name.sanitized, at: 0)
            let head = try await connection.execute(
                "SHOW BINLOG EVENTS IN '\(name.replacing("'", with: "''"))' LIMIT 5", timeout: .seconds(10))
            guard let type = head.column(named: "Event_type"), let info = head.column(named: "Info"),
                let row = (0..<head.rowCount).first(where: { head.text(row: $0, column: type) == "Gtid_list" })
            else { continue }
            let text = (head.text(row: row, column: info) ?? "").filter { $0 != "[" && $0 != "]" && $0 != " " }
            let before = (try? GTIDBinlogState(parsing: text)) ?? GTIDBinlogState()
            let isBefore = stretches.allSatisfy { stretch in
                before.sequence(domain: stretch.last.domain, server: stretch.last.server) ?? 0 <= stretch.after
            }
            if isBefore { break }
        }
        return found
    }
}
