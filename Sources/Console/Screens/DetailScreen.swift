import TerminalKit
import Topology

/// Everything about one instance, in full, on a page of its own.
struct DetailScreen: Screen {
    let address: InstanceAddress
    private var top = 0

    init(address: InstanceAddress) {
        self.address = address
    }

    var contexts: [KeyContext] { [.list] }

    func crumbs(_ model: ConsoleModel) -> [String] { ["\(address)"] }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        [.back, .problems, .events, .command, .refresh]
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
        case .open, .back, .nextPanel, .previousPanel: return .close
        default: return .unused
        }
        return .done
    }

    mutating func refresh(_ model: ConsoleModel) { scroll(to: top, model) }

    private mutating func scroll(to line: Int, _ model: ConsoleModel) {
        top = max(0, min(line, maximumTop(model)))
    }

    private func maximumTop(_ model: ConsoleModel) -> Int {
        max(0, lineCount(model) - max(1, model.body.height - 2))
    }

    private func lineCount(_ model: ConsoleModel) -> Int {
        details(model).map { DetailText.lineCount($0, width: model.body.width - 4) } ?? 0
    }

    private func details(_ model: ConsoleModel) -> Details? {
        model.known.fleet[address].map { Details.of($0, depth: .full, model) }
    }

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        guard let instance = model.known.fleet[address], let details = details(model) else {
            let inside = canvas.panel(
                rect, title: [canvas.palette.text("\(address)", .panelTitleFocus)], isFocused: true)
            drawEmptyPanel(on: &canvas, in: inside, "This instance is not known any more.", "It was forgotten.")
            return
        }
        let inside = canvas.panel(rect, title: DetailPanel.title(instance, model, canvas), isFocused: true)
        let lines = DetailText(details, width: inside.width - 2, palette: canvas.palette).lines
        let window = min(top, lines.count)..<min(lines.count, top + inside.height)
        for (row, place) in window.enumerated() {
            let line = GridRect(x: inside.x + 1, y: inside.y + row, width: inside.width - 2, height: 1)
            canvas.put(lines[place], in: line)
        }
        canvas.scrollBar(on: rect, window: window, count: lines.count)
        canvas.lineCount(window, of: lines.count, on: rect)
        if details.hasRunningAge { canvas.hasRunningAge = true }
    }
}
