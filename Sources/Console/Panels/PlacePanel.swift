import TerminalKit
import Topology

/// Beside the tree while something is carried: what speaks for and against the place under the cursor.
struct PlacePanel {
    let judgement: Judgement
    let place: InstanceAddress

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let inside = canvas.panel(rect, title: Self.title(judgement, place, canvas), isFocused: false)
            .inset(horizontal: 1, vertical: 0)
        let details = Details.place(place, judgement)
        let lines = DetailText(details, width: inside.width, palette: canvas.palette).lines
        canvas.put(lines: lines[...], in: inside)
        canvas.moreLines(lines.count - inside.height, on: rect)
    }

    static func title(_ judgement: Judgement, _ place: InstanceAddress, _ canvas: Canvas) -> [StyledText] {
        let verdict = judgement.verdict(under: place)
        let words = judgement.carry.words
        if case .held = verdict.answer { return [canvas.palette.text("moving \(words)", .panelTitle)] }
        var title = [canvas.palette.text("\(words) below \(place)", .panelTitle)]
        if let sign = verdict.sign {
            let (glyph, scope) = sign.look(canvas.glyphs)
            title.insert(canvas.palette.text("\(glyph) ", scope), at: 0)
        }
        return title
    }
}
