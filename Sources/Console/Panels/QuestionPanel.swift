import TerminalKit

/// A question over the page: what would happen, and the keys that answer.
struct QuestionPanel {
    let question: Prompt.Question

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let width = min(rect.width, 64)
        let text = CellText.wrap(question.consequence, to: width - 4)
        let box = rect.centered(GridSize(width: width, height: text.count + 6))
        canvas.grid.fill(box, style: canvas.palette[.dialog])
        canvas.grid.box(
            box, glyphs: canvas.glyphs.box, style: canvas.palette[.dialogBorder],
            title: [canvas.palette.text(question.title, .dialogTitle)], ellipsis: canvas.glyphs.ellipsis)
        let inside = box.inset(horizontal: 2, vertical: 2)
        for (row, line) in text.enumerated() where row < inside.height {
            canvas.put(
                [canvas.palette.text(line, .dialog)],
                in: GridRect(x: inside.x, y: inside.y + row, width: inside.width, height: 1))
        }
        let keys = { (action: KeyAction) in
            model.keymap.sequences(for: action, in: [.dialog]).first?.description ?? action.rawValue
        }
        canvas.put(
            [
                canvas.palette.text(keys(.yes), .hintKey),
                canvas.palette.text(" \(question.verb)    ", .dialogDanger),
                canvas.palette.text(keys(.no), .hintKey), canvas.palette.text(" no", .dialog),
            ], in: GridRect(x: inside.x, y: box.maxY - 2, width: inside.width, height: 1))
    }
}
