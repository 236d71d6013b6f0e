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

    /// Everything by which an event can be found, in lower case.
    static func searchText(_ event: Event) -> String {
        "\(event.address?.description ?? "") \(event.cluster ?? "") \(event.kind.rawValue) \(event.text)".lowercased()
    }

    /// Shape, time, name, words.
    ///
    /// - Parameter addressWidth: the width of the column of names; `nil` for a line of its own.
    static func pieces(
        _ event: Event, addressWidth: Int?, _ canvas: Canvas, _ model: ConsoleModel
    ) -> [StyledText] {
        let health = health(event.kind)
        let time = CellText.fit(model.clock.brief(event.at, now: model.now), to: addressWidth == nil ? 8 : 10)
        var pieces = [
            canvas.palette.text("\(health.shape(canvas.glyphs)) ", health.scope),
            canvas.palette.text("\(time)  ", .eventTime),
        ]
        if let addressWidth {
            let clipped = event.address.map { NameClip.clip($0, to: addressWidth, ellipsis: canvas.glyphs.ellipsis) }
            pieces.append(canvas.palette.text(CellText.fit(clipped ?? "", to: addressWidth) + "  ", .textStrong))
        } else if let address = event.address {
            pieces.append(canvas.palette.text("\(address)  ", .textStrong))
        }
        return pieces + [canvas.palette.text(event.sentence.sanitized, .eventText)]
    }
}
