import TerminalKit
import Topology

/// A page that is one list, which can be filtered, with the selected line in full below it where there is room.
protocol ListScreen: Screen {
    associatedtype Item: Identifiable & Sendable where Item.ID: Sendable

    /// What is measured once for all lines, so that their columns stand below each other.
    associatedtype Columns

    var list: FilteredList<Item> { get set }

    /// What the page is called in its frame and in the title line.
    static var name: String { get }
    /// What one line is called.
    static var noun: String { get }
    /// The action that opens the page, which closes it again too.
    static var toggle: KeyAction { get }
    /// Further actions for the hint bar.
    static var furtherHints: [KeyAction] { get }
    /// Whether the selected line is said in full below the list.
    static var hasDetails: Bool { get }

    /// Everything that is to be listed and contains what is looked for, in order.
    func items(_ model: ConsoleModel, containing needle: SearchNeedle) -> [Item]

    /// What Enter does.
    func open(_ item: Item) -> ScreenAnswer

    /// Measures all that is shown, for lines of that width.
    func columns(width: Int, _ model: ConsoleModel) -> Columns

    /// Draws one line.
    func draw(
        _ item: Item, _ columns: Columns, on canvas: inout Canvas, in line: GridRect, _ model: ConsoleModel)

    /// The selected line in full, for the panel below the list, and whose it is.
    func details(of item: Item, _ model: ConsoleModel) -> (subject: InstanceAddress?, details: Details)

    /// What stands in an empty panel while nothing is filtered.
    func emptiness(_ model: ConsoleModel) -> (String, String)
}

extension ListScreen {
    var contexts: [KeyContext] { [.list] }
    var filter: String? { list.filterText }
    var shown: [Item] { list.shown }

    func crumbs(_ model: ConsoleModel) -> [String] { [Self.name] }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        (shown.isEmpty ? [] : [.open, .filter]) + [.back] + Self.furtherHints
    }

    /// The list, and below it the panel of the selected line where there is room for both.
    private func layout(_ rect: GridRect) -> (list: GridRect, detail: GridRect?) {
        guard Self.hasDetails, rect.height >= 14 else { return (rect, nil) }
        let parts = rect.splitBottom(max(8, rect.height / 4))
        return (parts.rest, parts.bottom)
    }

    private func height(_ model: ConsoleModel) -> Int { max(1, layout(model.body).list.height - 2) }

    mutating func refresh(_ model: ConsoleModel) {
        let items = items(model, containing: SearchNeedle(list.filterText))
        list.show(items, height: height(model))
    }

    mutating func setFilter(_ text: String, _ model: ConsoleModel) {
        list.filterText = text
        refresh(model)
    }

    mutating func select(_ id: Item.ID, _ model: ConsoleModel) {
        list.cursor.select(id: id, in: list.ids, height: height(model))
    }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        performInList(action, model)
    }

    /// What keys do in every list.
    mutating func performInList(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        if list.cursor.perform(action, in: list.ids, height: height(model)) { return .done }
        switch action {
        case .open: return list.selected.map(open) ?? .done
        case .back where !list.filterText.isEmpty:
            setFilter("", model)
            return .done
        case .back, Self.toggle: return .close
        default: return .unused
        }
    }

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let layout = layout(rect)
        var title = [canvas.palette.text(Self.name, .panelTitleFocus)]
        if !list.filterText.isEmpty {
            title.append(
                canvas.palette.text(
                    " \(canvas.glyphs.separator) contains \"\(list.filterText.sanitized)\"", .filterText))
        }
        let inside = canvas.panel(layout.list, title: title, isFocused: true)
        if shown.isEmpty {
            let (first, second) =
                list.filterText.isEmpty
                ? emptiness(model) : ("No \(Self.noun) contains \"\(list.filterText.sanitized)\".", "")
            drawEmptyPanel(on: &canvas, in: inside, first, second)
        }
        let columns = columns(width: inside.width - 2, model)
        ListDrawing(
            rect: layout.list, window: list.cursor.window(count: shown.count, height: inside.height),
            count: shown.count, selected: list.cursor.index
        ).draw(on: &canvas) { canvas, place, line in
            draw(shown[place], columns, on: &canvas, in: line, model)
        }
        if let detail = layout.detail { drawDetail(on: &canvas, in: detail, model) }
    }

    private func drawDetail(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        guard let selected = list.selected else {
            _ = canvas.panel(rect, title: [], isFocused: false)
            return
        }
        let (subject, details) = details(of: selected, model)
        let title = subject.map { NameWords.pieces($0, .panelTitle, canvas, model) } ?? []
        let inside = canvas.panel(rect, title: title, isFocused: false).inset(horizontal: 1, vertical: 0)
        let lines = DetailText(details, width: inside.width, palette: canvas.palette).lines
        canvas.put(lines: lines[...], in: inside)
        canvas.moreLines(lines.count - inside.height, on: rect)
        if details.hasRunningAge { canvas.hasRunningAge = true }
    }
}
