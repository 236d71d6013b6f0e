import GRDB
import Topology

/// How much history is kept; what is older or beyond goes, oldest first.
public struct HistoryLimits: Sendable, Hashable {
    /// History and events of this age go.
    public var age: Duration = .seconds(30 * 86_400)
    /// Bytes that the file may use; the last known fleet is kept whatever it takes.
    public var bytes: Int64 = 256 << 20
    /// How many events are kept.
    public var events = 100_000

    /// Makes the limits that `docs/store.md` names: 30 days, 256 MiB.
    public init() {}
}

/// What a pruning did.
public struct PruneReport: Sendable, Hashable {
    /// Rows of the history that are gone.
    public var changes = 0
    /// Events that are gone.
    public var events = 0
    /// Operations that are gone.
    public var operations = 0
    /// Recoveries, detections, marks and what belongs to them that are gone.
    public var recoveries = 0
    /// Bytes that the file uses now.
    public var bytes: Int64 = 0
}

extension Store {
    /// Takes away what is beyond the limits, in transactions so small that another writer waits for none of them long,
    /// and gives the space back to the file system.
    ///
    /// A server's state at the oldest kept moment is folded into one whole document, so that every moment from then on
    /// can still be rebuilt.
    ///
    /// - Throws: ``StoreError``; what was pruned until then stays pruned.
    @discardableResult
    public func prune(_ limits: HistoryLimits, now: Timestamp) async throws -> PruneReport {
        var report = PruneReport()
        var horizon = now - limits.age
        report.changes += try await fold(before: horizon)
        report.events += try await pruneEvents(before: horizon, keeping: limits.events)
        report.recoveries += try await pruneRecoveries(before: horizon)
        report.operations += try await pruneOperations(before: horizon)
        try await shrink()
        report.bytes = try await usedBytes()
        // A tenth at a time, until the rest fits.
        while report.bytes > limits.bytes, let next = try await momentOfOldestTenth(after: horizon) {
            horizon = next
            report.changes += try await fold(before: horizon)
            report.events += try await pruneEvents(before: horizon, keeping: limits.events)
            try await shrink()
            report.bytes = try await usedBytes()
        }
        return report
    }

    static let rowsPerStep = 200

    /// Folds the rows before `horizon` of each server into one.
    private func fold(before horizon: Timestamp) async throws -> Int {
        let activity = "pruning the history"
        let subjects = try await read(activity) { db in
            try Int64.fetchAll(
                db,
                sql: "SELECT subject FROM change WHERE at < ? GROUP BY subject HAVING count(*) > 1 OR max(kind) = ?",
                arguments: [horizon.microseconds, ChangeKind.gone.rawValue])
        }
        var total = 0
        for subject in subjects {
            while true {
                let folded = try await write(activity) { try Self.fold(subject, before: horizon, $0) }
                total += folded
                if folded < Self.rowsPerStep - 1 { break }
                await Task.yield()
            }
        }
        return total + (try await pruneLabels(before: horizon))
    }

