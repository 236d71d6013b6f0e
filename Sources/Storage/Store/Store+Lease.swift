import GRDB
import Topology

extension Store {
    private static let leaseName = "history"

    /// Takes the lease, renews it, or tells who has it: one transaction, so that two never both get it.
    ///
    /// - Parameters:
    ///   - duration: how long the lease lasts without being renewed; renew at a third of it.
    ///   - now: the wall clock; a lease that would last more than twice `duration` comes from a clock that was wrong,
    ///     and counts as expired.
    /// - Throws: ``StoreError``.
    public func acquireLease(
        _ holder: LeaseHolder, for duration: Duration = .seconds(10), now: Timestamp
    ) async throws -> LeaseOutcome {
        try await write("taking the lease of the history") { db in
            let row = try db.cachedStatement(sql: "SELECT * FROM lease WHERE name = ?")
            var token: Int64 = 1
            if let row = try Row.fetchOne(row, arguments: [Self.leaseName]) {
                let expires = Timestamp(microseconds: row["expires_at"])
                let isOurs = row["holder"] as String == holder.id
                if !isOurs && expires > now && expires - now <= duration * 2 {
                    return .heldBy(Self.holder(row), until: expires)
                }
                token = row["token"] as Int64 + (isOurs ? 0 : 1)
            }
            let lease = Lease(holder: holder, token: token, expires: now + duration)
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO lease (name, token, holder, pid, host, user, renewed_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    Self.leaseName, token, holder.id, holder.pid, holder.host, holder.user, now.microseconds,
                    lease.expires.microseconds,
                ])
            return .held(lease)
        }
    }

    /// Gives the lease back, so that another baton can take it at once; does nothing where another already has it.
    ///
    /// - Throws: ``StoreError``.
    public func releaseLease(_ lease: Lease) async throws {
        try await write("giving back the lease of the history") { db in
            // The row stays for its token, which must never go back.
            try db.execute(
                sql: "UPDATE lease SET expires_at = 0 WHERE name = ? AND holder = ? AND token = ?",
                arguments: [Self.leaseName, lease.holder.id, lease.token])
        }
    }

    /// Who writes the history now, if anybody does.
    ///
    /// - Throws: ``StoreError``.
    public func leaseHolder(now: Timestamp) async throws -> LeaseHolder? {
        try await read("reading the lease of the history") { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM lease WHERE name = ? AND expires_at > ?",
                arguments: [Self.leaseName, now.microseconds]
            ).map(Self.holder)
        }
    }

    /// Refuses to go on in a transaction that needs the lease, where another has it.
    func checkLease(_ lease: Lease, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM lease WHERE name = ? AND holder = ? AND token = ? AND expires_at > 0")
        guard try Int.fetchOne(statement, arguments: [Self.leaseName, lease.holder.id, lease.token]) == nil else {
            return
        }
        throw StoreError(
            .leaseLost, path: path, activity: "writing the history", reason: "the lease of this process was taken over")
    }

    private static func holder(_ row: Row) -> LeaseHolder {
        LeaseHolder(id: row["holder"], pid: row["pid"], host: row["host"], user: row["user"])
    }
}
