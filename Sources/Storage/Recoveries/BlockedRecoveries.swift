import GRDB
import Recovery
import Topology

/// That a failure was not recovered, and why.
public struct BlockedRecovery: Hashable, Sendable, Identifiable {
    /// Given by the store; ascending.
    public var id: Int64
    /// The failure's code.
    public var failure: String
    /// The server that failed.
    public var subject: InstanceAddress
    public var cluster: ClusterName
    /// The reason in a word that never changes its meaning, see `BrakeObjection.code`.
    public var objection: String
    /// The recovery that is in the way, where one is.
    public var blocker: Int64?
    /// The reason in words.
    public var reason: String
    /// What ends it, in words; empty where nothing is known to.
    public var remedy: String
    /// When it was so first.
    public var firstAt: Timestamp
    /// When it was so last.
    public var lastAt: Timestamp

    /// Makes one that is so now; the store gives it its id, and knows since when it is so.
    public init(
        _ failure: String, of subject: InstanceAddress, in cluster: ClusterName, objection: String,
        blocker: Int64? = nil, reason: String, remedy: String = "", at now: Timestamp
    ) {
        id = 0
        self.failure = failure
        self.subject = subject
        self.cluster = cluster
        self.objection = objection
        self.blocker = blocker
        self.reason = reason
        self.remedy = remedy
        firstAt = now
        lastAt = now
    }

    /// Makes one from what a brake says.
    public init(
        _ failure: String, of subject: InstanceAddress, in cluster: ClusterName, by brake: BrakeObjection,
        at now: Timestamp
    ) {
        self.init(
            failure, of: subject, in: cluster, objection: brake.code, blocker: brake.recovery, reason: brake.reason,
            remedy: brake.remedy, at: now)
    }
}

extension Store {
    /// A reason that was not given for so long has come anew when it is given again.
    static let blockGap = Duration.seconds(120)

    /// Writes down that failures are not recovered, and why: one row for each server, failure and reason, from when it is so
    /// first until it is so last.
    ///
    /// - Throws: ``StoreError``.
    public func note(_ blocked: [BlockedRecovery]) async throws {
        guard !blocked.isEmpty else { return }
        try await write("writing down why nothing is done") { db in
            for block in blocked { try Self.note(block, db) }
        }
    }

    private static func note(_ block: BlockedRecovery, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE blocked_recovery SET last_at = ?, reason = ?, remedy = ?
                WHERE subject = ? AND failure = ? AND objection = ? AND blocker IS ? AND last_at >= ?
                """,
            arguments: [
                block.lastAt.microseconds, block.reason, block.remedy, block.subject.description, block.failure,
                block.objection, block.blocker, (block.lastAt - blockGap).microseconds,
            ])
        guard db.changesCount == 0 else { return }
        try db.execute(
            sql: """
                INSERT INTO blocked_recovery (failure, subject, cluster, cluster_alias, objection, blocker, reason, remedy,
                    first_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                block.failure, block.subject.description, block.cluster.id.description, block.cluster.alias,
                block.objection, block.blocker, block.reason, block.remedy, block.firstAt.microseconds,
                block.lastAt.microseconds,
            ])
    }

    /// What was not done and why, newest first.
    ///
    /// - Parameters:
    ///   - members: only of clusters or failed servers among these; empty for all.
    ///   - since: only what was so from this moment on.
    /// - Throws: ``StoreError``.
    public func blockedRecoveries(
        members: Set<InstanceAddress> = [], since: Timestamp? = nil, limit: Int = 100
    ) async throws -> [BlockedRecovery] {
        try await read("reading why nothing was done") { db in
            guard try db.tableExists("blocked_recovery") else { return [] }
            var choice = Choice()
            if let since { choice.require("last_at >= ?", [since.microseconds]) }
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM blocked_recovery \(choice.sql) ORDER BY last_at DESC, id DESC",
                arguments: choice.arguments)
            let found = rows.compactMap(Self.blocked).filter {
                members.isEmpty || members.contains($0.subject) || members.contains($0.cluster.id)
            }
            return Array(found.prefix(limit))
        }
    }

    private static func blocked(_ row: Row) -> BlockedRecovery? {
        guard let subject = try? InstanceAddress(parsing: row["subject"]), let cluster = clusterName(row)
        else { return nil }
        func text(_ column: String) -> String { (row[column] as String).sanitized }
        var block = BlockedRecovery(
            text("failure"), of: subject, in: cluster, objection: text("objection"), blocker: row["blocker"],
            reason: text("reason"), remedy: text("remedy"), at: Timestamp(microseconds: row["last_at"]))
        block.id = row["id"]
        block.firstAt = Timestamp(microseconds: row["first_at"])
        return block
    }
}
