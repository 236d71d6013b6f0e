import GRDB
import Recovery
import Topology

/// Which recoveries to read; each condition that is set narrows the choice.
public struct RecoveryFilter: Hashable, Sendable {
    /// Only those that began from this moment on.
    public var since: Timestamp?
    /// Only those of the cluster that was called so, by its alias, or that has one of ``members``.
    public var alias: String?
    /// Only those whose cluster, failed server or successor is one of these; empty for any.
    public var members: Set<InstanceAddress> = []
    /// Only those that were made after that one because of it.
    public var following: Int64?
    /// Only those that nobody has acknowledged.
    public var isUnacknowledged = false
    /// At most so many, the latest ones.
    public var limit = 100

    /// Makes a filter that lets everything through.
    public init() {}
}

extension Store {
    /// The recoveries that fit, newest first.
    ///
    /// - Throws: ``StoreError``.
    public func recoveries(_ filter: RecoveryFilter = RecoveryFilter()) async throws -> [RecoveryRecord] {
        try await read("reading recoveries") { db in
            guard try db.tableExists("recovery") else { return [] }
            if filter.following != nil, try !db.columns(in: "recovery").contains(where: { $0.name == "follows" }) {
                return []
            }
            var choice = Choice()
            if let since = filter.since { choice.require("started_at >= ?", [since.microseconds]) }
            if let first = filter.following { choice.require("follows = ?", [first]) }
            if filter.isUnacknowledged { choice.require("acknowledged_at IS NULL") }
            let rows = try Row.fetchCursor(
                db, sql: "SELECT * FROM recovery \(choice.sql) ORDER BY id DESC", arguments: choice.arguments)
            var found: [RecoveryRecord] = []
            while found.count < filter.limit, let row = try rows.next() {
                guard filter.lets(row), let record = try Self.recovery(row, db) else { continue }
                found.append(record)
            }
            return found
        }
    }

    /// The recovery of that number, `nil` where there is none.
    ///
    /// - Throws: ``StoreError``.
    public func recovery(_ id: Int64) async throws -> RecoveryRecord? {
        try await recovery(where: "id = ?", [id])
    }

    /// The recovery of that unique name, `nil` where there is none.
    ///
    /// - Throws: ``StoreError``.
    public func recovery(uid: String) async throws -> RecoveryRecord? {
        try await recovery(where: "uid = ?", [uid])
    }

    /// The recovery that ran that operation, `nil` where none did.
    ///
    /// - Throws: ``StoreError``.
    public func recovery(ofOperation id: Int64) async throws -> RecoveryRecord? {
        try await recovery(where: "id = (SELECT recovery FROM recovery_operation WHERE operation = ?)", [id])
    }

    /// Recoveries at which processes are at work, and those that wait for somebody to decide; oldest first.
    ///
    /// - Throws: ``StoreError``.
    public func openRecoveries(now: Timestamp) async throws -> [RecoveryRecord] {
        try await recoveriesForBrakes(since: now).filter { $0.outcome == .running || $0.isOpen(at: now) }
    }

    /// What the brakes have to know: recoveries that began since then, and all that are not settled; oldest first.
    ///
    /// - Throws: ``StoreError``.
    public func recoveriesForBrakes(since moment: Timestamp) async throws -> [RecoveryRecord] {
        try await read("reading recoveries") { db in
            guard try db.tableExists("recovery") else { return [] }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM recovery WHERE started_at >= ?
                        OR outcome IN ('running', 'failed', 'stopped') AND acknowledged_at IS NULL ORDER BY id
                    """,
                arguments: [moment.microseconds]
            ).compactMap { try Self.recovery($0, db) }
        }
    }

    /// The brakes as they stand at that moment, servers by the addresses of a fleet.
    ///
    /// - Throws: ``StoreError``.
    public func brakes(
        blockPeriod: Duration = RecoveryBrakes.usualBlockPeriod, in fleet: Fleet? = nil, now: Timestamp
    ) async throws -> RecoveryBrakes {
        RecoveryBrakes(
            blockPeriod: blockPeriod,
            recoveries: try await recoveriesForBrakes(since: now - blockPeriod).map { $0.past(at: now) },
            switches: try await recoverySwitches().map(\.state),
            marks: try await operatorMarks(in: fleet, now: now))
    }

    /// Who took the place of a primary in the last recovery in which somebody did.
    static func replacement(of address: InstanceAddress, _ db: Database) throws -> ReplacedPrimary? {
        let kinds = RecoveryKind.replacingPrimaries.map(\.rawValue)
        let places = kinds.map { _ in "?" }.joined(separator: ", ")
        // The successor is written as soon as it takes writes, however the recovery goes on.
        let undone = [RecoveryRecord.Outcome.takenBack, .notBegun].map(\.rawValue).joined(separator: "', '")
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT * FROM recovery
                WHERE failed = ? AND outcome NOT IN ('\(undone)') AND successor IS NOT NULL AND kind IN (\(places))
                    AND id > (SELECT coalesce(max(id), 0) FROM recovery
                        WHERE failed = ? AND outcome = 'done' AND kind = ?)
                ORDER BY id DESC LIMIT 1
                """,
            // Who came back since was left behind by another recovery, as a replica.
            arguments: [address.description] + StatementArguments(kinds)
                + [address.description, RecoveryKind.rejoin.rawValue])
        guard let row, let successor = try? InstanceAddress(parsing: row["successor"]) else { return nil }
        return ReplacedPrimary(recovery: row["id"], successor: successor, identity: identity(row))
    }

