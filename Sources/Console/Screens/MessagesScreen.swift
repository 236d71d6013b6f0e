import TerminalKit
import Topology

/// What the console told, the newest first, each in full: for what was too long for its line, or gone with the next key.
struct MessagesScreen: TextScreen {
    static let toggle: KeyAction? = .messages
    var scroll = TextScroll()

    func crumbs(_ model: ConsoleModel) -> [String] { ["messages"] }

    func hints(_ model: ConsoleModel) -> [KeyAction] { [.back, .events, .problems, .command] }

    func title(_ model: ConsoleModel, _ canvas: Canvas) -> [StyledText] {
        [canvas.palette.text("messages", .panelTitleFocus)]
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) {
        ("Nothing was told yet.", "Answers and refusals are kept here, the newest first.")
    }

    func lines(width: Int, _ palette: Palette, _ model: ConsoleModel) -> [[StyledText]] {
        let timeWidth = model.messages.reduce(0) { max($0, model.brief($1.at).utf8.count) }
        let margin = String(repeating: " ", count: timeWidth + 4)
        return model.messages.reversed().flatMap { message in
            let (glyph, scope) = message.notice.kind.look(palette.glyphs)
            let rows = CellText.wrap(message.notice.sentence.sanitized, to: max(8, width - margin.count))
            return rows.enumerated().map { index, row in
                let words = palette.text(palette.glyphs.spelling(row), .text)
                guard index == 0 else { return [palette.text(margin, .text), words] }
                let time = CellText.fit(model.brief(message.at), to: timeWidth)
                return [palette.text("\(glyph) ", scope), palette.text("\(time)  ", .eventTime), words]
            }
        }
    }
}
