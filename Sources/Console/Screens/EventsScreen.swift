import Engine
import Storage
import TerminalKit
import Topology

/// What happened, the newest first; Enter goes to the instance.
struct EventsScreen: Screen {
    private(set) var shown: [NumberedEvent] = []
    private(set) var filterText = ""
    private(set) var cursor = ListCursor<Int>()

    var contexts: [KeyContext] { [.list] }
    var filter: String? { filterText }

    init(_ model: ConsoleModel) {
        refresh(model)
    }

    func crumbs(_ model: ConsoleModel) -> [String] { ["events"] }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        (shown.isEmpty ? [] : [.open, .filter]) + [.back, .problems, .command]
    }

    private var ids: some RandomAccessCollection<Int> { shown.lazy.map(\.number) }

    private static func height(_ model: ConsoleModel) -> Int { max(1, model.body.height - 2) }

    mutating func refresh(_ model: ConsoleModel) {
        let needle = filterText.lowercased()
        shown = model.known.events.reversed().filter { event in
            needle.isEmpty || EventWords.searchText(event.event).contains(needle)
        }
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
            guard let address = shown[cursor.index].event.address else {
                return .tell(Notice(.refused, "this event is about no instance in particular"))
            }
            return .showInstance(address)
        case .back where !filterText.isEmpty:
            setFilter("", model)
            return .done
        case .back, .events: return .close
        default: return .unused
        }
    }

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        var title = [canvas.palette.text("events", .panelTitleFocus)]
        if !filterText.isEmpty {
            title.append(
                canvas.palette.text(" \(canvas.glyphs.separator) contains \"\(filterText.sanitized)\"", .filterText))
        }
        let inside = canvas.panel(rect, title: title, isFocused: true)
        if shown.isEmpty {
            let (first, second) =
                filterText.isEmpty
                ? ("Nothing has happened yet.", "Changes of the fleet are listed here, the newest first.")
                : ("No event contains \"\(filterText.sanitized)\".", "")
            drawEmptyPanel(on: &canvas, in: inside, first, second)
        }
        let addressWidth = min(
            max(16, inside.width / 3), shown.map { $0.event.address?.description.count ?? 0 }.max() ?? 0)
        ListDrawing(
            rect: rect, window: cursor.window(count: shown.count, height: inside.height), count: shown.count,
            selected: cursor.index
        ).draw(on: &canvas) { canvas, place, line in
            canvas.put(
                EventWords.pieces(shown[place].event, addressWidth: addressWidth, canvas, model), in: line)
        }
    }
}
