import TerminalKit
import Topology

/// One picture of the console.
public struct ConsoleFrame: Sendable {
    /// Every cell of the screen.
    public var grid: Grid
    /// Where the terminal's cursor belongs; `nil` to hide it.
    public var cursor: GridPoint?
    /// Whether an age on it grows by the second.
    public var hasRunningAge: Bool
}

extension ConsoleState {
    /// Draws the console: the same state, looks and size always give the same picture.
    public func frame(_ palette: Palette) -> ConsoleFrame {
        var canvas = Canvas(model.size, palette: palette)
        if isTooSmall {
            drawTooSmall(on: &canvas)
        } else {
            drawParts(on: &canvas)
        }
        return ConsoleFrame(
            grid: canvas.grid, cursor: canvas.cursor,
            hasRunningAge: canvas.hasRunningAge && model.pausedSince == nil && model.known.hasRunningClock)
    }

    private func drawParts(on canvas: inout Canvas) {
        let size = model.size
        TitleLine(state: self).draw(on: &canvas, in: GridRect(x: 0, y: 0, width: size.width, height: 1))
        let told = EventLine(state: self)
        // A long notice takes its rows from the page for as long as it stands; nothing is laid over what is looked at.
        let page = model.body.splitBottom(told.height - 1).rest
        screen.draw(on: &canvas, in: page, model)
        if case .question(let question)? = prompt {
            QuestionPanel(question: question).draw(on: &canvas, in: page, model)
        }
        let banner = Banner(model: model)
        banner.draw(on: &canvas, from: page.maxY)
        let event = GridRect(x: 0, y: page.maxY + banner.lines.count, width: size.width, height: told.height)
        if case .filter(let editor, _)? = prompt {
            drawInput("/", editor, on: &canvas, in: event)
        } else if case .command(let editor)? = prompt {
            drawInput(":", editor, on: &canvas, in: event)
        } else if case .confirmation(let confirmation)? = prompt {
            drawInput("type \(confirmation.name) to confirm: ", confirmation.editor, on: &canvas, in: event)
        } else if case .acknowledgement(let id, let editor)? = prompt {
            drawInput("why recovery \(id) is acknowledged: ", editor, on: &canvas, in: event)
        } else if case .password(let editor)? = prompt {
            let hidden = LineEditor(String(repeating: "*", count: editor.text.count))
            drawInput("password of the replication account: ", hidden, on: &canvas, in: event)
        } else if case .reason(let editor)? = prompt {
            drawInput("reason: ", editor, on: &canvas, in: event)
        } else {
            told.draw(on: &canvas, in: event)
        }
        HintBar(state: self).draw(on: &canvas, in: GridRect(x: 0, y: size.height - 1, width: size.width, height: 1))
    }

    private func drawInput(_ sign: String, _ editor: LineEditor, on canvas: inout Canvas, in rect: GridRect) {
        let x = canvas.grid.put(" \(sign)", at: GridPoint(x: rect.x, y: rect.y), style: canvas.palette[.filterPrompt])
        let room = rect.width - (x - rect.x) - 1
        let visible = editor.visible(width: room)
        canvas.grid.put(visible.text, at: GridPoint(x: x, y: rect.y), style: canvas.palette[.filterText])
        canvas.cursor = GridPoint(x: x + visible.cursor, y: rect.y)
    }

    /// Tells what is needed and what there is; nothing else is drawn, and nothing else works.
    private func drawTooSmall(on canvas: inout Canvas) {
        let (have, need) = (model.size, Self.minimumSize)
        let quit = model.keymap.sequences(for: .quit, in: [.global]).first?.description ?? "q"
        let lines = [
            Words("baton needs more room", .strong),
            Words("needed  \(need.width) x \(need.height)"),
            Words("here    \(have.width) x \(have.height)", .warning),
            Words("enlarge the window, or \(quit) quits", .faint),
        ]
        let top = max(0, (have.height - lines.count) / 2)
        for (row, words) in lines.enumerated() where top + row < have.height {
            canvas.put(
                words, in: GridRect(x: 0, y: top + row, width: have.width, height: 1), alignment: .center)
        }
    }
}
