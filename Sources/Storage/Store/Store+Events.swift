import GRDB
import Topology

extension Store {
    /// Appends events in one transaction; needs no lease.
    ///
    /// - Throws: ``StoreError``.
    public func append(_ events: [Event]) async throws {
        guard !events.isEmpty else { return }
        try await write("appending events") { db in
            for event in events { try Self.append(event, db) }
        }
    }

    static func append(_ event: Event, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO event (at, kind, address, cluster, text) VALUES (?, ?, ?, ?, ?)")
            .execute(arguments: [
                event.at.microseconds, event.kind.rawValue, event.address?.description, event.cluster, event.text,
            ])
    }

    /// The events that fit, oldest first.
    ///
    /// - Throws: ``StoreError``.
    public func events(_ filter: EventFilter = EventFilter()) async throws -> [Event] {
        try await read("reading events") { db in
            var conditions: [String] = []
            var arguments = StatementArguments()
            func require(_ condition: String, _ values: StatementArguments) {
                conditions.append(condition)
                arguments += values
            }
            if let since = filter.since { require("at >= ?", [since.microseconds]) }
            if let until = filter.until { require("at < ?", [until.microseconds]) }
            if let address = filter.address { require("address = ?", [address.description]) }
            if let cluster = filter.cluster { require("cluster = ?", [cluster]) }
            if let after = filter.after { require("id > ?", [after]) }
            if !filter.kinds.isEmpty {
                let marks = filter.kinds.map { _ in "?" }.joined(separator: ", ")
                require("kind IN (\(marks))", StatementArguments(filter.kinds.map(\.rawValue)))
            }
            let choice = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            let order = filter.after == nil ? "DESC" : "ASC"
            arguments += [filter.limit]
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM event \(choice) ORDER BY id \(order) LIMIT ?", arguments: arguments)
            let events = try rows.map(Self.event)
            return filter.after == nil ? events.reversed() : events
        }
    }

    private static func event(_ row: Row) throws -> Event {
        let address: String? = row["address"]
        return Event(
            id: row["id"], at: Timestamp(microseconds: row["at"]), kind: Event.Kind(rawValue: row["kind"]),
            address: try address.map { try InstanceAddress(parsing: $0) }, cluster: row["cluster"], text: row["text"])
    }
}
