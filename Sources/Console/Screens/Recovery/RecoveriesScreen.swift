import Storage
import TerminalKit
import Topology

/// What was done about failures, what was seen, and what was not done and why: the newest first, after what waits for a
/// decision.
struct RecoveriesScreen: ListScreen {
    static let name = "recoveries"
    static let noun = "line"
    static let toggle = KeyAction.recoveries
    static let furtherHints: [KeyAction] = [.operations, .events, .command]
    static let hasDetails = true

    /// A line of the list.
    enum Entry: Hashable, Sendable, Identifiable {
        case recovery(RecoveryRecord)
        case detection(DetectionRecord)
        case blocked(BlockedRecovery)

        enum ID: Hashable, Sendable {
            case recovery(Int64), detection(Int64), blocked(Int64)
        }

        var id: ID {
            switch self {
            case .recovery(let record): .recovery(record.id)
            case .detection(let record): .detection(record.id)
            case .blocked(let record): .blocked(record.id)
            }
        }

        /// When it began.
        var began: Timestamp {
            switch self {
            case .recovery(let record): record.startedAt
            case .detection(let record): record.failure.began
            case .blocked(let record): record.firstAt
            }
        }

        /// What it says in a line.
        var text: String {
            switch self {
            case .recovery(let record): RecoveryWords.intent(record)
            case .detection(let record): "\(record.failure.subject): \(record.failure.code)".sanitized
            // Most reasons begin with the server's name.
            case .blocked(let record):
                (record.reason.hasPrefix("\(record.subject) ") ? record.reason : "\(record.subject): \(record.reason)")
                    .sanitized
            }
        }
    }

    var list = FilteredList<Entry>()

    init(_ model: ConsoleModel) {
        refresh(model)
    }

    var contexts: [KeyContext] { [.recovery, .list] }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        let acknowledge: [KeyAction] = canAcknowledge(list.selected, model) ? [.acknowledge] : []
        return (shown.isEmpty ? [] : [.open]) + acknowledge + (shown.isEmpty ? [] : [.filter]) + [.back]
            + Self.furtherHints
    }

    func items(_ model: ConsoleModel, containing needle: SearchNeedle) -> [Entry] {
        let book = model.recoveries.book
        let open = book.recoveries.filter { model.recoveries.isOpen($0) || book.atWork.contains($0.id) }
        let waiting = Set(open.map(\.id))
        let rest =
            book.recoveries.filter { !waiting.contains($0.id) }.map(Entry.recovery)
            + book.detections.map(Entry.detection) + book.blocked.map(Entry.blocked)
        let all = open.map(Entry.recovery) + rest.sorted { $0.began > $1.began }
        return needle.isEmpty
            ? all : all.filter { needle.isFound(in: "\($0.text) \(Self.state($0, model).text)") }
    }

    func open(_ item: Entry) -> ScreenAnswer {
        switch item {
        case .recovery(let record): .open(RecoveryScreen(record.id))
        case .detection(let record): .showInstance(record.failure.subject)
        case .blocked(let record): record.blocker.map { .open(RecoveryScreen($0)) } ?? .showInstance(record.subject)
        }
    }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        guard action == .acknowledge else { return performInList(action, model) }
        guard case .recovery(let record)? = list.selected else {
            return .tell(Notice(.refused, "only recoveries are acknowledged"))
        }
        return RecoveryScreen.acknowledging(record, model)
    }

    private func canAcknowledge(_ entry: Entry?, _ model: ConsoleModel) -> Bool {
        guard case .recovery(let record)? = entry else { return false }
        return RecoveryScreen.canAcknowledge(record, model)
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) {
        if let trouble = model.recoveries.trouble { return ("The store cannot be read.", trouble) }
        return (
            "Nothing has failed, and nothing was recovered.", "Failures, and what was done about them, are listed here."
        )
    }

    private static func state(_ entry: Entry, _ model: ConsoleModel) -> Words {
        switch entry {
        case .recovery(let record): RecoveryWords.outcome(record, model)
        case .detection(let record):
            record.endedAt == nil ? Words("seen", .bad) : Words("was seen", .faint)
        case .blocked: Words("not done", .warning)
        }
    }

    func columns(width: Int, _ model: ConsoleModel) -> (time: Int, number: Int) {
        (
            time: shown.reduce(0) { max($0, model.brief($1.began).utf8.count) },
            number: shown.reduce(1) { longest, entry in
                if case .recovery(let record) = entry { max(longest, "\(record.id)".utf8.count) } else { longest }
            }
        )
    }

    func draw(
        _ item: Entry, _ columns: (time: Int, number: Int), on canvas: inout Canvas, in line: GridRect,
        _ model: ConsoleModel
    ) {
        var number = ""
        let look: (String, ThemeScope)
        switch item {
        case .recovery(let record):
            number = "\(record.id)"
            look = RecoveryWords.sign(record, model, canvas.glyphs)
        case .detection(let record):
            look = record.endedAt == nil ? (canvas.glyphs.broken, .stateBroken) : (canvas.glyphs.downtimed, .textDim)
        case .blocked: look = (canvas.glyphs.refuses, .stateWarning)
        }
        let state = Self.state(item, model)
        canvas.put(
            [
                canvas.palette.text("\(look.0) ", look.1),
                canvas.palette.text(CellText.fit(number, to: columns.number, alignment: .right) + "  ", .textDim),
                canvas.palette.text(CellText.fit(model.brief(item.began), to: columns.time + 2), .eventTime),
                canvas.palette.text(CellText.fit(state.text, to: 13), state.tone.scope),
                canvas.palette.text(model.localized(item.text), .text),
            ], in: line)
    }

    func details(of item: Entry, _ model: ConsoleModel) -> (subject: InstanceAddress?, details: Details) {
        let lines: [Details.Line]
        var subject: InstanceAddress?
        switch item {
        case .recovery(let record): lines = RecoveryWords.lines(record, model)
        case .detection(let record):
            subject = record.failure.subject
            let end =
                record.endedAt.map { "over \(model.when($0))" } ?? "lasts; seen last \(model.when(record.seenAt))"
            lines = [
                Details.Line("failure", Words(record.failure.code.sanitized, .strong)),
                Details.Line("cluster", Words("\(record.failure.cluster)".sanitized)),
                Details.Line("began", Words(model.when(record.failure.began)), Words(", \(end)", .faint)),
            ]
        case .blocked(let record):
            subject = record.subject
            lines = [
                Details.Line("not done", Words(model.localized(record.reason), .warning)),
                Details.Line(
                    "about", Words(record.failure.sanitized), Words(" in \(record.cluster)".sanitized, .faint)),
                Details.Line(
                    "would help",
                    Words(record.remedy.isEmpty ? "nothing is known" : model.localized(record.remedy))),
                Details.Line(
                    "when", Words("from \(model.when(record.firstAt))"),
                    Words(", last \(model.when(record.lastAt))", .faint)),
            ]
        }
        return (subject, Details(sections: [Details.Section(heading: "", lines: lines)], hasRunningAge: true))
    }
}
