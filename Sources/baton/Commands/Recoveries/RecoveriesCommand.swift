import ArgumentParser
import Console
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// `baton recoveries`: what was recovered, and what was not.
struct RecoveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recoveries",
        abstract: "List recoveries and switchovers, newest first, or what was not recovered and why.",
        discussion: "`baton recovery NUMBER` prints one, also as a post-mortem.")

    @Flag(help: "List failures that were not recovered, and why.")
    var blocked = false
    @Flag(help: "Only recoveries that nobody has acknowledged.")
    var unacknowledged = false
    @OptionGroup var options: RecordOptions

    func validate() throws {
        if blocked, unacknowledged { throw ValidationError("--blocked and --unacknowledged exclude each other") }
    }

    func run() async throws {
        if blocked { return try await listBlocked() }
        let records = try await options.read(orElse: [RecoveryRecord]()) { store, cluster, since in
            var filter = RecoveryFilter()
            filter.since = since
            filter.limit = options.limit
            filter.isUnacknowledged = unacknowledged
            filter.members = cluster?.members ?? []
            filter.alias = cluster?.name.alias
            return try await store.recoveries(filter)
        }
        let now = Timestamp.now()
        options.output.print(
            list: RecoveryTable(records, now: now).lines, whenEmpty: "no recoveries",
            json: .array(records.map { .object($0.members(now: now)) }))
    }

    private func listBlocked() async throws {
        let blocks = try await options.read(orElse: [BlockedRecovery]()) { store, cluster, since in
            try await store.blockedRecoveries(members: cluster?.members ?? [], since: since, limit: options.limit)
        }
        options.output.print(
            list: blocks.flatMap(\.lines), whenEmpty: "nothing was left unrecovered", json: .array(blocks.map(\.json)))
    }
}

/// Recoveries, a line each.
struct RecoveryTable {
    let lines: [String]

    init(_ records: [RecoveryRecord], now: Timestamp) {
        guard !records.isEmpty else {
            lines = []
            return
        }
        var table = TextTable([
            ("NUMBER", .trailing), ("BEGAN", .leading), ("CLUSTER", .leading), ("WHAT", .leading),
            ("FAILED", .leading), ("SUCCESSOR", .leading), ("OUTCOME", .leading), ("WHO", .leading),
            ("ACKNOWLEDGED", .leading),
        ])
        for record in records {
            table.append([
                String(record.id), "\(record.startedAt.atSecond)", record.cluster.description,
                record.occasionWords, record.failed.description, record.successor?.description ?? "-",
                record.outcome(at: now).rawValue, record.author.who, record.acknowledgement?.user ?? "no",
            ])
        }
        lines = table.lines
    }
}

extension RecoveryRecord {
    /// What it answers, or what it is, and after which other one.
    fileprivate var occasionWords: String {
        (failure ?? kind.words) + (follows.map { ", after \($0)" } ?? "")
    }
}

extension Author {
    /// The account, and where it logged in from.
    var who: String { client.map { "\(user) from \($0.prefix { $0 != " " })" } ?? user }
}

extension BlockedRecovery {
    /// What was not done and why, and what ends that.
    var lines: [String] {
        let (first, last) = (firstAt.atSecond, lastAt.atSecond)
        let time = first == last ? "\(last)" : "\(first) to \(last)"
        return ["\(time)  \(cluster)  \(failure) of \(subject)", "    not recovered: \(reason)"]
            + (remedy.isEmpty ? [] : ["    what ends that: \(remedy)"])
    }

    /// The stable JSON of a block.
    var json: JSON {
        [
            "id": .number(id),
            "failure": .string(failure),
            "subject": .string(subject.description),
            "cluster": .string(cluster.id.description),
            "clusterAlias": cluster.alias.map { .string($0) } ?? .null,
            "objection": .string(objection),
            "blocker": blocker.map { .number($0) } ?? .null,
            "reason": .string(reason),
            "remedy": .string(remedy),
            "first": .string(firstAt.description),
            "last": .string(lastAt.description),
        ]
    }
}
