import GRDB
import Topology

/// Which marks to read; each condition that is set narrows the choice.
public struct MarkFilter: Hashable, Sendable {
    /// Any of these kinds; empty for all.
    public var kinds: [MarkMeaning.Kind] = []
    /// Only those of this server.
    public var address: InstanceAddress?
    /// Whether those that are over are read too.
    public var includesPast = false
    /// Only those that began or ended from this moment on.
    public var since: Timestamp?
    /// At most so many, the latest ones.
    public var limit = 1000

    /// Makes a filter that lets every mark through that is not over.
    public init() {}
}

extension Store {
    /// Marks a server. A mark of the same kind that it has is over with that.
    ///
    /// - Returns: the new mark's number.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func set(
        _ mark: Mark<MarkMeaning>, on address: InstanceAddress, client: String? = nil, at now: Timestamp
    ) async throws -> Int64 {
        try await write("marking \(address)") { db in
            let end = MarkRecord.End(at: now, user: nil, reason: "replaced")
            _ = try Self.endMark(mark.meaning.kind, of: address, end, db)
            try db.execute(
                sql: """
                    INSERT INTO mark (kind, address, meaning, owner, client, reason, begins_at, ends_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    mark.meaning.kind.rawValue, address.description, mark.meaning.word, mark.owner.sanitized, client,
                    mark.reason.sanitized, mark.begins.microseconds, mark.ends?.microseconds,
                ])
            return db.lastInsertedRowID
        }
    }

    /// Ends a server's mark of that kind.
    ///
    /// - Returns: the mark, `nil` where there was none that counted.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func endMark(
        _ kind: MarkMeaning.Kind, of address: InstanceAddress, by author: Author?, reason: String = "",
        at now: Timestamp
    ) async throws -> MarkRecord? {
        try await write("ending the \(kind.words) of \(address)") { db in
            let end = MarkRecord.End(at: now, user: author?.user, reason: reason.sanitized)
            guard let ended = try Self.endMark(kind, of: address, end, db) else { return nil }
            return ended.mark.ends.map { $0 <= now } ?? false ? nil : ended
        }
    }

    private static func endMark(
        _ kind: MarkMeaning.Kind, of address: InstanceAddress, _ end: MarkRecord.End, _ db: Database
    ) throws -> MarkRecord? {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM mark WHERE kind = ? AND address = ? AND ended_at IS NULL",
            arguments: [kind.rawValue, address.description])
        guard let row else { return nil }
        let found = mark(row)
        // What ran out before did so at its time, whoever comes to end it.
        let isOver = found?.mark.ends.map { $0 <= end.at } ?? false
        let at = isOver ? found?.mark.ends ?? end.at : end.at
        try db.execute(
            sql: "UPDATE mark SET ended_at = ?, ended_by = ?, ended_why = ? WHERE id = ?",
            arguments: [
                at.microseconds, isOver ? nil : end.user, isOver ? Self.timeIsOver : end.reason, row["id"] as Int64,
            ])
        guard var ended = found else { return nil }
        ended.end = end
        return ended
    }

    /// Writes down that marks whose time is over are over.
    ///
    /// - Returns: how many.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func expireMarks(at now: Timestamp) async throws -> Int {
        try await write("ending marks whose time is over") { db in
            try db.execute(
                sql: "UPDATE mark SET ended_at = ends_at, ended_why = ? WHERE ended_at IS NULL AND ends_at <= ?",
                arguments: [Self.timeIsOver, now.microseconds])
            return db.changesCount
        }
    }

    private static let timeIsOver = "its time was over"

    /// The marks that fit, oldest first.
    ///
    /// - Throws: ``StoreError``.
    public func marks(_ filter: MarkFilter = MarkFilter(), now: Timestamp) async throws -> [MarkRecord] {
        try await read("reading marks") { db in
            // A store that may only be read keeps the layout that an older baton gave it.
            guard try db.tableExists("mark") else { return [] }
            var choice = Choice()
            if !filter.includesPast {
                choice.require("ended_at IS NULL AND (ends_at IS NULL OR ends_at > ?)", [now.microseconds])
            }
            if let address = filter.address { choice.require("address = ?", [address.description]) }
            if let since = filter.since {
                choice.require("(begins_at >= ? OR ended_at >= ?)", [since.microseconds, since.microseconds])
            }
            choice.requireOne(of: filter.kinds.map(\.rawValue), in: "kind")
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM mark \(choice.sql) ORDER BY id DESC LIMIT ?",
                arguments: choice.arguments + [filter.limit])
            return try rows.compactMap { try Self.mark($0, now: now).map { try Self.withReplacement($0, db) } }
                .reversed()
        }
    }

    /// What operators say about servers now and have said for later, by the addresses of a fleet.
    ///
    /// - Throws: ``StoreError``.
    public func operatorMarks(in fleet: Fleet? = nil, now: Timestamp) async throws -> OperatorMarks {
        var filter = MarkFilter()
        filter.limit = .max
        return OperatorMarks(try await marks(filter, now: now), in: fleet)
    }

    /// A mark of a server that a recovery left behind tells who took its place there, where somebody did.
    private static func withReplacement(_ record: MarkRecord, _ db: Database) throws -> MarkRecord {
        guard record.end == nil, record.mark.meaning == .downtime(.lostInRecovery) else { return record }
        var record = record
        record.replaced = try replacement(of: record.address, db)
        return record
    }

    /// - Parameter now: a mark whose time is over by then is given as ended.
    private static func mark(_ row: Row, now: Timestamp? = nil) -> MarkRecord? {
        guard let address = try? InstanceAddress(parsing: row["address"]),
            let meaning = MarkMeaning(kind: row["kind"], word: row["meaning"])
        else { return nil }
        let ends = (row["ends_at"] as Int64?).map { Timestamp(microseconds: $0) }
        let mark = Mark(
            meaning, owner: (row["owner"] as String).sanitized, reason: (row["reason"] as String).sanitized,
            begins: Timestamp(microseconds: row["begins_at"]), ends: ends)
        var end = (row["ended_at"] as Int64?).map {
            MarkRecord.End(
                at: Timestamp(microseconds: $0), user: (row["ended_by"] as String?)?.sanitized,
                reason: (row["ended_why"] as String?)?.sanitized ?? "")
        }
        if end == nil, let now, let ends, ends <= now {
            end = MarkRecord.End(at: ends, user: nil, reason: timeIsOver)
        }
        return MarkRecord(
            id: row["id"], address: address, mark: mark, client: (row["client"] as String?)?.sanitized, end: end)
    }
}
