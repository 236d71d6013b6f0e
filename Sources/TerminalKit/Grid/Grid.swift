/// One cell of a grid.
public struct Cell: Sendable, Hashable {
    /// What it shows; nil in the second half of a wide character.
    public var glyph: Glyph?
    /// How it looks.
    public var style: Style

    /// A blank in the terminal's own look.
    public static let blank = Cell(glyph: .blank, style: .plain)
}

/// A picture of the screen: rows of cells. Screens draw on it, the terminal shows it, tests print it.
///
/// Drawing outside is cut off, never an error. A wide character takes two cells, and what destroys one half blanks the
/// other.
public struct Grid: Sendable, Hashable {
    /// Columns and rows.
    public let size: GridSize
    private var cells: [Cell]

    /// A grid of blanks.
    public init(_ size: GridSize, style: Style = .plain) {
        self.size = size
        cells = [Cell](repeating: Cell(glyph: .blank, style: style), count: size.width * size.height)
    }

    /// All of it.
    public var bounds: GridRect { GridRect(size) }

    /// The cell at a place that must lie within.
    public subscript(x: Int, y: Int) -> Cell {
        precondition(x >= 0 && x < size.width && y >= 0 && y < size.height, "a cell outside the grid was read")
        return cells[y * size.width + x]
    }

    /// The cells of row `y`, which must lie within.
    public func row(_ y: Int) -> ArraySlice<Cell> {
        cells[(y * size.width)..<((y + 1) * size.width)]
    }

    /// Draws `text` from `point` on to the right, within `clip` (everything when nil). What does not fit is cut off
    /// without a sign:
    /// use ``put(_:in:alignment:ellipsis:)`` where the reader must see that something is missing.
    ///
    /// - Returns: the column after the text.
    @discardableResult
    public mutating func put(
        _ text: some StringProtocol, at point: GridPoint, style: Style = .plain, clip: GridRect? = nil
    ) -> Int {
        let area = bounds.intersection(clip ?? bounds)
        var x = point.x
        for glyph in CellText.glyphs(text) {
            if point.y >= area.y && point.y < area.maxY && x >= area.x && x + glyph.width <= area.maxX {
                set(glyph, x: x, y: point.y, style: style)
            }
            x += glyph.width
        }
        return x
    }

    /// Draws pieces of text one after the other on the first row of `rect`; when they do not fit, the last cell is an
    /// ellipsis.
    ///
    /// - Returns: the column after the text.
    @discardableResult
    public mutating func put(
        _ pieces: [StyledText], in rect: GridRect, alignment: TextAlignment = .left, ellipsis: String = "…"
    ) -> Int {
        guard !rect.isEmpty else { return rect.x }
        let total = pieces.reduce(0) { $0 + $1.width }
        var x = rect.x
        if total < rect.width {
            switch alignment {
            case .left: break
            case .right: x += rect.width - total
            case .center: x += (rect.width - total) / 2
            }
        }
        var cut = total > rect.width
        var room = rect.width - (cut ? CellText.width(ellipsis) : 0)
        for piece in pieces {
            let width = piece.width
            if width <= room {
                x = put(piece.text, at: GridPoint(x: x, y: rect.y), style: piece.style, clip: rect)
                room -= width
            } else if cut {
                let text = CellText.clip(piece.text, to: room + CellText.width(ellipsis), ellipsis: ellipsis)
                x = put(text, at: GridPoint(x: x, y: rect.y), style: piece.style, clip: rect)
                cut = false
                break
            }
        }
        return x
    }

    /// Draws `text` on the first row of `rect`; when it does not fit, the last cell is an ellipsis.
    ///
    /// - Returns: the column after the text.
    @discardableResult
    public mutating func put(
        _ text: String, in rect: GridRect, style: Style = .plain, alignment: TextAlignment = .left,
        ellipsis: String = "…"
    ) -> Int {
        put([StyledText(text, style)], in: rect, alignment: alignment, ellipsis: ellipsis)
    }

