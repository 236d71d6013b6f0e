import Recovery
import Refactoring
import TerminalKit
import Topology

/// What would block or harm a recovery of each cluster today, with what mends each.
struct ReadinessScreen: ListScreen {
    static let name = "readiness"
    static let noun = "finding"
    static let toggle = KeyAction.readiness
    static let furtherHints: [KeyAction] = [.clusters, .command]
    static let hasDetails = true

    /// A line: how a cluster stands, or one thing that was found there.
    enum Entry: Hashable, Sendable, Identifiable {
        case cluster(Readiness, name: String)
        case finding(ReadinessFinding, cluster: InstanceAddress)

        enum ID: Hashable, Sendable {
            case cluster(InstanceAddress)
            case finding(RuleID, InstanceAddress?, cluster: InstanceAddress, text: String)
        }

        var id: ID {
            switch self {
            case .cluster(let readiness, _): .cluster(readiness.cluster)
            case .finding(let finding, let cluster):
                .finding(finding.check, finding.subject, cluster: cluster, text: finding.sentence)
            }
        }
    }

    var list = FilteredList<Entry>()

    init(_ model: ConsoleModel) { refresh(model) }

    func items(_ model: ConsoleModel, containing needle: SearchNeedle) -> [Entry] {
        (model.readiness ?? []).flatMap { readiness in
            let name = model.known.cluster(of: readiness.cluster)?.name ?? "\(readiness.cluster)"
            let isNamed = needle.isEmpty || needle.isFound(in: name)
            let findings = readiness.findings.filter { finding in
                isNamed || needle.isFound(in: "\(finding.weight.word) \(finding.check) \(finding.sentence)")
            }
            guard isNamed || !findings.isEmpty else { return [Entry]() }
            return [.cluster(readiness, name: name)] + findings.map { .finding($0, cluster: readiness.cluster) }
        }
    }

    func open(_ item: Entry) -> ScreenAnswer {
        switch item {
        case .cluster(let readiness, _): .showCluster(readiness.cluster)
        case .finding(let finding, let cluster): .showInstance(finding.subject ?? cluster)
        }
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) {
        if model.readiness == nil { return ("The clusters are being checked…", "") }
        return ("No cluster is known.", "")
    }

    func columns(width: Int, _ model: ConsoleModel) -> Void {}

    func draw(_ item: Entry, _ columns: Void, on canvas: inout Canvas, in line: GridRect, _ model: ConsoleModel) {
        switch item {
        case .cluster(let readiness, let name):
            let (glyph, words) = Self.standing(readiness)
            canvas.put(
                [
                    canvas.palette.text("\(glyph(canvas.glyphs)) ", words.tone.scope),
                    canvas.palette.text("\(name.sanitized)  ", .textStrong), canvas.styled(words),
                ], in: line)
        case .finding(let finding, _):
            canvas.put(
                [
                    canvas.palette.text("    ", .text),
                    canvas.styled(Words(CellText.fit(finding.weight.word, to: 8), finding.weight.tone)),
                    canvas.palette.text(finding.sentence.sanitized, .text),
                ], in: line)
        }
    }

    private static func standing(_ readiness: Readiness) -> (@Sendable (Glyphs) -> String, Words) {
        guard readiness.isPossible else { return (\.broken, Words("a recovery would be blocked", .bad)) }
        let best = readiness.ranking?.best.map { ", \($0.instance) would take over" } ?? ""
        return readiness.findings.contains { $0.weight == .harms }
            ? (\.warning, Words("a recovery is possible\(best)", .warning)) : (\.ok, Words("ready\(best)", .good))
    }

    func details(of item: Entry, _ model: ConsoleModel) -> (subject: InstanceAddress?, details: Details) {
        switch item {
        case .cluster(let readiness, _):
            let counts = ReadinessFinding.Weight.allCases.compactMap { weight -> String? in
                let count = readiness.findings.filter { $0.weight == weight }.count
                return count == 0 ? nil : "\(count) \(weight.word)"
            }
            let primary = readiness.primary.map { NameWords.full($0, model.known.fleet) } ?? "not clear"
            return (
                readiness.primary,
                Details(
                    sections: [
                        Details.Section(
                            heading: "",
                            lines: [
                                Details.Line("primary", Words(primary)),
                                Details.Line("verdict", Self.standing(readiness).1),
                                Details.Line(
                                    "found", Words(counts.isEmpty ? "nothing" : counts.joined(separator: ", "))),
                            ])
                    ], hasRunningAge: false)
            )
        case .finding(let finding, _):
            let remedies = finding.remedies.enumerated().map { index, remedy in
                Details.Line(index == 0 ? "to mend it" : "", Words(remedy.words.sanitized, .strong))
            }
            return (
                finding.subject,
                Details(
                    sections: [
                        Details.Section(
                            heading: "",
                            lines: [
                                Details.Line(
                                    finding.weight.word, Words(finding.sentence.sanitized, finding.weight.tone),
                                    Words(" (\(finding.check))", .faint))
                            ] + remedies)
                    ], hasRunningAge: false)
            )
        }
    }
}

extension ReadinessFinding.Weight {
    var word: String { rawValue }

    var tone: Tone {
        switch self {
        case .blocks: .bad
        case .harms: .warning
        case .advice: .faint
        }
    }
}
