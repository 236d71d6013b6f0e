import ArgumentParser
import Console
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// `baton downtimes`.
struct DowntimesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "downtimes", abstract: "List servers whose problems are silent, with who, why and how long.")

    @Flag(help: "Only servers that a recovery left behind.")
    var lostInRecovery = false
    @OptionGroup var list: MarkList

    func run() async throws {
        try await list.print(.downtime, whenEmpty: "no server is downtimed") { record in
            !lostInRecovery || record.mark.meaning == .downtime(.lostInRecovery)
        }
    }
}

/// `baton maintenances`.
struct MaintenancesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenances", abstract: "List servers that operations leave alone, with who, why and how long.")

    @OptionGroup var list: MarkList

    func run() async throws {
        try await list.print(.maintenance, whenEmpty: "no server is in maintenance") { _ in true }
    }
}

/// `baton promotion-rules`.
struct PromotionRulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promotion-rules",
        abstract: "List who is wanted as a primary and who is not, said by whom, why and how long.",
        discussion: "What a configured query answers is listed where nobody has said anything else.")

    @OptionGroup var list: MarkList

    func run() async throws {
        try await list.print(.promotionRule, whenEmpty: "no promotion rule holds") { _ in true }
    }
}

/// Lists marks of one kind.
struct MarkList: ParsableArguments {
    @Argument(help: "Only of this server: host, host:port, [ipv6]:port, or its alias.")
    var server: ServerArgument?
    @Flag(name: .customLong("all"), help: "Those that are over too.")
    var includesPast = false
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup var store: StoreOptions

    func print(
        _ kind: MarkMeaning.Kind, whenEmpty remark: String, where isWanted: (MarkRecord) -> Bool
    ) async throws {
        let now = Timestamp.now()
        let records = try await records(kind, now: now).filter(isWanted)
        output.print(
            list: MarkTable(records, now: now).lines, whenEmpty: remark, json: .array(records.map(\.json)))
    }

    private func records(_ kind: MarkMeaning.Kind, now: Timestamp) async throws -> [MarkRecord] {
        guard let store = try await StoreAccess.openExisting(store, global.configuration()) else { return [] }
        defer { try? store.close() }
        let fleet = try await store.loadFleet().fleet
        var filter = MarkFilter()
        filter.kinds = [kind]
        filter.includesPast = includesPast
        let named = try server.map { fleet.canonical(try ServerNames(fleet: fleet).server($0).address) }
        var records = try await store.marks(filter, now: now)
        if kind == .promotionRule { records += reported(in: fleet, besides: records, now: now) }
        return records.filter { named == nil || fleet.canonical($0.address) == named }
    }

    /// What the configured query answered on servers of which nobody says anything.
    private func reported(in fleet: Fleet, besides records: [MarkRecord], now: Timestamp) -> [MarkRecord] {
        let said = OperatorMarks(records, in: fleet)
        let rules = said.completed(byAnswersIn: fleet, at: now).promotionRules.filter { address, _ in
            said.promotionRules[address] == nil
        }
        return rules.sorted { $0.key < $1.key }.map { address, rule in
            let mark = Mark(
                MarkMeaning.promotionRule(rule.meaning), owner: rule.owner, reason: rule.reason, begins: rule.begins)
            return MarkRecord(id: 0, address: address, mark: mark)
        }
    }
}

/// Marks, a line each.
struct MarkTable {
    let lines: [String]

    init(_ records: [MarkRecord], now: Timestamp) {
        guard !records.isEmpty else {
            lines = []
            return
        }
        var table = TextTable(titles: "SERVER", "WHAT", "SINCE", "UNTIL", "WHO", "WHY")
        for record in records {
            let mark = record.mark
            let end = record.end.map { "\($0.at.atSecond)" } ?? mark.ends.map { "\($0.atSecond)" } ?? "ended by hand"
            table.append([
                record.address.description, mark.meaning.word.isEmpty ? mark.meaning.kind.words : mark.meaning.word,
                "\(mark.begins.atSecond)", end, record.who, mark.reason,
            ])
        }
        lines = table.lines
    }
}

extension MarkRecord {
    /// Whose mark it is, and from where.
    var who: String { client.map { "\(mark.owner) from \($0.prefix { $0 != " " })" } ?? mark.owner }

    /// What holds now, as a sentence.
    var line: String {
        let (kind, word) = (mark.meaning.kind.words, mark.meaning.word)
        let what = word.isEmpty ? kind : "\(kind) \(word)"
        let end = mark.ends.map { "until \($0.atSecond)" } ?? "until somebody ends it"
        return "\(address): \(what) \(end)"
    }

    /// The stable JSON of a mark.
    var json: JSON {
        func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
        return [
            "id": .number(id),
            "address": .string(address.description),
            "kind": .string(mark.meaning.kind.rawValue),
            "meaning": mark.meaning.word.isEmpty ? .null : .string(mark.meaning.word),
            "owner": .string(mark.owner),
            "client": text(client),
            "reason": .string(mark.reason),
            "begins": .string(mark.begins.description),
            "ends": text(mark.ends?.description),
            "ended": text(end?.at.description),
            "endedBy": text(end?.user),
            "endedWhy": text(end?.reason),
        ]
    }
}
