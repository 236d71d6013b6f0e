import TerminalKit

/// The keys that work in the state from which help was asked for, read from the keymap that is loaded, and the
/// commands.
struct HelpScreen: Screen {
    /// The state that help is about.
    private let subject: [KeyContext]
    private var top = 0

    init(about subject: [KeyContext]) {
        self.subject = subject
    }

    var contexts: [KeyContext] { [.list] }

    func crumbs(_ model: ConsoleModel) -> [String] { ["help"] }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        [.back]
    }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        let page = max(1, model.body.height - 3)
        switch action {
        case .up: scroll(to: top - 1, model)
        case .down: scroll(to: top + 1, model)
        case .pageUp: scroll(to: top - page, model)
        case .pageDown: scroll(to: top + page, model)
        case .top: scroll(to: 0, model)
        case .bottom: scroll(to: .max, model)
        case .back, .help, .open: return .close
        default: return .unused
        }
        return .done
    }

    mutating func refresh(_ model: ConsoleModel) { scroll(to: top, model) }

    private mutating func scroll(to line: Int, _ model: ConsoleModel) {
        top = max(0, min(line, maximumTop(model)))
    }

    private func maximumTop(_ model: ConsoleModel) -> Int {
        max(0, rows(model).count - max(1, model.body.height - 2))
    }

    /// One line of help: a heading, or keys and what they do.
    private enum Row {
        case heading(String)
        case entry(keys: String, summary: String)
        case blank
    }

    private func rows(_ model: ConsoleModel) -> [Row] {
        var sections = model.keymap.help(in: subject + [.global]).map { section in
            (
                title: "keys: \(section.title)",
                entries: section.entries.map { (keys: $0.keys.joined(separator: "  "), summary: $0.summary) }
            )
        }
        sections.append(
            (
                title: "commands", entries: ConsoleCommand.all.map { (keys: $0.usage, summary: $0.summary) }
            ))
        var rows: [Row] = []
        for section in sections {
            if !rows.isEmpty { rows.append(.blank) }
            rows.append(.heading(section.title))
            rows += section.entries.map { .entry(keys: $0.keys, summary: $0.summary) }
        }
        return rows
    }

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let inside = canvas.panel(rect, title: [canvas.palette.text("help", .panelTitleFocus)], isFocused: true)
            .inset(horizontal: 1, vertical: 0)
        let rows = rows(model)
        let keyWidth = min(
            inside.width / 2,
            2 + (rows.map { if case .entry(let keys, _) = $0 { CellText.width(keys) } else { 0 } }.max() ?? 0))
        let window = min(top, rows.count)..<min(rows.count, top + inside.height)
        for (offset, place) in window.enumerated() {
            let line = GridRect(x: inside.x, y: inside.y + offset, width: inside.width, height: 1)
            switch rows[place] {
            case .blank: break
            case .heading(let title): canvas.put([canvas.palette.text(title, .panelTitle)], in: line)
            case .entry(let keys, let summary):
                let parts = line.splitLeft(keyWidth)
                canvas.put(
                    [canvas.palette.text(keys, .hintKey)],
                    in: GridRect(x: parts.left.x, y: line.y, width: max(1, keyWidth - 2), height: 1))
                canvas.put([canvas.palette.text(summary, .text)], in: parts.rest)
            }
        }
        canvas.scrollBar(on: rect, window: window, count: rows.count)
        canvas.lineCount(window, of: rows.count, on: rect)
    }
}
