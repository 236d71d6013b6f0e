import ArgumentParser
import Console
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// `baton audit`: who did what.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Print who did what, newest last: operations, recoveries, what was said of servers, switches.",
        discussion: "Everything comes from the store; baton events prints what happened to servers.")

    @Option(
        help: ArgumentHelp("Only since so long ago, for example 2h.", valueName: "time"),
        transform: DurationArgument.init(parsing:))
    var since: DurationArgument?
    @Option(help: ArgumentHelp("At most so many entries, the newest.", valueName: "count"))
    var last = 100
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if last < 1 { throw ValidationError("--last must be at least 1") }
    }

    func run() async throws {
        let now = Timestamp.now()
        var entries: [AuditEntry] = []
        if let store = try await StoreAccess.openExisting(store, global.configuration(), mentionsOpen: false) {
            defer { try? store.close() }
            entries = try await AuditEntry.all(in: store, since: since.map { now - $0.duration }, last: last, now: now)
        }
        output.print(
            list: entries.map(\.line), whenEmpty: "nothing was done yet", json: .array(entries.map(\.json)))
    }
}

/// Something that somebody did.
struct AuditEntry {
    let at: Timestamp
    /// `operation`, `recovery`, `downtime`, `maintenance`, `promotion-rule` or `recoveries`.
    let kind: String
    /// The number of the operation or recovery.
    var number: Int64?
    let who: String
    let text: String

    var line: String { "\(at.atSecond)  \(who)  \(text)  [\(kind)\(number.map { " \($0)" } ?? "")]" }

    var json: JSON {
        [
            "at": .string(at.description), "kind": .string(kind), "number": number.map { .number($0) } ?? .null,
            "who": .string(who), "text": .string(text),
        ]
    }

    /// The newest entries, oldest first.
    static func all(in store: Store, since: Timestamp?, last: Int, now: Timestamp) async throws -> [AuditEntry] {
        var recoveries = RecoveryFilter()
        recoveries.limit = last
        var marks = MarkFilter()
        marks.includesPast = true
        marks.limit = last
        var entries = try await store.operations(limit: last).flatMap { $0.auditEntries(now: now) }
        entries += try await store.recoveries(recoveries).flatMap { $0.auditEntries(now: now) }
        entries += try await store.marks(marks, now: now).flatMap(\.auditEntries)
        entries += try await store.recoverySwitches(includingPast: true).flatMap(\.auditEntries)
        // Of entries at one moment what is written first stays first.
        let wanted = entries.enumerated().filter { entry in since.map { entry.element.at >= $0 } ?? true }
        let sorted = wanted.sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        return sorted.suffix(last).map(\.element)
    }
}

extension OperationRecord {
    fileprivate func auditEntries(now: Timestamp) -> [AuditEntry] {
        let why = reason.isEmpty ? "" : ": \(reason)"
        let began = AuditEntry(
            at: startedAt, kind: "operation", number: id, who: who, text: "\(verb): \(intent)\(why)")
        guard let endedAt else { return [began] }
        return [
            began,
            AuditEntry(
                at: endedAt, kind: "operation", number: id, who: who, text: "\(outcome(at: now).words): \(intent)"),
        ]
    }
}

extension RecoveryRecord {
    fileprivate func auditEntries(now: Timestamp) -> [AuditEntry] {
        let what = "\(kind.words) of \(failed) in \(cluster)" + (failure.map { ", \($0)" } ?? "")
        let why = reason.isEmpty ? "" : ": \(reason)"
        var entries = [
            AuditEntry(at: startedAt, kind: "recovery", number: id, who: author.who, text: "\(what) begun\(why)")
        ]
        if let endedAt {
            let successor = successor.map { ", \($0) took its place" } ?? ""
            entries.append(
                AuditEntry(
                    at: endedAt, kind: "recovery", number: id, who: author.who,
                    text: "\(what) \(outcome(at: now).words)\(successor)"))
        }
        if let acknowledgement {
            entries.append(
                AuditEntry(
                    at: acknowledgement.at, kind: "recovery", number: id, who: acknowledgement.user,
                    text: "acknowledged: \(acknowledgement.reason)"))
        }
        return entries
    }
}

extension MarkRecord {
    fileprivate var auditEntries: [AuditEntry] {
        let kind = mark.meaning.kind.rawValue
        let why = mark.reason.isEmpty ? "" : ": \(mark.reason)"
        let began = AuditEntry(at: mark.begins, kind: kind, who: who, text: line + why)
        guard let end else { return [began] }
        let reason = end.reason.isEmpty ? "" : ": \(end.reason)"
        return [
            began,
            AuditEntry(
                at: end.at, kind: kind, who: end.user ?? "-",
                text: "\(address): \(mark.meaning.kind.words) ended\(reason)"),
        ]
    }
}

extension RecoverySwitchRecord {
    fileprivate var auditEntries: [AuditEntry] {
        let place = state.cluster?.description ?? "all clusters"
        let why = state.reason.isEmpty ? "" : ": \(state.reason)"
        let off = AuditEntry(
            at: state.since, kind: "recoveries", who: Author(user: state.owner, client: client).who,
            text: "recoveries of \(place) disabled\(why)")
        guard let end else { return [off] }
        let reason = end.reason.isEmpty ? "" : ": \(end.reason)"
        return [
            off,
            AuditEntry(
                at: end.at, kind: "recoveries", who: end.user ?? "-", text: "recoveries of \(place) enabled\(reason)"),
        ]
    }
}
