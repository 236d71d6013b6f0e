import Diagnosis
import Refactoring
import TerminalKit
import Topology

/// The lines above the hints: what was just told, in as many lines as it takes within bounds, or else in one line what
/// happened last, or else the worst problem.
struct EventLine {
    let state: ConsoleState
    /// The cells of a line, without the margins.
    private let width: Int

    init(state: ConsoleState) {
        self.state = state
        width = max(1, state.model.size.width - 2)
    }

    /// More lines than this hide too much of the page; the list of messages has the rest.
    private static let mostLines = 5

    /// The rows that it takes: one, and more only for a notice that is too long for it.
    var height: Int { max(1, noticeRows.count) }

    func draw(on canvas: inout Canvas, in rect: GridRect) {
        let content = rect.inset(horizontal: 1, vertical: 0)
        let model = state.model
        if let notice = state.notice {
            draw(notice, on: &canvas, in: content)
        } else if let status {
            let (glyph, scope) = status.sign.look(canvas.glyphs)
            canvas.put(
                [
                    canvas.palette.text("\(glyph) ", scope),
                    canvas.palette.text(canvas.glyphs.spelling(status.sentence.sanitized), .text),
                ], in: content)
        } else if let trouble = model.known.recordingTrouble {
            let key = hint(for: .messages)
            let text = "the history is not written: \(trouble.sanitized)"
            let tail = CellText.width(text) + 2 > content.width ? key.map { " (\($0) shows all)" } ?? "" : ""
            let room = content.width - 2 - CellText.width(tail)
            canvas.put(
                [
                    canvas.palette.text("\(canvas.glyphs.warning) ", .stateWarning),
                    canvas.palette.text(CellText.clip(text, to: room, ellipsis: canvas.glyphs.ellipsis), .text),
                    canvas.palette.text(tail, .textDim),
                ], in: content)
        } else if let last = model.known.events.last {
            canvas.put(EventWords.pieces(last.event, nil, canvas, model), in: content)
        } else if let worst = model.known.problems.first, worst.severity > .notice {
            canvas.put(
                [
                    canvas.palette.text(
                        "\(ProblemWords.shape(worst, canvas.glyphs)) ", ProblemWords.scope(worst))
                ] + NameWords.pieces(worst.subject, .textStrong, canvas, model)
                    + [canvas.palette.text("  \(worst.summaryBesideName)", .eventText)],
                in: content)
        }
    }

    /// What the page says of what it is about, or, elsewhere, that something is being carried out or waits for a decision.
    private var status: ScreenStatus? {
        let model = state.model
        if let own = state.screen.status(model) { return own }
        if let running = model.operations.running, !(state.screen is OperationScreen) {
            let place = "\(running.doneCount) of \(running.steps.count) steps done"
            return ScreenStatus(
                sign: .running, sentence: "\(running.sheet.document?.intent ?? "an operation"): \(place)")
        }
        let open = model.operations.open.count
        guard open > 0, !(state.screen is OperationsScreen), !(state.screen is OperationScreen) else { return nil }
        let key = hint(for: .operations).map { "; \($0) shows \(open == 1 ? "it" : "them")" } ?? ""
        let words = open == 1 ? "an operation waits for a decision" : "\(open) operations wait for a decision"
        return ScreenStatus(sign: .failed, sentence: words + key)
    }

    /// The notice broken into rows beside its glyph; the last one says where the rest is, if there is one.
    private var noticeRows: [String] {
        guard let notice = state.notice, state.prompt == nil else { return [] }
        let room = width - 2
        let rows = CellText.wrap(notice.sentence.sanitized, to: room)
        let most = min(Self.mostLines, max(1, state.model.body.height / 3))
        guard rows.count > most else { return rows }
        let tail = hint(for: .messages).map { "… (\($0) shows all)" } ?? "…"
        let last = CellText.clip(rows[most - 1], to: max(0, room - CellText.width(tail) - 1), ellipsis: "")
        return rows.prefix(most - 1) + [last + tail]
    }

    private func hint(for action: KeyAction) -> String? {
        state.model.keymap.sequences(for: action, in: state.contexts).first?.description
    }

    private func draw(_ notice: Notice, on canvas: inout Canvas, in rect: GridRect) {
        let (glyph, scope) = notice.kind.look(canvas.glyphs)
        let lines = noticeRows.enumerated().map { index, row in
            [
                index == 0 ? canvas.palette.text("\(glyph) ", scope) : canvas.palette.text("  ", .text),
                canvas.palette.text(canvas.glyphs.spelling(row), .text),
            ]
        }
        canvas.put(lines: lines[...], in: rect)
    }
}

extension Notice.Kind {
    /// The shape before a notice, and its look.
    func look(_ glyphs: Glyphs) -> (glyph: String, scope: ThemeScope) {
        switch self {
        case .done: (glyphs.ok, .stateOk)
        case .refused: (glyphs.warning, .stateWarning)
        }
    }
}
