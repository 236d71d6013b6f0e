import Operations
import Storage
import TerminalKit
import Topology

/// What was changed and is being changed, by this baton and by others on the same store, the newest first.
struct OperationsScreen: ListScreen {
    static let name = "operations"
    static let noun = "operation"
    static let toggle = KeyAction.operations
    static let furtherHints: [KeyAction] = [.events, .problems, .command]
    static let hasDetails = true

    var list = FilteredList<OperationRecord>()

    init(_ model: ConsoleModel) {
        refresh(model)
    }

    func items(_ model: ConsoleModel, containing needle: SearchNeedle) -> [OperationRecord] {
        // Those that wait for a decision stand first: they are why one comes here at night.
        let records = model.operations.records
        let sorted = records.filter(model.operations.isOpen) + records.filter { !model.operations.isOpen($0) }
        return needle.isEmpty
            ? sorted
            : sorted.filter { record in
                needle.isFound(in: "\(record.id) \(record.user) \(record.intent) \(record.reason) \(record.verb)")
                    || needle.beginsWord(
                        in: OperationWords.outcome(record, isOpen: model.operations.isOpen(record)).text)
            }
    }

    /// The journal is read for the page.
    func open(_ item: OperationRecord) -> ScreenAnswer { .openReading(OperationScreen(.journal(item.id)), item.id) }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        if action == .open, let item = list.selected {
            if let live = model.operations.live(numbered: item.id) { return .open(OperationScreen(.live(live.id))) }
            return .openReading(OperationScreen(.journal(item.id)), item.id)
        }
        return performInList(action, model)
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) {
        if let trouble = model.operations.trouble { return ("The journal cannot be read.", trouble) }
        return ("Nothing was changed yet.", "Moves and other operations are listed here, with their steps.")
    }

    func columns(width: Int, _ model: ConsoleModel) -> (number: Int, time: Int, user: Int) {
        (
            number: shown.reduce(1) { max($0, "\($1.id)".utf8.count) },
            time: shown.reduce(0) { max($0, model.brief($1.startedAt).utf8.count) },
            user: width < 100 ? 0 : min(16, shown.reduce(0) { max($0, CellText.width($1.user.sanitized)) })
        )
    }

    func draw(
        _ item: OperationRecord, _ columns: (number: Int, time: Int, user: Int), on canvas: inout Canvas,
        in line: GridRect, _ model: ConsoleModel
    ) {
        let isOpen = model.operations.isOpen(item)
        let (glyph, scope) = OperationWords.sign(item, isOpen: isOpen, canvas.glyphs)
        let user = CellText.clip(item.user.sanitized, to: columns.user, ellipsis: canvas.glyphs.ellipsis)
        var pieces = [
            canvas.palette.text("\(glyph) ", scope),
            canvas.palette.text(CellText.fit("\(item.id)", to: columns.number, alignment: .right) + "  ", .textDim),
            canvas.palette.text(CellText.fit(model.brief(item.startedAt), to: columns.time + 2), .eventTime),
            canvas.palette.text(CellText.fit(OperationWords.outcome(item, isOpen: isOpen).text, to: 13), scope),
        ]
        if columns.user > 0 { pieces.append(canvas.palette.text(CellText.fit(user, to: columns.user + 2), .textDim)) }
        canvas.put(pieces + [canvas.palette.text(item.intent.sanitized, .text)], in: line)
    }

    func details(of item: OperationRecord, _ model: ConsoleModel) -> (subject: InstanceAddress?, details: Details) {
        let isOpen = model.operations.isOpen(item)
        let words = "\(OperationWords.origin(item)), \(model.when(item.startedAt))"
        var lines = [
            Details.Line("what", Words(item.intent.sanitized, .strong)),
            Details.Line("by", Words(item.user.sanitized), Words(words, .faint)),
        ]
        if !item.reason.isEmpty { lines.append(Details.Line("reason", Words(item.reason.sanitized))) }
        let done = item.steps.values.filter { $0.state == .done || $0.state == .skipped }.count
        lines.append(
            Details.Line(
                "state", OperationWords.outcome(item, isOpen: isOpen), Words(", \(done.counted("step")) done", .faint)))
        if isOpen {
            let choices = "go on, take it back where that is possible, or leave it: enter"
            lines.append(Details.Line("to decide", Words(choices, .warning)))
        }
        if let report = item.report?.sanitized, !report.isEmpty { lines.append(Details.Line("report", Words(report))) }
        return (nil, Details(sections: [Details.Section(heading: "", lines: lines)], hasRunningAge: true))
    }
}
