import GRDB
import Topology

extension Store {
    /// Recoveries and what belongs to them go by age alone, because they are the audit trail and small. What still counts
    /// stays: a recovery that somebody has to decide about, a failure that lasts, a mark in force, a switch that is off.
    ///
    /// - Returns: how many rows are gone.
    func pruneRecoveries(before horizon: Timestamp) async throws -> Int {
        var total = 0
        for (table, condition) in Self.pastRecords {
            while true {
                let gone = try await write("pruning recoveries") { db in
                    try db.execute(
                        sql: "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE \(condition) LIMIT ?)",
                        arguments: [horizon.microseconds, Self.rowsPerStep])
                    return db.changesCount
                }
                total += gone
                if gone < Self.rowsPerStep { break }
                await Task.yield()
            }
        }
        return total
    }

    /// By table what may go; each condition takes the oldest moment that is kept.
    private static let pastRecords = [
        (
            "recovery",
            """
            ended_at < ? AND (outcome IN ('done', 'taken-back', 'left', 'not-begun') OR acknowledged_at IS NOT NULL)
            """
        ),
        ("detection", "coalesce(ended_at, seen_at) < ?"),
        ("blocked_recovery", "last_at < ?"),
        ("mark", "coalesce(ended_at, ends_at) < ?"),
        ("recovery_switch", "enabled_at < ?"),
    ]
}
