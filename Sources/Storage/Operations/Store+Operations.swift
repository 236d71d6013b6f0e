import GRDB
import Topology

extension Store {
    /// Writes a new operation down and holds its servers, or tells which running one holds one of them: one transaction, so
    /// that two never both get it.
    ///
    /// - Throws: ``StoreError``.
    public func begin(
        _ record: OperationRecord, on instances: [InstanceAddress], now: Timestamp
    ) async throws -> OperationClaim {
        try await write("writing an operation down") { db in
            if let other = try Self.holder(of: instances, except: nil, db, now: now) { return other }
            try db.execute(
                sql: """
                    INSERT INTO operation (started_at, user, client, reason, verb, intent, plan, observed, outcome, undoes,
                        holder, pid, host, holder_user, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    record.startedAt.microseconds, record.user, record.client, record.reason, record.verb,
                    record.intent,
                    record.plan, record.observed, record.outcome.rawValue, record.undoes, record.holder.id,
                    record.holder.pid, record.holder.host, record.holder.user, record.expires.microseconds,
                ])
            let id = db.lastInsertedRowID
            try Self.hold(instances, for: id, db)
            return .held(id: id)
        }
    }

    /// Takes up an operation that is not running any more, with its servers.
    ///
    /// - Parameter note: is added to its report: who takes it up, when and why.
    /// - Throws: ``StoreError``.
    public func takeUp(
        _ id: Int64, by holder: LeaseHolder, on instances: [InstanceAddress], expires: Timestamp, note: String,
        now: Timestamp
    ) async throws -> OperationClaim {
        try await write("taking an operation up") { db in
            let row = try Row.fetchOne(db, sql: "SELECT * FROM operation WHERE id = ?", arguments: [id])
            if let found = try row.map({ try Self.operation($0, db) }), found.isHeld(now: now), found.holder != holder {
                return .heldBy(found, instances.first ?? InstanceAddress(host: found.holder.host))
            }
            if let other = try Self.holder(of: instances, except: id, db, now: now) { return other }
            try db.execute(
                sql: """
                    UPDATE operation SET outcome = 'running', ended_at = NULL,
                        report = coalesce(report || char(10), '') || ?, holder = ?, pid = ?, host = ?,
                        holder_user = ?, expires_at = ? WHERE id = ?
                    """,
                arguments: [note, holder.id, holder.pid, holder.host, holder.user, expires.microseconds, id])
            try Self.hold(instances, for: id, db)
            return .held(id: id)
        }
    }

    /// Writes how a step stands, and what was read so far.
    ///
    /// - Throws: ``StoreError``, with the code `leaseLost` where another process has taken the operation up.
    public func note(
        _ step: OperationStepRecord, at index: Int, of id: Int64, holder: LeaseHolder, observed: String?,
        expires: Timestamp
    ) async throws {
        try await write("writing a step of an operation down") { [path] db in
            try db.execute(
                sql: """
                    UPDATE operation SET expires_at = ?, observed = coalesce(?, observed)
                    WHERE id = ? AND holder = ? AND outcome = 'running'
                    """,
                arguments: [expires.microseconds, observed, id, holder.id])
            guard db.changesCount == 1 else { throw Self.lost(id, path: path) }
            try db.execute(
                sql: "INSERT OR REPLACE INTO operation_step (operation, step, state, at, note) VALUES (?, ?, ?, ?, ?)",
                arguments: [id, index, step.state.rawValue, step.at.microseconds, step.note])
        }
    }

    /// Says that the process still works at it.
    ///
    /// - Throws: ``StoreError``, with the code `leaseLost` where another process has taken the operation up.
    public func renew(_ id: Int64, holder: LeaseHolder, expires: Timestamp) async throws {
        try await write("holding an operation") { [path] db in
            try db.execute(
                sql: "UPDATE operation SET expires_at = ? WHERE id = ? AND holder = ? AND outcome = 'running'",
                arguments: [expires.microseconds, id, holder.id])
            guard db.changesCount == 1 else { throw Self.lost(id, path: path) }
        }
    }

    /// Writes how it stands with an operation at which nobody is any more, and lets its servers go. What its report says of
    /// earlier attempts stays.
    ///
    /// - Parameter holder: the only process whose operation may be closed; `nil` for anybody's.
    /// - Returns: whether there was one to close.
    private static func close(
        _ id: Int64, _ outcome: OperationRecord.Outcome, report: String?, of holder: LeaseHolder?, at now: Timestamp,
        _ db: Database
    ) throws -> Bool {
        try db.execute(
            sql: """
                UPDATE operation SET outcome = :outcome, ended_at = :now, expires_at = 0,
                    report = CASE WHEN report IS NULL THEN :report WHEN :report IS NULL THEN report
                    ELSE report || char(10) || :report END
                WHERE id = :id AND (:holder IS NULL OR holder = :holder AND outcome = 'running')
                """,
            arguments: [
                "outcome": outcome.rawValue, "now": now.microseconds,
                "report": report.flatMap { $0.isEmpty ? nil : $0 }, "id": id, "holder": holder?.id,
            ])
        guard db.changesCount == 1 else { return false }
        try db.execute(sql: "DELETE FROM operation_hold WHERE operation = ?", arguments: [id])
        return true
    }

    /// Writes how an operation of this process ended, and lets its servers go.
    ///
    /// - Parameter report: in words; added to what is there of earlier attempts.
    /// - Throws: ``StoreError``, with the code `leaseLost` where another process has taken the operation up: then it is
    ///   that one's to end, and its servers stay held.
    public func end(
        _ id: Int64, _ outcome: OperationRecord.Outcome, report: String?, holder: LeaseHolder, at now: Timestamp
    ) async throws {
        try await write("writing the end of an operation down") { [path] db in
            let isClosed = try Self.close(id, outcome, report: report, of: holder, at: now, db)
            guard isClosed else { throw Self.lost(id, path: path) }
        }
    }

    /// Writes what was decided about an operation at which no process is any more, and lets its servers go.
    ///
    /// - Throws: ``StoreError``, with the code `leaseLost` where a process is at it, this one or another.
    public func settle(
        _ id: Int64, _ outcome: OperationRecord.Outcome, report: String?, at now: Timestamp
    ) async throws {
        try await write("writing a decision about an operation down") { [path] db in
            let row = try Row.fetchOne(db, sql: "SELECT * FROM operation WHERE id = ?", arguments: [id])
            if let found = try row.map({ try Self.operation($0, db) }), found.isHeld(now: now) {
                throw Self.lost(id, path: path)
            }
            _ = try Self.close(id, outcome, report: report, of: nil, at: now, db)
        }
    }

    /// The newest operations, newest first.
    ///
    /// - Throws: ``StoreError``.
    public func operations(limit: Int = 100) async throws -> [OperationRecord] {
        try await read("reading operations") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM operation ORDER BY id DESC LIMIT ?", arguments: [limit])
                .map { try Self.operation($0, db) }
        }
    }

    /// The operation of that id, `nil` where there is none.
    ///
    /// - Throws: ``StoreError``.
    public func operation(_ id: Int64) async throws -> OperationRecord? {
        try await read("reading an operation") { db in
            try Row.fetchOne(db, sql: "SELECT * FROM operation WHERE id = ?", arguments: [id])
                .map { try Self.operation($0, db) }
        }
    }

    /// Operations for which somebody has to decide: failed, stopped, or left behind by a process that is gone.
    ///
    /// - Throws: ``StoreError``.
    public func openOperations(now: Timestamp) async throws -> [OperationRecord] {
        try await read("reading open operations") { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM operation WHERE outcome IN ('running', 'failed', 'stopped') ORDER BY id"
            ).map { try Self.operation($0, db) }.filter { !$0.isHeld(now: now) }
        }
    }

    /// The servers on which operations of this store are at work, with the operation.
    ///
    /// - Throws: ``StoreError``.
    public func heldServers(now: Timestamp) async throws -> [(String, OperationRecord)] {
        try await read("reading which servers are held") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT operation_hold.address AS held, operation.* FROM operation_hold
                    JOIN operation ON operation.id = operation_hold.operation WHERE operation.outcome = 'running'
                    """
            ).map { row in (row["held"], try Self.operation(row, db)) }.filter { $0.1.isHeld(now: now) }
        }
    }