    /// Fills `rect` with `glyph`, which must be one cell wide (a wide one counts as a blank).
    public mutating func fill(_ rect: GridRect, with glyph: String = " ", style: Style = .plain) {
        let area = rect.intersection(bounds)
        let glyphs = CellText.glyphs(glyph)
        let one = glyphs.first.flatMap { $0.width == 1 ? $0 : nil } ?? .blank
        for y in area.y..<max(area.y, area.maxY) {
            for x in area.x..<max(area.x, area.maxX) {
                separate(x, y)
                cells[y * size.width + x] = Cell(glyph: one, style: style)
            }
        }
    }

    /// Lays `style` over what `rect` shows already, for a cursor bar or a marked row.
    public mutating func restyle(_ rect: GridRect, _ style: Style) {
        let area = rect.intersection(bounds)
        for y in area.y..<max(area.y, area.maxY) {
            for x in area.x..<max(area.x, area.maxX) {
                let index = y * size.width + x
                cells[index].style = style.over(cells[index].style)
            }
        }
    }

    /// Draws a frame along the edge of `rect`, with `title` on its top edge.
    public mutating func box(
        _ rect: GridRect, glyphs: BoxGlyphs, style: Style = .plain, title: [StyledText] = [], ellipsis: String = "…"
    ) {
        guard rect.width >= 2, rect.height >= 2 else { return }
        let right = rect.maxX - 1
        let bottom = rect.maxY - 1
        fill(GridRect(x: rect.x, y: rect.y, width: rect.width, height: 1), with: glyphs.horizontal, style: style)
        fill(GridRect(x: rect.x, y: bottom, width: rect.width, height: 1), with: glyphs.horizontal, style: style)
        fill(GridRect(x: rect.x, y: rect.y, width: 1, height: rect.height), with: glyphs.vertical, style: style)
        fill(GridRect(x: right, y: rect.y, width: 1, height: rect.height), with: glyphs.vertical, style: style)
        put(glyphs.topLeft, at: GridPoint(x: rect.x, y: rect.y), style: style)
        put(glyphs.topRight, at: GridPoint(x: right, y: rect.y), style: style)
        put(glyphs.bottomLeft, at: GridPoint(x: rect.x, y: bottom), style: style)
        put(glyphs.bottomRight, at: GridPoint(x: right, y: bottom), style: style)
        guard !title.isEmpty, rect.width >= 6 else { return }
        let room = GridRect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: 1)
        put([StyledText(" ", style)] + title + [StyledText(" ", style)], in: room, ellipsis: ellipsis)
    }

    /// Copies `other` on this grid with its top left at `point`.
    public mutating func draw(_ other: Grid, at point: GridPoint) {
        for y in 0..<other.size.height {
            for x in 0..<other.size.width {
                let target = GridPoint(x: point.x + x, y: point.y + y)
                guard bounds.contains(target), let glyph = other[x, y].glyph else { continue }
                if target.x + glyph.width <= size.width {
                    set(glyph, x: target.x, y: target.y, style: other[x, y].style)
                }
            }
        }
    }

    private mutating func set(_ glyph: Glyph, x: Int, y: Int, style: Style) {
        let index = y * size.width + x
        let look = style.over(Style(background: cells[index].style.background))
        separate(x, y)
        if glyph.width == 2 { separate(x + 1, y) }
        cells[index] = Cell(glyph: glyph, style: look)
        if glyph.width == 2 { cells[index + 1] = Cell(glyph: nil, style: look) }
    }

    /// Blanks the other half of a wide character before one of its halves is overwritten.
    private mutating func separate(_ x: Int, _ y: Int) {
        let index = y * size.width + x
        if cells[index].glyph == nil, x > 0 {
            cells[index - 1].glyph = .blank
            cells[index].glyph = .blank
        } else if cells[index].glyph?.width == 2, x + 1 < size.width {
            cells[index + 1].glyph = .blank
        }
    }
}
