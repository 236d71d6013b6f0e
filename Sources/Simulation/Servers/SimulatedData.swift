/// Schemas, tables of one key and one text, and their rows.
struct SimulatedData: Hashable, Sendable {
    private(set) var schemas: Set<String> = []
    private(set) var tables: [String: [Int64: String]] = [:]

    /// How a change is applied: by a client, by an applier from rows, or by an applier from a statement.
    enum Manner {
        case client
        case rows
        case statement
    }

    /// Applies one change.
    ///
    /// - Returns: whether anything was done that is worth logging by rows.
    /// - Throws: the error number that servers give: 1007, 1008, 1050, 1051, 1049, 1146, 1062, 1032.
    mutating func apply(_ change: DataChange, _ manner: Manner) throws(SimulatedRefusal) -> Bool {
        switch change {
        case .createSchema(let name, let ifMissing):
            let isNew = schemas.insert(name).inserted
            if !isNew, !ifMissing {
                throw SimulatedRefusal(1007, "Can't create database '\(name)'; database exists")
            }
        case .dropSchema(let name, let ifThere):
            guard schemas.remove(name) != nil || ifThere else {
                throw SimulatedRefusal(1008, "Can't drop database '\(name)'; database doesn't exist")
            }
            tables = tables.filter { !$0.key.hasPrefix(name + ".") }
        case .createTable(let name, let ifMissing):
            guard schemas.contains(String(name.prefix { $0 != "." })) else {
                throw SimulatedRefusal(1049, "Unknown database of '\(name)'")
            }
            if tables[name] != nil {
                if !ifMissing { throw SimulatedRefusal(1050, "Table '\(name)' already exists") }
            } else {
                tables[name] = [:]
            }
        case .dropTable(let name, let ifThere):
            guard tables.removeValue(forKey: name) != nil || ifThere else {
                throw SimulatedRefusal(1051, "Unknown table '\(name)'")
            }
        case .insert, .update, .delete: return try applyToRow(change, manner)
        }
        return true
    }

    private mutating func applyToRow(_ change: DataChange, _ manner: Manner) throws(SimulatedRefusal) -> Bool {
        guard let row = change.row, let old = tables[row.table] else {
            throw SimulatedRefusal(1146, "Table '\(change.row?.table ?? "")' doesn't exist")
        }
        let isThere = old[row.key] != nil
        switch change {
        case .insert(_, _, let value):
            if isThere {
                throw SimulatedRefusal(1062, "Duplicate entry '\(row.key)' for key 'PRIMARY' of \(row.table)")
            }
            tables[row.table]?[row.key] = value
            return true
        case .update(_, _, let value):
            guard isThere else { return try missing(row, manner) }
            let isNews = old[row.key] != value
            tables[row.table]?[row.key] = value
            return isNews
        default:
            guard isThere else { return try missing(row, manner) }
            tables[row.table]?[row.key] = nil
            return true
        }
    }

    /// Only an applier that was given rows takes offence at one that is not there.
    private func missing(_ row: RowName, _ manner: Manner) throws(SimulatedRefusal) -> Bool {
        if manner == .rows { throw SimulatedRefusal(1032, "Can't find record \(row.key) in '\(row.table)'") }
        return false
    }
}

/// A statement or an event that a server refuses, with the number that real servers give.
struct SimulatedRefusal: Error, Hashable, Sendable {
    let code: Int
    let message: String

    init(_ code: Int, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Words that this server's release does not know (1064).
    static func syntax(near text: String) -> SimulatedRefusal {
        SimulatedRefusal(1064, "You have an error in your SQL syntax near '\(text)'")
    }
}
