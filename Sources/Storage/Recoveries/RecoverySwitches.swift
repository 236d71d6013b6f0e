import GRDB
import Recovery
import Topology

/// That automatic recovery is or was off, as the store keeps it.
public struct RecoverySwitchRecord: Hashable, Sendable {
    /// What the brakes look at.
    public var state: RecoverySwitch
    /// Where who switched it off logged in from.
    public var client: String?
    /// When, by whom and why it was switched on again; `nil` while it is off.
    public var end: MarkRecord.End?
}

extension Store {
    /// Switches automatic recovery off for a cluster, or for all where none is given. What is off already stays off as it
    /// is, with who did it first.
    ///
    /// - Parameter members: all servers of that cluster: it may have been called by another of them when it was switched off.
    /// - Returns: the switch that holds now, and whether it is this one.
    /// - Throws: ``StoreError``.
    public func disableRecoveries(
        of cluster: ClusterName?, members: Set<InstanceAddress> = [], by author: Author, reason: String,
        at now: Timestamp
    ) async throws -> (state: RecoverySwitch, isNew: Bool) {
        try await write("disabling recoveries") { db in
            if let found = try Self.off(cluster, members, db).first { return (found.state, false) }
            try db.execute(
                sql: """
                    INSERT INTO recovery_switch (cluster, cluster_alias, disabled_at, disabled_by, client, reason)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    cluster?.id.description, cluster?.alias, now.microseconds, author.user, author.client,
                    reason.sanitized,
                ])
            let state = RecoverySwitch(
                id: db.lastInsertedRowID, cluster: cluster, since: now, owner: author.user, reason: reason.sanitized)
            return (state, true)
        }
    }

    /// Switches automatic recovery on again.
    ///
    /// - Returns: the switches that were off; empty where none was.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func enableRecoveries(
        of cluster: ClusterName?, members: Set<InstanceAddress> = [], by author: Author, reason: String,
        at now: Timestamp
    ) async throws -> [RecoverySwitch] {
        try await write("enabling recoveries") { db in
            let found = try Self.off(cluster, members, db).map(\.state)
            for state in found {
                try db.execute(
                    sql: "UPDATE recovery_switch SET enabled_at = ?, enabled_by = ?, enabled_why = ? WHERE id = ?",
                    arguments: [now.microseconds, author.user, reason.sanitized, state.id])
            }
            return found
        }
    }

    /// Where automatic recovery is off; with the past also where and when it was.
    ///
    /// - Parameter since: only what was off from this moment on.
    /// - Throws: ``StoreError``.
    public func recoverySwitches(
        includingPast: Bool = false, since: Timestamp? = nil
    ) async throws -> [RecoverySwitchRecord] {
        try await read("reading where recoveries are disabled") { db in
            guard try db.tableExists("recovery_switch") else { return [] }
            var choice = Choice()
            if !includingPast { choice.require("enabled_at IS NULL") }
            if let since {
                choice.require("(disabled_at >= ? OR enabled_at >= ?)", [since.microseconds, since.microseconds])
            }
            return try Row.fetchAll(
                db, sql: "SELECT * FROM recovery_switch \(choice.sql) ORDER BY id", arguments: choice.arguments
            ).compactMap(Self.recoverySwitch)
        }
    }

    /// The switches that are off and were meant for this cluster, or for all.
    private static func off(
        _ cluster: ClusterName?, _ members: Set<InstanceAddress>, _ db: Database
    ) throws -> [RecoverySwitchRecord] {
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM recovery_switch WHERE enabled_at IS NULL ORDER BY id")
        return rows.compactMap(recoverySwitch).filter { record in
            guard let cluster else { return record.state.cluster == nil }
            guard let other = record.state.cluster else { return false }
            return other.id == cluster.id || members.contains(other.id)
                || other.alias != nil && other.alias == cluster.alias
        }
    }

    private static func recoverySwitch(_ row: Row) -> RecoverySwitchRecord? {
        let cluster = clusterName(row)
        // What was switched off for one cluster must not count for all because its name can't be read.
        guard cluster != nil || row["cluster"] as String? == nil else { return nil }
        let state = RecoverySwitch(
            id: row["id"], cluster: cluster, since: Timestamp(microseconds: row["disabled_at"]),
            owner: (row["disabled_by"] as String).sanitized, reason: (row["reason"] as String).sanitized)
        let end = (row["enabled_at"] as Int64?).map {
            MarkRecord.End(
                at: Timestamp(microseconds: $0), user: (row["enabled_by"] as String?)?.sanitized,
                reason: (row["enabled_why"] as String?)?.sanitized ?? "")
        }
        return RecoverySwitchRecord(state: state, client: (row["client"] as String?)?.sanitized, end: end)
    }
}
