import GRDB
import Topology

/// One entry of the history of one server.
public struct RecordedChange: Sendable, Equatable {
    /// What happened to the server.
    public enum What: Sendable, Equatable {
        /// Everything known of it then: it appeared, or a whole document was due.
        case document(Instance)
        /// What changed, as JSON in the notation of a merge patch over the instance's document.
        case changed(JSON)
        /// The fleet held it no longer.
        case gone
    }

    /// When it was recorded.
    public let at: Timestamp
    /// The server, under the name that it had then.
    public let address: InstanceAddress
    /// What became of it.
    public let what: What
}

extension Store {
    /// The fleet as it was recorded at a past moment, contacts as they were then.
    ///
    /// Facts that change all the time (positions, lag) are as old as their sampling. Before the oldest kept moment the
    /// fleet is empty.
    ///
    /// - Throws: ``StoreError``.
    public func fleet(at moment: Timestamp) async throws -> Fleet {
        try await read("rebuilding a past fleet") { [path] db in
            var fleet = Fleet()
            let subjects = try Int64.fetchAll(db, sql: "SELECT id FROM subject")
            for subject in subjects {
                guard let document = try Self.document(of: subject, at: moment, db) else { continue }
                fleet.update(try Self.instance(document, path))
            }
            let labels = try Row.fetchCursor(
                db,
                sql: """
                    SELECT kind, address, value FROM label_change WHERE id IN
                        (SELECT max(id) FROM label_change WHERE at <= ? GROUP BY kind, address)
                    """,
                arguments: [moment.microseconds])
            while let row = try labels.next() {
                guard let value = row["value"] as String? else { continue }
                try Self.apply(row["kind"], row["address"], value, to: &fleet)
            }
            return fleet
        }
    }

    /// What was recorded from one moment (inclusive) to another (exclusive), in order.
    ///
    /// - Parameters:
    ///   - address: only this server's changes.
    ///   - limit: at most so many, from the start.
    /// - Throws: ``StoreError``.
    public func changes(
        from start: Timestamp, to end: Timestamp, of address: InstanceAddress? = nil, limit: Int = 10_000
    ) async throws -> [RecordedChange] {
        try await read("reading the history") { [path] db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT change.at, subject.address, change.kind, change.body
                    FROM change JOIN subject ON subject.id = change.subject
                    WHERE change.at >= ? AND change.at < ? AND (? IS NULL OR subject.address = ?)
                    ORDER BY change.at, change.id LIMIT ?
                    """,
                arguments: [start.microseconds, end.microseconds, address?.description, address?.description, limit])
            return try rows.map { row in
                let body = try (row["body"] as String?).map { try JSON(parsing: Array($0.utf8)) }
                let what: RecordedChange.What =
                    switch (ChangeKind(rawValue: row["kind"]), body) {
                    case (.document, let body?): .document(try Self.instance(body, path))
                    case (.patch, let body?): .changed(body)
                    default: .gone
                    }
                return RecordedChange(
                    at: Timestamp(microseconds: row["at"]), address: try InstanceAddress(parsing: row["address"]),
                    what: what)
            }
        }
    }

    /// The document of one server at a moment; `nil` where it was not known or gone then.
    private static func document(of subject: Int64, at moment: Timestamp, _ db: Database) throws -> JSON? {
        let statement = try db.cachedStatement(
            sql: "SELECT kind, body FROM change WHERE subject = ? AND at <= ? ORDER BY at DESC, id DESC")
        let rows = try Row.fetchCursor(statement, arguments: [subject, moment.microseconds])
        var patches: [JSON] = []
        // From the latest back to the last whole document.
        while let row = try rows.next() {
            guard let body = try (row["body"] as String?).map({ try JSON(parsing: Array($0.utf8)) }) else { return nil }
            guard row["kind"] as Int == ChangeKind.document.rawValue else {
                patches.append(body)
                continue
            }
            return patches.reversed().reduce(body) { DocumentPatch.apply($1, to: $0) }
        }
        return nil
    }
}
