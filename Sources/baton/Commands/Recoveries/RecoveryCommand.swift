import ArgumentParser
import Console
import Operations
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// `baton recovery`: one recovery, wholly.
struct RecoveryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery",
        abstract: "Print one recovery: what failed, who decided, each step, loss, hooks, and how it ended.",
        discussion: "--markdown prints it as a post-mortem.")

    @Argument(help: "The recovery's number, or its unique name.")
    var recovery: String
    @Flag(help: "Print a post-mortem in Markdown.")
    var markdown = false
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if markdown, output.format == .json { throw ValidationError("--markdown and --format json exclude each other") }
    }

    func run() async throws {
        let unknown = CommandFailure(
            .negative, "the store has no recovery \(recovery.sanitized); `baton recoveries` lists those that it has")
        guard let store = try await StoreAccess.openExisting(store, global.configuration(), mentionsOpen: false)
        else { throw unknown }
        defer { try? store.close() }
        guard let account = try await RecoveryAccount(recovery, in: store, now: .now()) else { throw unknown }
        if markdown {
            Answer.print(text: account.markdown)
        } else {
            output.print(lines: account.lines, json: account.json)
        }
    }
}

/// All that the store has about one recovery.
struct RecoveryAccount {
    /// One of the operations that it ran.
    struct Part {
        let name: String
        let record: OperationRecord
        /// `nil` where this baton can't read it.
        let plan: PlanDocument?
    }

    let record: RecoveryRecord
    let detection: DetectionRecord?
    let parts: [Part]
    /// Those that were made after it because of it, oldest first: switchovers to the server that is preferred.
    let following: [RecoveryRecord]
    let now: Timestamp

    init(
        _ record: RecoveryRecord, detection: DetectionRecord? = nil, parts: [Part] = [],
        following: [RecoveryRecord] = [], now: Timestamp
    ) {
        self.record = record
        self.detection = detection
        self.parts = parts
        self.following = following
        self.now = now
    }

    /// Reads it; `nil` where there is none of that number or name.
    init?(_ name: String, in store: Store, now: Timestamp) async throws {
        var found = try await store.recovery(uid: name)
        if found == nil, let id = Int64(name) { found = try await store.recovery(id) }
        guard let found else { return nil }
        record = found
        self.now = now
        var detection: DetectionRecord?
        if let id = found.detection { detection = try await store.detection(id) }
        if detection == nil { detection = try await Self.detection(before: found, in: store) }
        self.detection = detection
        var filter = RecoveryFilter()
        filter.following = found.id
        following = try await store.recoveries(filter).reversed()
        let fleet = try await store.loadFleet().fleet
        var parts: [Part] = []
        for part in found.parts {
            guard let operation = try await store.operation(part.operation) else { continue }
            let journaled = try? await StoreJournal(store).operation(part.operation)
            parts.append(
                Part(
                    name: part.name, record: operation, plan: try journaled.map { try PlanDocument($0.plan, on: fleet) }
                ))
        }
        self.parts = parts
    }

    /// The failure that somebody saw and answered by hand: the last of that server that lasted when the recovery began.
    private static func detection(before record: RecoveryRecord, in store: Store) async throws -> DetectionRecord? {
        var filter = DetectionFilter()
        filter.members = [record.failed]
        return try await store.detections(filter).first { detection in
            detection.failure.subject == record.failed && detection.failure.began <= record.startedAt
                && detection.endedAt.map { $0 >= record.startedAt } ?? true
        }
    }

    /// The stable JSON: the record, the detection and the operations.
    var json: JSON {
        .object(
            record.members(now: now) + [
                JSON.Member("seen", detection?.json ?? .null),
                JSON.Member("followedBy", .array(following.map { .number($0.id) })),
                JSON.Member(
                    "parts",
                    .array(
                        parts.map { part in
                            let plan = part.plan.flatMap { try? JSON(encoding: $0) } ?? .null
                            return .object(
                                [JSON.Member("part", .string(part.name))] + part.record.members(now: now)
                                    + [JSON.Member("plan", plan)])
                        })),
            ])
    }
}

extension RecoveryRecord {
    /// What the store has of it besides its operations.
    func members(now: Timestamp) -> [JSON.Member] {
        func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
        // What another part wrote as JSON is passed on as JSON, or as the text that it is.
        func document(_ json: String?) -> JSON {
            json.map { (try? JSON(parsing: Array($0.utf8))) ?? .string($0) } ?? .null
        }
        return [
            JSON.Member("id", .number(id)),
            JSON.Member("uid", .string(uid)),
            JSON.Member("cluster", .string(cluster.id.description)),
            JSON.Member("clusterAlias", text(cluster.alias)),
            JSON.Member("kind", .string(kind.rawValue)),
            JSON.Member("trigger", .string(trigger.rawValue)),
            JSON.Member("failure", text(failure)),
            JSON.Member("detection", detection.map { .number($0) } ?? .null),
            JSON.Member("failed", .string(failed.description)),
            JSON.Member("successor", text(successor?.description)),
            JSON.Member("follows", follows.map { .number($0) } ?? .null),
            JSON.Member("lost", .array(lost.map { .string($0.description) })),
            JSON.Member("outcome", .string(outcome(at: now).rawValue)),
            JSON.Member("phase", .string(phase)),
            JSON.Member("began", .string(startedAt.description)),
            JSON.Member("ended", text(endedAt?.description)),
            JSON.Member("user", .string(author.user)),
            JSON.Member("client", text(author.client)),
            JSON.Member("host", .string(holder.host)),
            JSON.Member("process", .number(Int(holder.pid))),
            JSON.Member("reason", .string(reason)),
            JSON.Member("acknowledged", text(acknowledgement?.at.description)),
            JSON.Member("acknowledgedBy", text(acknowledgement?.user)),
            JSON.Member("acknowledgedWhy", text(acknowledgement?.reason)),
            JSON.Member(
                "operations", .array(parts.map { ["part": .string($0.name), "operation": .number($0.operation)] })),
            JSON.Member(
                "log", .array(notes.map { ["at": .string($0.at.description), "text": .string($0.text)] })),
            JSON.Member("confirmed", document(confirmed)),
            JSON.Member("loss", document(loss)),
            JSON.Member("hooks", document(hooks)),
            JSON.Member("report", document(report)),
        ]
    }
}
