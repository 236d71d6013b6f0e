import GRDB
import Recovery
import Topology

extension Store {
    /// Writes a new recovery down and holds its cluster, or tells which process recovers it: one transaction, so that two
    /// never both get it.
    ///
    /// - Parameter members: all servers of the cluster: another baton may call the cluster by another of them.
    /// - Throws: ``StoreError``.
    public func claim(
        _ record: RecoveryRecord, members: some Sequence<InstanceAddress> & Sendable, now: Timestamp
    ) async throws -> RecoveryClaim {
        let held = Self.claimed(record, members)
        return try await write("writing a recovery down") { db in
            if let other = try Self.recoveryHolding(held, except: nil, db, now: now) { return .heldBy(other) }
            let holder = record.holder
            try db.execute(
                sql: """
                    INSERT INTO recovery (uid, cluster, cluster_alias, kind, trigger, failure, detection, failed, successor,
                        lost, user, client, reason, started_at, outcome, phase, confirmed, holder, pid, host, holder_user,
                        expires_at, failed_identity, follows)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    record.uid, record.cluster.id.description, record.cluster.alias, record.kind.rawValue,
                    record.trigger.rawValue, record.failure, record.detection, record.failed.description,
                    record.successor?.description, Self.text(of: record.lost), record.author.user,
                    record.author.client, record.reason, record.startedAt.microseconds, record.phase, record.confirmed,
                    holder.id, holder.pid, holder.host, holder.user, record.expires.microseconds,
                    record.failedIdentity?.description, record.follows,
                ])
            let id = db.lastInsertedRowID
            try Self.hold(held, forRecovery: id, db)
            return .held(id: id)
        }
    }

    /// Takes up a recovery at which no process is any more, with its cluster.
    ///
    /// - Parameters:
    ///   - note: for its log: who takes it up and why.
    ///   - isBegunAnew: whether it was not begun before, and begins only now.
    /// - Returns: who has the cluster where that is another process; `nil` where there is no recovery of that number.
    /// - Throws: ``StoreError``.
    public func takeUpRecovery(
        _ id: Int64, by holder: LeaseHolder, members: some Sequence<InstanceAddress> & Sendable, expires: Timestamp,
        note: String?, isBegunAnew: Bool = false, now: Timestamp
    ) async throws -> RecoveryClaim? {
        let members = Array(members)
        return try await write("taking a recovery up") { db in
            let row = try Row.fetchOne(db, sql: "SELECT * FROM recovery WHERE id = ?", arguments: [id])
            guard let found = try row.flatMap({ try Self.recovery($0, db) }) else { return nil }
            if found.isHeld(now: now), found.holder.id != holder.id { return .heldBy(found) }
            let held = Self.claimed(found, members)
            if let other = try Self.recoveryHolding(held, except: id, db, now: now) { return .heldBy(other) }
            try db.execute(
                sql: """
                    UPDATE recovery SET outcome = 'running', ended_at = NULL, holder = ?, pid = ?, host = ?,
                        holder_user = ?, expires_at = ?, started_at = coalesce(?, started_at) WHERE id = ?
                    """,
                arguments: [
                    holder.id, holder.pid, holder.host, holder.user, expires.microseconds,
                    isBegunAnew ? now.microseconds : nil, id,
                ])
            try Self.hold(held, forRecovery: id, db)
            if let note { try Self.note(note, of: id, at: now, db) }
            return .held(id: id)
        }
    }

    /// Writes down how far a recovery has come, and that the process still works at it.
    ///
    /// - Parameter expires: until when it has the recovery now.
    /// - Throws: ``StoreError``, with the code `leaseLost` where the recovery is no longer this process's.
    public func note(
        _ progress: RecoveryProgress, ofRecovery id: Int64, holder: LeaseHolder, expires: Timestamp, at now: Timestamp
    ) async throws {
        try await write("writing a recovery's progress down") { [path] db in
            try db.execute(
                sql: """
                    UPDATE recovery SET expires_at = ?, phase = coalesce(?, phase), successor = coalesce(?, successor),
                        lost = coalesce(?, lost), confirmed = coalesce(?, confirmed), loss = coalesce(?, loss),
                        hooks = coalesce(?, hooks), hook_facts = coalesce(?, hook_facts), report = coalesce(?, report)
                    WHERE id = ? AND holder = ? AND outcome = 'running'
                    """,
                arguments: [
                    expires.microseconds, progress.phase, progress.successor?.description,
                    progress.lost.map(Self.text), progress.confirmed, progress.loss, progress.hooks,
                    progress.hookFacts, progress.report, id, holder.id,
                ])
            guard db.changesCount == 1 else { throw Self.recoveryLost(id, path: path) }
            if let part = progress.part {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO recovery_operation (recovery, operation, part) VALUES (?, ?, ?)",
                    arguments: [id, part.operation, part.name])
            }
            if let text = progress.note { try Self.note(text, of: id, at: now, db) }
        }
    }

    /// Says that the process still works at it.
    ///
    /// - Throws: ``StoreError``, with the code `leaseLost` where the recovery is no longer this process's.
    public func renewRecovery(_ id: Int64, holder: LeaseHolder, expires: Timestamp, at now: Timestamp) async throws {
        try await note(RecoveryProgress(), ofRecovery: id, holder: holder, expires: expires, at: now)
    }

    /// Writes how a recovery of this process ended, and lets its cluster go.
    ///
    /// - Parameter report: as JSON; what is there stays where none is given.
    /// - Throws: ``StoreError``, with the code `leaseLost` where the recovery is no longer this process's: then it is that
    ///   one's to end, and its cluster stays held.
    public func endRecovery(
        _ id: Int64, _ outcome: RecoveryRecord.Outcome, report: String? = nil, note: String? = nil,
        holder: LeaseHolder, at now: Timestamp
    ) async throws {
        try await write("writing the end of a recovery down") { [path] db in
            guard try Self.closeRecovery(id, outcome, report, of: holder, at: now, db)
            else { throw Self.recoveryLost(id, path: path) }
            if let note { try Self.note(note, of: id, at: now, db) }
        }
    }

    /// Writes what was decided about a recovery at which no process is any more, and lets its cluster go.
    ///
    /// - Throws: ``StoreError``, with the code `leaseLost` where a process is at it, this one or another.
    public func settleRecovery(
        _ id: Int64, _ outcome: RecoveryRecord.Outcome, note: String, at now: Timestamp
    ) async throws {
        try await write("writing a decision about a recovery down") { [path] db in
            let row = try Row.fetchOne(db, sql: "SELECT * FROM recovery WHERE id = ?", arguments: [id])
            if let found = try row.flatMap({ try Self.recovery($0, db) }), found.isHeld(now: now) {
                throw Self.recoveryLost(id, path: path)
            }
            if try Self.closeRecovery(id, outcome, nil, of: nil, at: now, db) {
                try Self.note(note, of: id, at: now, db)
            }
        }
    }

    private static func closeRecovery(
        _ id: Int64, _ outcome: RecoveryRecord.Outcome, _ report: String?, of holder: LeaseHolder?, at now: Timestamp,
        _ db: Database
    ) throws -> Bool {
        try db.execute(
            sql: """
                UPDATE recovery SET outcome = :outcome, ended_at = :now, expires_at = 0, report = coalesce(:report, report)
                WHERE id = :id AND (:holder IS NULL OR holder = :holder AND outcome = 'running')
                """,
            arguments: [
                "outcome": outcome.rawValue, "now": now.microseconds, "report": report, "id": id,
                "holder": holder?.id,
            ])
        guard db.changesCount == 1 else { return false }
        try db.execute(sql: "DELETE FROM recovery_hold WHERE recovery = ?", arguments: [id])
        return true
    }

    /// Adds a line to the log of a recovery, also of one that has ended.
    ///
    /// - Throws: ``StoreError``.
    public func add(note: String, toRecovery id: Int64, at now: Timestamp) async throws {
        try await write("adding to a recovery's log") { db in try Self.note(note, of: id, at: now, db) }
    }

    private static func claimed(
        _ record: RecoveryRecord, _ members: some Sequence<InstanceAddress>
    ) -> Set<InstanceAddress> {
        Set(members).union([record.cluster.id, record.failed])
    }

    private static func recoveryHolding(
        _ members: Set<InstanceAddress>, except id: Int64?, _ db: Database, now: Timestamp
    ) throws -> RecoveryRecord? {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT address, recovery FROM recovery_hold JOIN recovery ON recovery.id = recovery_hold.recovery
                WHERE recovery.outcome = 'running'
                """)
        let texts = Set(members.map(\.description))
        for other in Set(rows.filter { texts.contains($0["address"]) }.map { $0["recovery"] as Int64 }).sorted() {
            let row = try Row.fetchOne(db, sql: "SELECT * FROM recovery WHERE id = ?", arguments: [other])
            guard other != id, let record = try row.flatMap({ try recovery($0, db) }), record.isHeld(now: now)
            else { continue }
            return record
        }
        return nil
    }

    private static func hold(_ members: Set<InstanceAddress>, forRecovery id: Int64, _ db: Database) throws {
        for address in members {
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO recovery_hold (address, recovery) VALUES (?, ?)")
                .execute(arguments: [address.description, id])
        }
    }

    private static func note(_ text: String, of id: Int64, at now: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO recovery_note (recovery, at, text) VALUES (?, ?, ?)",
            arguments: [id, now.microseconds, text])
    }

    private static func recoveryLost(_ id: Int64, path: String) -> StoreError {
        StoreError(
            .leaseLost, path: path, activity: "writing recovery \(id) down",
            reason: "another process has this recovery, or it has ended")
    }
}
