import TerminalKit
import Topology

/// What is known of one instance, beside the tree.
struct DetailPanel {
    let address: InstanceAddress
    var scroll = TextScroll()
    var isFocused = false

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        guard let instance = model.known.fleet[address] else { return }
        let inside = canvas.panel(
            rect, title: Self.title(instance, model, canvas), isFocused: isFocused
        ).inset(horizontal: 1, vertical: 0)
        let details = Details.of(instance, depth: .beside, model)
        let lines = DetailText(details, width: inside.width, palette: canvas.palette).lines
        let window = scroll.window(count: lines.count, height: inside.height)
        canvas.put(lines: lines[window], in: inside)
        if isFocused {
            canvas.scrollBar(on: rect, window: window, count: lines.count)
            canvas.lineCount(window, of: lines.count, on: rect)
        } else {
            canvas.moreLines(lines.count - inside.height, on: rect)
        }
        if details.hasRunningAge { canvas.hasRunningAge = true }
    }

    /// Shape, name, alias and state in a word: what the frame of every view of an instance says.
    static func title(_ instance: Instance, _ model: ConsoleModel, _ canvas: Canvas) -> [StyledText] {
        let health = model.known.health(of: instance.address)
        return [
            canvas.palette.text(health.shape(canvas.glyphs) + " ", health.scope)
        ] + NameWords.pieces(instance.address, .panelTitle, canvas, model) + [
            canvas.palette.text(" \(health.word)", health.scope)
        ]
    }
}