    /// - Returns: how many rows are gone.
    private static func fold(_ subject: Int64, before horizon: Timestamp, _ db: Database) throws -> Int {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT id, kind, body FROM change WHERE subject = ? AND at < ? ORDER BY at, id LIMIT ?"),
            arguments: [subject, horizon.microseconds, rowsPerStep])
        guard let last = rows.last else { return 0 }
        var document: JSON?
        for row in rows {
            let body = try (row["body"] as String?).map { try JSON(parsing: Array($0.utf8)) }
            switch (ChangeKind(rawValue: row["kind"]), document, body) {
            case (.patch, let known?, let patch?): document = DocumentPatch.apply(patch, to: known)
            case (.document, _, let whole?): document = whole
            default: document = nil
            }
        }
        let kept = document == nil ? nil : last["id"] as Int64
        if let document {
            try db.cachedStatement(sql: "UPDATE change SET kind = ?, body = ? WHERE id = ?")
                .execute(arguments: [ChangeKind.document.rawValue, document.text(.compact), kept])
        }
        let delete = try db.cachedStatement(sql: "DELETE FROM change WHERE id = ?")
        var gone = 0
        for row in rows where row["id"] as Int64? != kept {
            try delete.execute(arguments: [row["id"] as Int64])
            gone += 1
        }
        return gone
    }

    /// Of the labels only the state at the horizon and what came later are needed.
    private func pruneLabels(before horizon: Timestamp) async throws -> Int {
        try await write("pruning the history") { db in
            try db.execute(
                sql: """
                    DELETE FROM label_change WHERE at < ? AND (value IS NULL OR EXISTS (
                        SELECT 1 FROM label_change AS later
                        WHERE later.kind = label_change.kind AND later.address = label_change.address
                            AND later.at < ? AND later.id > label_change.id))
                    """,
                arguments: [horizon.microseconds, horizon.microseconds])
            return db.changesCount
        }
    }

    private func pruneEvents(before horizon: Timestamp, keeping limit: Int) async throws -> Int {
        var total = 0
        while true {
            let gone = try await write("pruning events") { db in
                try db.execute(
                    sql: """
                        DELETE FROM event WHERE id IN (
                            SELECT id FROM event
                            WHERE at < ? OR id <= (SELECT max(id) FROM event) - ? ORDER BY id LIMIT ?)
                        """,
                    arguments: [horizon.microseconds, limit, Self.rowsPerStep])
                return db.changesCount
            }
            total += gone
            if gone < Self.rowsPerStep { return total }
            await Task.yield()
        }
    }

    /// Operations go by age alone, because they are the audit trail and small; those that somebody has to decide about
    /// stay, and so does one that a younger one took back, and one of a recovery that is kept.
    private func pruneOperations(before horizon: Timestamp) async throws -> Int {
        var total = 0
        while true {
            let gone = try await write("pruning operations") { db in
                try db.execute(
                    sql: """
                        DELETE FROM operation WHERE id IN (
                            SELECT id FROM operation
                            WHERE ended_at < ? AND outcome IN ('done', 'taken-back', 'left', 'not-begun')
                                AND NOT EXISTS (SELECT 1 FROM operation AS later WHERE later.undoes = operation.id)
                                AND NOT EXISTS (SELECT 1 FROM recovery_operation WHERE recovery_operation.operation = operation.id)
                            ORDER BY id DESC LIMIT ?)
                        """,
                    arguments: [horizon.microseconds, Self.rowsPerStep])
                return db.changesCount
            }
            total += gone
            // What was taken back goes in the round after the one that took it back.
            if gone == 0 { return total }
            await Task.yield()
        }
    }

    /// Gives free pages back, a few at a time.
    private func shrink() async throws {
        while true {
            let (before, after) = try await writeWithoutTransaction("giving space back") { db in
                let before = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
                // Each step of the statement frees one page, so that its rows have to be fetched.
                _ = try Row.fetchAll(db, sql: "PRAGMA incremental_vacuum(\(Self.rowsPerStep))")
                return (before, try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0)
            }
            if after == 0 || after >= before { return }
        }
    }

    /// The bytes of the pages in use.
    func usedBytes() async throws -> Int64 {
        try await read("measuring the store") { db in
            let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
            return (pages - free) * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 4096)
        }
    }

    /// A moment before which about a tenth of what can still be pruned lies; `nil` where nothing can.
    private func momentOfOldestTenth(after horizon: Timestamp) async throws -> Timestamp? {
        try await read("measuring the store") { db in
            let prunable =
                "SELECT at FROM change WHERE kind <> 0 AND at >= ?1 UNION ALL SELECT at FROM event WHERE at >= ?1"
            let count =
                try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM (\(prunable))", arguments: [horizon.microseconds]) ?? 0
            guard count > 0 else { return nil }
            let moment = try Int64.fetchOne(
                db, sql: "\(prunable) ORDER BY at LIMIT 1 OFFSET ?2", arguments: [horizon.microseconds, count / 10])
            return moment.map { Timestamp(microseconds: $0 + 1) }
        }
    }
}
