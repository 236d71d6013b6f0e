import Engine
import Storage
import TerminalKit
import Topology

/// How an event is said, in the list and in the event line.
enum EventWords {
    private static let bad: Set<Event.Kind> = [.unreachable, .replicationBroken]
    private static let warning: Set<Event.Kind> = [.noAccess, .replicationStopped, .replaced, .problemRaised]

    /// What an event means for the server that it happened to; kinds that are not known here are taken as news only.
    static func health(_ kind: Event.Kind) -> Health {
        if bad.contains(kind) { return .broken }
        if warning.contains(kind) { return .warning }
        return kind == .gone || kind == .forgotten ? .unknown : .ok
    }

    /// Everything by which an event can be found.
    static func searchText(_ event: Event, _ model: ConsoleModel) -> String {
        let alias = event.address.flatMap { model.known.fleet[$0]?.alias } ?? ""
        let name = event.address?.description ?? ""
        return "\(name) \(alias) \(event.cluster ?? "") \(event.kind.rawValue) \(event.text)"
    }

    /// The cells of the columns of a list of events.
    struct Columns {
        var time: Int
        var name: Int
    }

    /// Shape, time, name, words.
    ///
    /// - Parameter columns: `nil` for a line of its own.
    static func pieces(
        _ event: Event, _ columns: Columns?, _ canvas: Canvas, _ model: ConsoleModel
    ) -> [StyledText] {
        let health = health(event.kind)
        let time = CellText.fit(model.brief(event.at), to: columns?.time ?? 8)
        var pieces = [
            canvas.palette.text("\(health.shape(canvas.glyphs)) ", health.scope),
            canvas.palette.text("\(time)  ", .eventTime),
        ]
        if let address = event.address {
            pieces += NameWords.pieces(address, .textStrong, canvas, model, width: columns?.name)
        } else if let width = columns?.name {
            pieces.append(canvas.palette.text(String(repeating: " ", count: width), .textStrong))
        }
        let gap = event.address == nil && columns == nil ? "" : "  "
        return pieces + [canvas.palette.text(gap + event.sentence.sanitized, .eventText)]
    }
}
