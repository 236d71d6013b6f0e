import Diagnosis
import TerminalKit
import Topology

/// The line above the hints: what was just told, or else what happened last, or else the worst problem.
struct EventLine {
    let state: ConsoleState

    func draw(on canvas: inout Canvas, in rect: GridRect) {
        let content = rect.inset(horizontal: 1, vertical: 0)
        let model = state.model
        if let notice = state.notice {
            let (glyph, scope): (String, ThemeScope) =
                switch notice.kind {
                case .done: (canvas.glyphs.ok, .stateOk)
                case .refused: (canvas.glyphs.warning, .stateWarning)
                }
            canvas.put(
                [canvas.palette.text("\(glyph) ", scope), canvas.palette.text(notice.sentence.sanitized, .text)],
                in: content)
        } else if let trouble = model.known.recordingTrouble {
            canvas.put(
                [
                    canvas.palette.text("\(canvas.glyphs.warning) ", .stateWarning),
                    canvas.palette.text("the history is not written: \(trouble.sanitized)", .text),
                ], in: content)
        } else if let last = model.known.events.last {
            canvas.put(EventWords.pieces(last.event, addressWidth: nil, canvas, model), in: content)
        } else if let worst = model.known.problems.first, worst.severity > .notice {
            canvas.put(
                [
                    canvas.palette.text(
                        "\(ProblemWords.shape(worst, canvas.glyphs)) ", ProblemWords.scope(worst)),
                    canvas.palette.text(worst.summary, .eventText),
                ], in: content)
        }
    }
}
