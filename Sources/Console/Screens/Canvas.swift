import TerminalKit
import Topology

/// What screens draw on: the grid with the looks for it, and the note whether what was drawn grows older by the second.
struct Canvas {
    var grid: Grid
    let palette: Palette
    /// Set by whoever draws an age: then the picture has to be made anew each second although nothing happens.
    var hasRunningAge = false
    /// Where the terminal's own cursor belongs; `nil` to hide it.
    var cursor: GridPoint?

    init(_ size: GridSize, palette: Palette) {
        grid = Grid(size, style: palette[.text])
        self.palette = palette
    }

    var glyphs: Glyphs { palette.glyphs }

    /// Words in the look of their tone.
    func styled(_ words: Words) -> StyledText {
        StyledText(palette.glyphs.spelling(words.text), palette[words.tone.scope])
    }

    /// Draws pieces on the first row of `rect`, with an ellipsis where they do not fit.
    @discardableResult
    mutating func put(_ pieces: [StyledText], in rect: GridRect, alignment: TextAlignment = .left) -> Int {
        grid.put(pieces, in: rect, alignment: alignment, ellipsis: glyphs.ellipsis)
    }

    @discardableResult
    mutating func put(_ words: Words, in rect: GridRect, alignment: TextAlignment = .left) -> Int {
        put([styled(words)], in: rect, alignment: alignment)
    }

    /// Draws lines below each other, as many as fit.
    mutating func put(lines: ArraySlice<[StyledText]>, in rect: GridRect) {
        for (row, line) in lines.prefix(rect.height).enumerated() {
            put(line, in: GridRect(x: rect.x, y: rect.y + row, width: rect.width, height: 1))
        }
    }

    /// Draws a frame and gives back what is inside.
    mutating func panel(_ rect: GridRect, title: [StyledText], isFocused: Bool) -> GridRect {
        grid.box(
            rect, glyphs: glyphs.box, style: palette[isFocused ? .panelBorderFocus : .panelBorder], title: title,
            ellipsis: glyphs.ellipsis)
        return rect.inset(by: 1)
    }

    /// Writes on the lower edge of a frame, at its right end.
    mutating func footer(_ pieces: [StyledText], of rect: GridRect) {
        guard rect.width > 8, rect.height > 1 else { return }
        let edge = GridRect(x: rect.x + 2, y: rect.maxY - 1, width: rect.width - 4, height: 1)
        let padded = [StyledText(" ", palette[.panelBorder])] + pieces + [StyledText(" ", palette[.panelBorder])]
        put(padded, in: edge, alignment: .right)
    }

    /// Tells which lines of a long text are in view; nothing where all are.
    mutating func lineCount(_ window: Range<Int>, of count: Int, on rect: GridRect) {
        guard count > window.count else { return }
        let text = "lines \(window.lowerBound + 1)-\(window.upperBound) of \(count)"
        footer([styled(Words(text, .faint))], of: rect)
    }

    /// Tells that a panel shows only the beginning of a text.
    mutating func moreLines(_ count: Int, on rect: GridRect) {
        guard count > 0 else { return }
        footer([styled(Words("… \(count) more line\(count == 1 ? "" : "s")", .faint))], of: rect)
    }

    /// Marks on the right edge of a frame which part of a long list is in view.
    mutating func scrollBar(on rect: GridRect, window: Range<Int>, count: Int) {
        let height = rect.height - 2
        guard count > window.count, height >= 3 else { return }
        let length = max(1, height * window.count / count)
        let travel = count - window.count
        let start = travel == 0 ? 0 : (height - length) * window.lowerBound / travel
        for row in start..<(start + length) {
            grid.put(
                glyphs.scrollThumb, at: GridPoint(x: rect.maxX - 1, y: rect.y + 1 + row), style: palette[.scrollThumb])
        }
    }
}

extension Glyphs {
    /// A text of our own as this set can spell it: the two signs that our sentences use stand for glyphs.
    func spelling(_ text: String) -> String {
        guard set == .ascii, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return text.map { character in
            switch character {
            case "…": ellipsis
            case "·": separator
            default: String(character)
            }
        }.joined()
    }
}

extension Tone {
    /// The scope of the theme that gives this tone its look.
    var scope: ThemeScope {
        switch self {
        case .plain: .text
        case .faint: .textDim
        case .strong: .textStrong
        case .good: .stateOk
        case .warning: .stateWarning
        case .bad: .stateBroken
        case .unknown: .stateUnknown
        case .downtimed: .stateDowntimed
        case .lagOk: .lagOk
        case .lagWarning: .lagWarning
        case .lagCritical: .lagCritical
        case .lagUnknown: .lagUnknown
        }
    }
}
