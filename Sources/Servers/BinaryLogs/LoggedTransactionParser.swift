import Topology

/// Puts the rows of `SHOW BINLOG EVENTS` together to transactions, and keeps those that are wanted.
struct LoggedTransactionParser {
    let file: String
    let wanted: WantedTransactions
    private(set) var found: [LoggedTransaction] = []
    /// Where the next page begins.
    private(set) var next: UInt64?
    private var current: LoggedTransaction?

    init(file: String, wanted: WantedTransactions) {
        self.file = file
        self.wanted = wanted
    }

    /// Takes a page of rows; one without the columns that are needed gives nothing.
    mutating func take(_ page: ResultSet) {
        guard let type = page.column(named: "Event_type"), let info = page.column(named: "Info"),
            let start = page.column(named: "Pos"), let end = page.column(named: "End_log_pos")
        else { return }
        for row in 0..<page.rowCount {
            guard let type = page.text(row: row, column: type),
                let start = page.text(row: row, column: start).flatMap({ UInt64($0) }),
                let end = page.text(row: row, column: end).flatMap({ UInt64($0) })
            else { continue }
            next = end
            take(type, (page.text(row: row, column: info) ?? "").sanitized, start, end)
        }
    }

    /// The last one, which no other follows.
    mutating func finish() {
        if let current { found.append(current) }
        current = nil
    }

    private mutating func take(_ type: String, _ info: String, _ start: UInt64, _ end: UInt64) {
        if type.hasPrefix("Gtid"), type != "Gtid_list" {
            finish()
            guard let gtid = Self.gtid(info), wanted.contains(gtid) else { return }
            current = LoggedTransaction(
                gtid: gtid, file: file, position: start, size: end - min(start, end), changes: [])
            return
        }
        guard var transaction = current else { return }
        if ["Rotate", "Stop", "Previous_gtids"].contains(type) { return finish() }
        transaction.size = end - min(transaction.position, end)
        if let change = Self.change(type, info), !transaction.changes.contains(change) {
            transaction.changes.append(change)
        }
        // A row event says of its table only the number; it comes after the map of that table.
        if let kind = Self.rowKind(type), let last = transaction.changes.lastIndex(where: { $0.kind.isEmpty }) {
            let target = transaction.changes.remove(at: last).target
            let change = LoggedTransaction.Change(kind, target)
            if !transaction.changes.contains(change) { transaction.changes.append(change) }
        }
        current = transaction
    }

    /// `SET @@SESSION.GTID_NEXT= 'uuid:5'` on MySQL; `GTID 0-1-5`, perhaps after `BEGIN`, on MariaDB.
    private static func gtid(_ info: String) -> String? {
        let quoted = info.split(separator: "'", omittingEmptySubsequences: false)
        if quoted.count >= 3 { return String(quoted[1]) }
        let words = info.split(separator: " ")
        guard let place = words.firstIndex(of: "GTID"), place + 1 < words.count else { return nil }
        return String(words[place + 1])
    }

    private static func change(_ type: String, _ info: String) -> LoggedTransaction.Change? {
        switch type {
        case "Table_map": table(info).map { LoggedTransaction.Change("", $0) }
        case "Transaction_payload": LoggedTransaction.Change("compressed", "")
        case "Query", "Query_compressed": statement(info)
        default: nil
        }
    }

    private static func rowKind(_ type: String) -> String? {
        if type.hasPrefix("Write_rows") { return "insert" }
        if type.hasPrefix("Update_rows") || type.hasPrefix("Partial_update_rows") { return "update" }
        return type.hasPrefix("Delete_rows") ? "delete" : nil
    }

    /// `table_id: 92 (shop.orders)`
    private static func table(_ info: String) -> String? {
        guard let open = info.firstIndex(of: "("), let close = info.lastIndex(of: ")"), open < close else { return nil }
        return String(info[info.index(after: open)..<close])
    }

    /// The first two words, and the schema in which it was run: what a statement says more may hold what is nobody's business.
    private static func statement(_ info: String) -> LoggedTransaction.Change? {
        var text = info[...]
        var schema = ""
        if text.hasPrefix("use `"), let end = text.firstRange(of: "`; ") {
            schema = String(text[text.index(text.startIndex, offsetBy: 5)..<end.lowerBound])
            text = text[end.upperBound...]
        }
        let words = text.split(whereSeparator: \.isWhitespace).prefix(2).map { $0.uppercased() }
        guard let first = words.first, !["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "XA"].contains(first) else {
            return nil
        }
        let isDefining = ["CREATE", "ALTER", "DROP", "TRUNCATE", "RENAME", "GRANT", "REVOKE", "SET"].contains(first)
        return LoggedTransaction.Change(isDefining ? words.joined(separator: " ") : first, schema)
    }
}
