import GRDB
import Recovery
import Topology

/// A failure that is seen now.
public struct SeenFailure: Hashable, Sendable {
    /// The failure's code.
    public var code: String
    /// The server that failed.
    public var subject: InstanceAddress
    public var cluster: ClusterName
    /// What the server is to its cluster, for example `primary`.
    public var role: String
    /// When it began, as far as that is known.
    public var began: Timestamp
    /// What was seen of it by whom, as JSON.
    public var evidence: String

    /// Makes a failure from what the analysis found.
    public init(
        _ code: String, of subject: InstanceAddress, in cluster: ClusterName, role: String, began: Timestamp,
        evidence: String
    ) {
        self.code = code
        self.subject = subject
        self.cluster = cluster
        self.role = role
        self.began = began
        self.evidence = evidence
    }
}

/// A failure that was seen, from when it began until it was over.
public struct DetectionRecord: Hashable, Sendable, Identifiable {
    /// Given by the store; ascending.
    public var id: Int64
    /// What was seen; the evidence is that of the last look.
    public var failure: SeenFailure
    /// When it was seen last; exact to ``Store/detectionStep`` while it lasts.
    public var seenAt: Timestamp
    /// When it was found over; `nil` while it lasts.
    public var endedAt: Timestamp?

    /// Makes the record of a failure that was seen.
    public init(id: Int64, failure: SeenFailure, seenAt: Timestamp, endedAt: Timestamp? = nil) {
        self.id = id
        self.failure = failure
        self.seenAt = seenAt
        self.endedAt = endedAt
    }
}

/// Which detections to read; each condition that is set narrows the choice.
public struct DetectionFilter: Hashable, Sendable {
    /// Only those that were seen from this moment on.
    public var since: Timestamp?
    /// Only those whose failed server, or cluster's first root, is one of these; empty for any.
    public var members: Set<InstanceAddress> = []
    /// Only those that last.
    public var isLasting = false
    /// At most so many, the latest ones.
    public var limit = 100

    /// Makes a filter that lets everything through.
    public init() {}
}

extension Store {
    /// While a failure lasts, it is written so often that it was seen: a row for each look would keep the disk busy.
    public static let detectionStep = Duration.seconds(10)
    /// A failure that was not seen for so long, because nobody looked, has begun anew when it is seen again.
    public static let detectionGap = Duration.seconds(120)

    /// Writes down what is wrong now: one row for each server and code from when it begins until it is over, however often
    /// it is looked at, and by however many processes.
    ///
    /// - Parameters:
    ///   - failures: all that are seen of the servers in `watched`.
    ///   - watched: servers of which the caller knows how they are: what the store has of them and is not in `failures`
    ///     is over.
    /// - Returns: the detections that began with this call.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func note(
        _ failures: [SeenFailure], watching watched: Set<InstanceAddress>, at now: Timestamp
    ) async throws -> [DetectionRecord] {
        let lasting = try await lastingDetections()
        let work = DetectionWork(failures, watched, lasting, now)
        guard !work.isEmpty else { return [] }
        return try await write("writing detections down") { db in
            // What another process wrote meanwhile is looked at in the transaction.
            let lasting = try Self.detections("WHERE ended_at IS NULL", [], db)
            return try DetectionWork(failures, watched, lasting, now).write(db)
        }
    }

    /// The detections that fit, newest first.
    ///
    /// - Throws: ``StoreError``.
    public func detections(_ filter: DetectionFilter = DetectionFilter()) async throws -> [DetectionRecord] {
        try await read("reading detections") { db in
            guard try db.tableExists("detection") else { return [] }
            var choice = Choice()
            if let since = filter.since { choice.require("seen_at >= ?", [since.microseconds]) }
            if filter.isLasting { choice.require("ended_at IS NULL") }
            let found = try Self.detections("\(choice.sql) ORDER BY id DESC", choice.arguments, db)
            let members = filter.members
            let fitting = found.filter {
                members.isEmpty || members.contains($0.failure.subject) || members.contains($0.failure.cluster.id)
            }
            return Array(fitting.prefix(filter.limit))
        }
    }

    /// The detection of that number, `nil` where there is none.
    ///
    /// - Throws: ``StoreError``.
    public func detection(_ id: Int64) async throws -> DetectionRecord? {
        try await read("reading a detection") { db in
            try db.tableExists("detection") ? Self.detections("WHERE id = ?", [id], db).first : nil
        }
    }

    private func lastingDetections() async throws -> [DetectionRecord] {
        try await read("reading detections") { try Self.detections("WHERE ended_at IS NULL", [], $0) }
    }

    private static func detections(
        _ choice: String, _ arguments: StatementArguments, _ db: Database
    ) throws -> [DetectionRecord] {
        try Row.fetchAll(db, sql: "SELECT * FROM detection \(choice)", arguments: arguments).compactMap { row in
            guard let subject = try? InstanceAddress(parsing: row["subject"]), let cluster = clusterName(row)
            else { return nil }
            let failure = SeenFailure(
                (row["code"] as String).sanitized, of: subject, in: cluster, role: (row["role"] as String).sanitized,
                began: Timestamp(microseconds: row["began_at"]), evidence: row["evidence"])
            return DetectionRecord(
                id: row["id"], failure: failure, seenAt: Timestamp(microseconds: row["seen_at"]),
                endedAt: (row["ended_at"] as Int64?).map { Timestamp(microseconds: $0) })
        }
    }
}

