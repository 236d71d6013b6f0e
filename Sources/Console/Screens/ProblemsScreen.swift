import Diagnosis
import TerminalKit
import Topology

/// Every problem, worst first; Enter goes to the instance.
struct ProblemsScreen: Screen {
    private(set) var filterText = ""
    private(set) var shown: [Problem] = []
    private(set) var cursor = ListCursor<Problem.ID>()

    var contexts: [KeyContext] { [.list] }
    var filter: String? { filterText }

    init(_ model: ConsoleModel) {
        refresh(model)
    }

    func crumbs(_ model: ConsoleModel) -> [String] { ["problems"] }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        (shown.isEmpty ? [] : [.open, .filter]) + [.back, .events, .command, .refresh]
    }

    private var ids: some RandomAccessCollection<Problem.ID> { shown.lazy.map(\.id) }

    /// The frame, and the remedy of the selected problem below the list.
    private static func height(_ model: ConsoleModel) -> Int {
        max(1, layout(model.body).list.height - 2)
    }

    private static func layout(_ rect: GridRect) -> (list: GridRect, remedy: GridRect?) {
        guard rect.height >= 14 else { return (rect, nil) }
        let parts = rect.splitBottom(7)
        return (parts.rest, parts.bottom)
    }

    mutating func refresh(_ model: ConsoleModel) {
        let needle = filterText.lowercased()
        shown = model.known.problems.filter { needle.isEmpty || ProblemWords.searchText($0).contains(needle) }
        cursor.follow(in: ids, height: Self.height(model))
        if cursor.id == nil { cursor.select(0, in: ids, height: Self.height(model)) }
    }

    mutating func setFilter(_ text: String, _ model: ConsoleModel) {
        filterText = text
        refresh(model)
    }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        if cursor.perform(action, in: ids, height: Self.height(model)) { return .done }
        switch action {
        case .open:
            guard shown.indices.contains(cursor.index) else { return .done }
            return .showInstance(shown[cursor.index].subject)
        case .back where !filterText.isEmpty:
            setFilter("", model)
            return .done
        case .back, .problems: return .close
        default: return .unused
        }
    }

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let layout = Self.layout(rect)
        var title = [canvas.palette.text("problems", .panelTitleFocus)]
        if !filterText.isEmpty {
            title.append(
                canvas.palette.text(" \(canvas.glyphs.separator) contains \"\(filterText.sanitized)\"", .filterText))
        }
        let inside = canvas.panel(layout.list, title: title, isFocused: true)
        if shown.isEmpty {
            let (first, second) =
                filterText.isEmpty
                ? ("Nothing is wrong.", "\(model.known.fleet.count.grouped) instances are well.")
                : ("No problem contains \"\(filterText.sanitized)\".", "")
            drawEmptyPanel(on: &canvas, in: inside, first, second)
        }
        let addressWidth = min(max(16, inside.width / 3), shown.map { "\($0.subject)".count }.max() ?? 0)
        ListDrawing(
            rect: layout.list, window: cursor.window(count: shown.count, height: inside.height), count: shown.count,
            selected: cursor.index
        ).draw(on: &canvas) { canvas, place, line in
            drawProblem(shown[place], addressWidth: addressWidth, on: &canvas, in: line, model)
        }
        if let remedy = layout.remedy { drawRemedy(on: &canvas, in: remedy, model) }
    }

    private func drawProblem(
        _ problem: Problem, addressWidth: Int, on canvas: inout Canvas, in line: GridRect, _ model: ConsoleModel
    ) {
        let since = model.known.since(problem).map { model.clock.brief($0, now: model.now) } ?? ""
        let name = NameClip.clip(problem.subject, to: addressWidth, ellipsis: canvas.glyphs.ellipsis)
        canvas.put(
            [
                canvas.palette.text("\(ProblemWords.shape(problem, canvas.glyphs)) ", ProblemWords.scope(problem)),
                canvas.palette.text(CellText.fit(ProblemWords.severity(problem), to: 9), ProblemWords.scope(problem)),
                canvas.palette.text(CellText.fit(since, to: 11, ellipsis: canvas.glyphs.ellipsis), .eventTime),
                canvas.palette.text(CellText.fit(name, to: addressWidth + 2), .textStrong),
                canvas.palette.text(ProblemWords.summary(problem, withName: false), .text),
            ], in: line)
    }

    private func drawRemedy(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        guard shown.indices.contains(cursor.index) else {
            _ = canvas.panel(rect, title: [], isFocused: false)
            return
        }
        let problem = shown[cursor.index]
        let title = canvas.palette.text("\(problem.subject)", .panelTitle)
        let inside = canvas.panel(rect, title: [title], isFocused: false).inset(horizontal: 1, vertical: 0)
        let details = Details(
            sections: [Details.Section(heading: "", lines: Details.problems([problem], model, depth: .full))],
            hasRunningAge: false)
        let lines = DetailText(details, width: inside.width, palette: canvas.palette).lines
        for (row, line) in lines.prefix(inside.height).enumerated() {
            canvas.put(line, in: GridRect(x: inside.x, y: inside.y + row, width: inside.width, height: 1))
        }
        canvas.moreLines(lines.count - inside.height, on: rect)
    }
}
