import GRDB
import Recovery
import Topology

/// Which recoveries somebody takes note of.
public enum RecoverySelection: Hashable, Sendable {
    case all
    case one(Int64)
    /// Those of a cluster, by its members and its alias.
    case cluster(members: Set<InstanceAddress>, alias: String?)
    /// Those of a server that failed.
    case failed(InstanceAddress)
}

extension Store {
    /// Notes that somebody has taken note of recoveries, which ends their blocks. One at which a process works is left as
    /// it is; one that was left behind is settled by it.
    ///
    /// - Returns: those that are acknowledged by this, oldest first.
    /// - Throws: ``StoreError``.
    public func acknowledge(
        _ selection: RecoverySelection, by author: Author, reason: String, at now: Timestamp
    ) async throws -> [RecoveryRecord] {
        try await write("acknowledging recoveries") { db in
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM recovery WHERE acknowledged_at IS NULL ORDER BY id")
            var acknowledged: [RecoveryRecord] = []
            for row in rows {
                guard var record = try Self.recovery(row, db), selection.holds(record), !record.isHeld(now: now)
                else { continue }
                try db.execute(
                    sql: """
                        UPDATE recovery SET acknowledged_at = ?, acknowledged_by = ?, acknowledged_why = ? WHERE id = ?
                        """,
                    arguments: [now.microseconds, author.user, reason.sanitized, record.id])
                record.acknowledgement = RecoveryRecord.Acknowledgement(
                    at: now, user: author.user, reason: reason.sanitized)
                acknowledged.append(record)
            }
            return acknowledged
        }
    }
}

extension RecoverySelection {
    /// Whether that recovery is meant.
    public func holds(_ record: RecoveryRecord) -> Bool {
        switch self {
        case .all: true
        case .one(let id): record.id == id
        case .failed(let address): record.failed == address
        case .cluster(let members, let alias):
            members.contains(record.cluster.id) || members.contains(record.failed)
                || record.successor.map(members.contains) ?? false
                || alias != nil && record.cluster.alias == alias
        }
    }
}