/// What has to be written, given what is there.
private struct DetectionWork {
    private struct Key: Hashable {
        let subject: InstanceAddress
        let code: String
    }

    private var begun: [SeenFailure] = []
    private var seen: [(id: Int64, failure: SeenFailure)] = []
    private var over: [(id: Int64, at: Timestamp)] = []
    private let now: Timestamp

    init(
        _ failures: [SeenFailure], _ watched: Set<InstanceAddress>, _ lasting: [DetectionRecord], _ now: Timestamp
    ) {
        self.now = now
        var known: [Key: DetectionRecord] = [:]
        for record in lasting { known[Key(subject: record.failure.subject, code: record.failure.code)] = record }
        for failure in failures {
            guard let record = known.removeValue(forKey: Key(subject: failure.subject, code: failure.code)) else {
                begun.append(failure)
                continue
            }
            if now - record.seenAt > Store.detectionGap {
                over.append((record.id, record.seenAt))
                begun.append(failure)
            } else if now - record.seenAt >= Store.detectionStep || record.failure.evidence != failure.evidence {
                seen.append((record.id, failure))
            }
        }
        for record in known.values {
            if watched.contains(record.failure.subject) {
                over.append((record.id, now))
            } else if now - record.seenAt > Store.detectionGap {
                over.append((record.id, record.seenAt))
            }
        }
    }

    var isEmpty: Bool { begun.isEmpty && seen.isEmpty && over.isEmpty }

    func write(_ db: Database) throws -> [DetectionRecord] {
        for (id, at) in over {
            try db.execute(sql: "UPDATE detection SET ended_at = ? WHERE id = ?", arguments: [at.microseconds, id])
        }
        for (id, failure) in seen {
            try db.execute(
                sql: "UPDATE detection SET seen_at = ?, evidence = ? WHERE id = ?",
                arguments: [now.microseconds, failure.evidence, id])
        }
        return try begun.map { failure in
            try db.execute(
                sql: """
                    INSERT INTO detection (code, subject, cluster, cluster_alias, role, began_at, seen_at, evidence)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    failure.code, failure.subject.description, failure.cluster.id.description, failure.cluster.alias,
                    failure.role, failure.began.microseconds, now.microseconds, failure.evidence,
                ])
            return DetectionRecord(id: db.lastInsertedRowID, failure: failure, seenAt: now)
        }
    }
}
