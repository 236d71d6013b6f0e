import TerminalKit

/// Draws the lines of a list that are in view, with the cursor's bar, the scroll bar and the count.
struct ListDrawing {
    let rect: GridRect
    let window: Range<Int>
    let count: Int
    let selected: Int
    /// Whether the keys go here.
    var isFocused = true
    /// The line below which one is left free.
    var gap: Int?

    /// - Parameter line: draws one line in the given rectangle.
    func draw(on canvas: inout Canvas, _ line: (inout Canvas, Int, GridRect) -> Void) {
        let inside = rect.inset(by: 1)
        for (row, place) in window.enumerated() {
            let isBelowGap = gap.map { place > $0 } ?? false
            let y = inside.y + row + (isBelowGap ? 1 : 0)
            guard y < inside.maxY else { continue }
            let whole = GridRect(x: inside.x, y: y, width: inside.width, height: 1)
            line(&canvas, place, whole.inset(horizontal: 1, vertical: 0))
            if place == selected { canvas.grid.restyle(whole, canvas.palette[isFocused ? .cursor : .cursorInactive]) }
        }
        canvas.scrollBar(on: rect, window: window, count: count)
        if count > window.count {
            canvas.footer([canvas.styled(Words("\(selected + 1) of \(count.grouped)", .faint))], of: rect)
        }
    }
}

/// A few lines in the middle of an empty panel: what is missing, and what to do.
func drawEmptyPanel(on canvas: inout Canvas, in rect: GridRect, _ first: String, _ second: String) {
    let middle = rect.y + max(0, rect.height / 2 - 1)
    for (offset, words) in [Words(first, .strong), Words(second, .faint)].enumerated() {
        let line = GridRect(x: rect.x + 1, y: middle + offset, width: rect.width - 2, height: 1)
        if rect.contains(GridPoint(x: rect.x, y: line.y)) { canvas.put(words, in: line, alignment: .center) }
    }
}