    /// A store that may only be read can have a layout without it.
    private static func identity(_ row: Row) -> LastingIdentity? {
        guard row.hasColumn("failed_identity") else { return nil }
        return (row["failed_identity"] as String?).flatMap(LastingIdentity.init)
    }

    private func recovery(where condition: String, _ arguments: StatementArguments) async throws -> RecoveryRecord? {
        try await read("reading a recovery") { db in
            guard try db.tableExists("recovery") else { return nil }
            return try Row.fetchOne(db, sql: "SELECT * FROM recovery WHERE \(condition)", arguments: arguments)
                .flatMap { try Self.recovery($0, db) }
        }
    }

    static func text(of addresses: [InstanceAddress]) -> String {
        addresses.map(\.description).joined(separator: ",")
    }

    private static func addresses(_ text: String) -> [InstanceAddress] {
        text.split(separator: ",").compactMap { try? InstanceAddress(parsing: String($0)) }
    }

    static func clusterName(_ row: Row) -> ClusterName? {
        guard let id = (row["cluster"] as String?).flatMap({ try? InstanceAddress(parsing: $0) }) else { return nil }
        return ClusterName(id, alias: (row["cluster_alias"] as String?)?.sanitized)
    }

    /// Words in it may have been written by a baton that kept them as they were typed: they are made safe here, for all
    /// who print them.
    static func recovery(_ row: Row, _ db: Database) throws -> RecoveryRecord? {
        func text(_ column: String) -> String { (row[column] as String).sanitized }
        // A kind that only a newer baton knows, and addresses that nobody can read, are not guessed at.
        guard let cluster = clusterName(row), let kind = RecoveryKind(rawValue: row["kind"]),
            let failed = try? InstanceAddress(parsing: row["failed"])
        else { return nil }
        let id: Int64 = row["id"]
        var record = RecoveryRecord(
            kind, of: failed, in: cluster, trigger: RecoveryRecord.Trigger(rawValue: row["trigger"]) ?? .manual,
            failure: (row["failure"] as String?)?.sanitized, detection: row["detection"],
            author: Author(user: row["user"], client: row["client"]), reason: text("reason"),
            startedAt: Timestamp(microseconds: row["started_at"]), phase: text("phase"), confirmed: row["confirmed"],
            holder: LeaseHolder(id: row["holder"], pid: row["pid"], host: text("host"), user: text("holder_user")),
            expires: Timestamp(microseconds: row["expires_at"]))
        record.id = id
        record.uid = text("uid")
        record.failedIdentity = identity(row)
        record.successor = (row["successor"] as String?).flatMap { try? InstanceAddress(parsing: $0) }
        record.lost = addresses(row["lost"])
        record.follows = row["follows"]
        record.endedAt = (row["ended_at"] as Int64?).map { Timestamp(microseconds: $0) }
        record.outcome = RecoveryRecord.Outcome(rawValue: row["outcome"]) ?? .failed
        record.loss = row["loss"]
        record.hooks = row["hooks"]
        record.hookFacts = row["hook_facts"]
        record.report = row["report"]
        if let at = row["acknowledged_at"] as Int64? {
            record.acknowledgement = RecoveryRecord.Acknowledgement(
                at: Timestamp(microseconds: at), user: (row["acknowledged_by"] as String?)?.sanitized ?? "",
                reason: (row["acknowledged_why"] as String?)?.sanitized ?? "")
        }
        record.parts = try Row.fetchAll(
            db, sql: "SELECT * FROM recovery_operation WHERE recovery = ? ORDER BY operation", arguments: [id]
        ).map { RecoveryRecord.Part(($0["part"] as String).sanitized, operation: $0["operation"]) }
        record.notes = try Row.fetchAll(
            db, sql: "SELECT * FROM recovery_note WHERE recovery = ? ORDER BY id", arguments: [id]
        ).map {
            RecoveryRecord.Note(at: Timestamp(microseconds: $0["at"]), text: ($0["text"] as String).sanitizedLines)
        }
        return record
    }
}

extension RecoveryFilter {
    fileprivate func lets(_ row: Row) -> Bool {
        if alias == nil, members.isEmpty { return true }
        if let alias, row["cluster_alias"] as String? == alias { return true }
        return ["cluster", "failed", "successor"].contains { column in
            (row[column] as String?).flatMap { try? InstanceAddress(parsing: $0) }.map(members.contains) ?? false
        }
    }
}