    private static func lost(_ id: Int64, path: String) -> StoreError {
        StoreError(
            .leaseLost, path: path, activity: "writing operation \(id) down",
            reason: "another process has taken this operation up")
    }

    private static func holder(
        of instances: [InstanceAddress], except id: Int64?, _ db: Database, now: Timestamp
    ) throws -> OperationClaim? {
        for address in instances {
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT operation.* FROM operation_hold JOIN operation ON operation.id = operation_hold.operation
                    WHERE operation_hold.address = ? AND operation.outcome = 'running'
                    """,
                arguments: [address.description])
            guard let other = try row.map({ try operation($0, db) }), other.id != id, other.isHeld(now: now)
            else { continue }
            return .heldBy(other, address)
        }
        return nil
    }

    private static func hold(_ instances: [InstanceAddress], for id: Int64, _ db: Database) throws {
        for address in instances {
            try db.execute(
                sql: "INSERT OR REPLACE INTO operation_hold (address, operation) VALUES (?, ?)",
                arguments: [address.description, id])
        }
    }

    /// Words in it may have been written by a baton that kept them as they were typed: they are made safe here, for all
    /// who print them.
    private static func operation(_ row: Row, _ db: Database) throws -> OperationRecord {
        func text(_ column: String) -> String { (row[column] as String).sanitized }
        let holder = LeaseHolder(id: row["holder"], pid: row["pid"], host: text("host"), user: text("holder_user"))
        var record = OperationRecord(
            startedAt: Timestamp(microseconds: row["started_at"]), user: text("user"),
            client: (row["client"] as String?)?.sanitized, reason: text("reason"), verb: text("verb"),
            intent: text("intent"), plan: row["plan"], undoes: row["undoes"],
            holder: holder, expires: Timestamp(microseconds: row["expires_at"]))
        record.id = row["id"]
        record.endedAt = (row["ended_at"] as Int64?).map { Timestamp(microseconds: $0) }
        record.observed = row["observed"]
        record.outcome = OperationRecord.Outcome(rawValue: row["outcome"]) ?? .failed
        record.report = (row["report"] as String?)?.sanitizedLines
        let steps = try Row.fetchAll(
            db, sql: "SELECT * FROM operation_step WHERE operation = ?", arguments: [record.id])
        for step in steps {
            let state = OperationStepRecord.State(rawValue: step["state"]) ?? .begun
            record.steps[step["step"]] = OperationStepRecord(
                state, at: Timestamp(microseconds: step["at"]), note: (step["note"] as String?)?.sanitized)
        }
        return record
    }
}

extension OperationRecord {
    /// How it stands at that moment: interrupted where it is called running and nobody holds it any more.
    public func outcome(at now: Timestamp) -> Outcome {
        outcome == .running && !isHeld(now: now) ? .interrupted : outcome
    }

    /// Whether a process works at it: it said so lately, and where it ran on this machine, it is still there.
    public func isHeld(now: Timestamp) -> Bool {
        outcome == .running && expires > now && !holder.isKnownToBeGone
    }
}
