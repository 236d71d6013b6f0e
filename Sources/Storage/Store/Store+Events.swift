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
            var choice = Choice()
            if let since = filter.since { choice.require("at >= ?", [since.microseconds]) }
            if let until = filter.until { choice.require("at < ?", [until.microseconds]) }
            if let address = filter.address { choice.require("address = ?", [address.description]) }
            if let cluster = filter.cluster { choice.require("cluster = ?", [cluster]) }
            if let after = filter.after { choice.require("id > ?", [after]) }
            choice.requireOne(of: filter.kinds.map(\.rawValue), in: "kind")
            let order = filter.after == nil ? "DESC" : "ASC"
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM event \(choice.sql) ORDER BY id \(order) LIMIT ?",
                arguments: choice.arguments + [filter.limit])
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
