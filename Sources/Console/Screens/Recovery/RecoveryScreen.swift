import Storage
import TerminalKit
import Topology

/// One recovery of the store: how it stands, its operations, its log, and what was lost.
struct RecoveryScreen: TextScreen {
    static let toggle: KeyAction? = nil

    let id: Int64
    var scroll = TextScroll()

    init(_ id: Int64) {
        self.id = id
    }

    var contexts: [KeyContext] { [.recovery, .operation, .list] }

    func crumbs(_ model: ConsoleModel) -> [String] { ["recovery \(id)"] }

    private func record(_ model: ConsoleModel) -> RecoveryRecord? { model.recoveries.record(id) }

    static func canAcknowledge(_ record: RecoveryRecord, _ model: ConsoleModel) -> Bool {
        record.acknowledgement == nil && !model.recoveries.book.atWork.contains(record.id)
            && model.authority.objection == nil
    }

    static func acknowledging(_ record: RecoveryRecord, _ model: ConsoleModel) -> ScreenAnswer {
        if let objection = model.authority.objection { return .tell(Notice(.refused, objection)) }
        if let note = record.acknowledgement {
            return .tell(Notice(.refused, "\(note.user.sanitized) acknowledged it already"))
        }
        guard canAcknowledge(record, model) else {
            return .tell(Notice(.refused, "\(record.holder) is still at it".sanitized))
        }
        return .acknowledge(record.id)
    }

    /// The operation that waits for a decision; `nil` where none does.
    private func openOperation(_ model: ConsoleModel) -> Int64? {
        record(model)?.parts.map(\.operation).last { model.operations.open.contains($0) }
    }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        let resume: [KeyAction] = openOperation(model) == nil ? [] : [.resume]
        let acknowledge: [KeyAction] =
            record(model).map { Self.canAcknowledge($0, model) } == true ? [.acknowledge] : []
        return resume + acknowledge + [.back, .recoveries, .operations]
    }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        if scroll.perform(action, count: lineCount(model), height: Self.height(model)) { return .done }
        switch action {
        case .acknowledge: return record(model).map { Self.acknowledging($0, model) } ?? .done
        case .open, .resume: return openPart(model)
        case .back: return .close
        default: return .unused
        }
    }

    /// The operation that waits for a decision, or else the last one.
    private func openPart(_ model: ConsoleModel) -> ScreenAnswer {
        guard let operation = openOperation(model) ?? record(model)?.parts.last?.operation else {
            return .tell(Notice(.refused, "it has no operation yet"))
        }
        if let live = model.operations.live(numbered: operation) { return .open(OperationScreen(.live(live.id))) }
        return .openReading(OperationScreen(.journal(operation)), operation)
    }

    func title(_ model: ConsoleModel, _ canvas: Canvas) -> [StyledText] {
        [canvas.palette.text(record(model).map(RecoveryWords.intent) ?? "recovery \(id)", .panelTitleFocus)]
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) {
        ("There is no recovery \(id) among the newest.", "baton recoveries has the older ones.")
    }

    func hasRunningAge(_ model: ConsoleModel) -> Bool { true }

    func lines(width: Int, _ palette: Palette, _ model: ConsoleModel) -> [[StyledText]] {
        guard let record = record(model) else { return [] }
        var head = RecoveryWords.lines(record, model)
        if let operation = openOperation(model) {
            let words = "operation \(operation) waits for a decision: go on, take it back, or leave it: enter"
            head.append(Details.Line("to decide", Words(words, .warning)))
        } else if model.recoveries.outcome(record) == .interrupted, record.parts.isEmpty {
            let words =
                "it ended before its first step, and changed no server; hooks may have run. Acknowledge it, and begin anew"
            head.append(Details.Line("to decide", Words(words, .warning)))
        }
        let parts = record.parts.map { part in
            let state = model.operations.record(part.operation).map {
                OperationWords.outcome($0, isOpen: model.operations.isOpen($0))
            }
            return Details.Line(
                "operation \(part.operation)",
                words: [Words(part.name.sanitized)] + (state.map { [Words(", "), $0] } ?? []))
        }
        let log = record.notes.map { Details.Line(model.brief($0.at), Words($0.text)) }
        return DetailText(
            Details(
                sections: [
                    Details.Section(heading: "", lines: head), Details.Section(heading: "operations", lines: parts),
                    Details.Section(heading: "log", lines: log),
                    Details.Section(heading: "what was lost", lines: RecoveryWords.loss(record)),
                    Details.Section(heading: "hooks", lines: HookWords.recorded(record.hooks)),
                ], hasRunningAge: true), width: width, palette: palette
        ).lines
    }
}
