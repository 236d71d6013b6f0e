import ArgumentParser
import Console
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// `baton detections`: which failures were seen.
struct DetectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detections",
        abstract: "List failures that were seen, newest first: since when, how long, and what spoke for them.",
        discussion: "They are written into the store by a baton that watches.")

    @Flag(help: "Only those that last.")
    var lasting = false
    @OptionGroup var options: RecordOptions

    func run() async throws {
        let records = try await options.read(orElse: [DetectionRecord]()) { store, cluster, since in
            var filter = DetectionFilter()
            filter.since = since
            filter.limit = options.limit
            filter.isLasting = lasting
            filter.members = cluster?.members ?? []
            return try await store.detections(filter)
        }
        options.output.print(
            list: Self.table(records), whenEmpty: "no failure was seen", json: .array(records.map(\.json)))
    }

    private static func table(_ records: [DetectionRecord]) -> [String] {
        guard !records.isEmpty else { return [] }
        var table = TextTable([
            ("NUMBER", .trailing), ("BEGAN", .leading), ("CLUSTER", .leading), ("FAILURE", .leading),
            ("SERVER", .leading), ("ROLE", .leading), ("LASTED", .trailing),
        ])
        for record in records {
            let failure = record.failure
            table.append([
                String(record.id), "\(failure.began.atSecond)", failure.cluster.description, failure.code,
                failure.subject.description, failure.role,
                record.endedAt.map { ($0 - failure.began).words } ?? "lasts",
            ])
        }
        return table.lines
    }
}

extension DetectionRecord {
    /// What spoke for it, a line each.
    var evidenceLines: [String] { RecoveryAccount.lines(ofJSON: failure.evidence) }

    /// The stable JSON of a detection.
    var json: JSON {
        [
            "id": .number(id),
            "failure": .string(failure.code),
            "subject": .string(failure.subject.description),
            "cluster": .string(failure.cluster.id.description),
            "clusterAlias": failure.cluster.alias.map { .string($0) } ?? .null,
            "role": .string(failure.role),
            "began": .string(failure.began.description),
            "seen": .string(seenAt.description),
            "ended": endedAt.map { .string($0.description) } ?? .null,
            "evidence": (try? JSON(parsing: Array(failure.evidence.utf8))) ?? .string(failure.evidence),
        ]
    }
}
