import Engine
import Storage
import TerminalKit
import Topology

/// What happened, the newest first, the selected one in full below; Enter goes to the instance.
struct EventsScreen: ListScreen {
    static let name = "events"
    static let noun = "event"
    static let toggle = KeyAction.events
    static let furtherHints: [KeyAction] = [.problems, .messages, .command]
    static let hasDetails = true

    var list = FilteredList<NumberedEvent>()

    init(_ model: ConsoleModel) {
        refresh(model)
    }

    func items(_ model: ConsoleModel, containing needle: SearchNeedle) -> [NumberedEvent] {
        let events = model.known.events.reversed()
        return needle.isEmpty
            ? Array(events) : events.filter { needle.isFound(in: EventWords.searchText($0.event, model)) }
    }

    func open(_ item: NumberedEvent) -> ScreenAnswer {
        item.event.address.map { .showInstance($0) }
            ?? .tell(Notice(.refused, "this event is about no instance in particular"))
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) {
        ("Nothing has happened yet.", "Changes of the fleet are listed here, the newest first.")
    }

    func columns(width: Int, _ model: ConsoleModel) -> EventWords.Columns {
        EventWords.Columns(
            time: shown.reduce(0) { max($0, model.brief($1.event.at).utf8.count) },
            name: NameWords.columnWidth(of: shown.lazy.compactMap(\.event.address), in: width, model))
    }

    func draw(
        _ item: NumberedEvent, _ columns: EventWords.Columns, on canvas: inout Canvas, in line: GridRect,
        _ model: ConsoleModel
    ) {
        canvas.put(EventWords.pieces(item.event, columns, canvas, model), in: line)
    }

    func details(of item: NumberedEvent, _ model: ConsoleModel) -> (subject: InstanceAddress?, details: Details) {
        let event = item.event
        var lines = [
            Details.Line("when", Words(model.when(event.at))), Details.Line("what", Words(event.sentence.sanitized)),
        ]
        if let cluster = event.cluster { lines.append(Details.Line("cluster", Words(cluster.sanitized))) }
        return (event.address, Details(sections: [Details.Section(heading: "", lines: lines)], hasRunningAge: true))
    }
}
