/// What one cell shows: a character with the marks that are drawn over it.
public struct Glyph: Sendable, Hashable {
    /// One scalar with a width, followed by at most ``maximumMarks`` marks.
    public let text: String
    /// Cells that it takes: 1 or 2.
    public let width: Int

    /// ncurses keeps at most five code points in a cell (CCHARW_MAX): the character and four marks.
    public static let maximumMarks = 4

    /// An empty cell.
    public static let blank = Glyph(text: " ", width: 1)

    init(text: String, width: Int) {
        self.text = text
        self.width = width
    }
}

/// Widths of text in cells, by one table that is pinned to a version of Unicode.
///
/// Text is cut into cells by scalar and not by grapheme cluster, because that is what terminals do: an emoji sequence
/// with joiners
/// is a matter of taste between them, so joiners and variation selectors are dropped and each part stands for itself.
public enum CellText {
    /// The version of Unicode that the widths come from.
    public static var unicodeVersion: String { WidthTable.unicodeVersion }

    /// The cells that `text` takes.
    public static func width(_ text: some StringProtocol) -> Int {
        var width = 0
        var first = true
        for scalar in text.unicodeScalars {
            let own = scalarWidth(scalar)
            // A mark with nothing to stand on gets a cell of its own.
            width += own == 0 && first ? 1 : max(own, 0)
            if own >= 0 { first = false }
        }
        return width
    }

    /// The cells of one scalar: 0 for a mark, -1 for what is never drawn.
    static func scalarWidth(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value >= 0x20 && value < 0x7F { return 1 }
        if contains(WidthTable.invisible, value) { return -1 }
        if value < 0x300 { return 1 }
        if contains(WidthTable.zero, value) { return 0 }
        return contains(WidthTable.wide, value) ? 2 : 1
    }

    private static func contains(_ ranges: [UInt32], _ value: UInt32) -> Bool {
        var low = 0
        var high = ranges.count / 2
        while low < high {
            let middle = (low + high) / 2
            if value < ranges[2 * middle] {
                high = middle
            } else if value > ranges[2 * middle + 1] {
                low = middle + 1
            } else {
                return true
            }
        }
        return false
    }

    /// The glyphs of `text`, one after the other.
    public static func glyphs(_ text: some StringProtocol) -> [Glyph] {
        var glyphs: [Glyph] = []
        var current = ""
        var width = 0
        var marks = 0
        func flush() {
            if width > 0 { glyphs.append(Glyph(text: current, width: width)) }
        }
        for scalar in text.unicodeScalars {
            let own = scalarWidth(scalar)
            if own < 0 { continue }
            if own == 0 {
                if width == 0 {
                    current = " "
                    width = 1
                }
                if marks < Glyph.maximumMarks { current.unicodeScalars.append(scalar) }
                marks += 1
            } else {
                flush()
                current = String(scalar)
                width = own
                marks = 0
            }
        }
        flush()
        return glyphs
    }

    /// `text` cut to at most `width` cells; when something is cut off, the last cell is `ellipsis`.
    public static func clip(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        guard width > 0 else { return "" }
        let glyphs = glyphs(text)
        if total(glyphs) <= width { return joined(glyphs[...]) }
        let end = CellText.glyphs(ellipsis)
        let room = width - total(end)
        guard room >= 0 else { return joined(prefix(end, width)) }
        return joined(prefix(glyphs, room)) + joined(end[...])
    }

    /// `text` cut in its middle to at most `width` cells, so that both its start and its end (a port, the digits of a
    /// name) stay:
    /// the end keeps at least `keeping` cells where they fit.
    public static func clipMiddle(_ text: String, to width: Int, keeping: Int = 0, ellipsis: String = "…") -> String {
        let glyphs = glyphs(text)
        if total(glyphs) <= width { return joined(glyphs[...]) }
        let room = width - total(CellText.glyphs(ellipsis))
        guard room >= 2 else { return clip(text, to: width, ellipsis: ellipsis) }
        let tail = min(max(room / 2, keeping), room - 1)
        var suffix: [Glyph] = []
        var used = 0
        for glyph in glyphs.reversed() {
            guard used + glyph.width <= tail else { break }
            suffix.append(glyph)
            used += glyph.width
        }
        return joined(prefix(glyphs, room - used)) + ellipsis + joined(suffix.reversed()[...])
    }

    /// `text` cut or filled with blanks to exactly `width` cells.
    public static func fit(
        _ text: String, to width: Int, alignment: TextAlignment = .left, ellipsis: String = "…"
    ) -> String {
        let clipped = clip(text, to: width, ellipsis: ellipsis)
        let blanks = max(0, width - CellText.width(clipped))
        switch alignment {
        case .left: return clipped + String(repeating: " ", count: blanks)
        case .right: return String(repeating: " ", count: blanks) + clipped
        case .center:
            let left = blanks / 2
            return String(repeating: " ", count: left) + clipped + String(repeating: " ", count: blanks - left)
        }
    }

    /// `text` broken into lines of at most `width` cells, at blanks where there are any.
    public static func wrap(_ text: String, to width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            var used = 0
            for word in paragraph.split(separator: " ") {
                var rest = glyphs(word)
                let length = total(rest)
                if used > 0 && used + 1 + length <= width {
                    line += " " + joined(rest[...])
                    used += 1 + length
                    continue
                }
                if used > 0 { lines.append(line) }
                while total(rest) > width, rest.count > 1 {
                    // At least one glyph a line, or a wide one in a single column would never end.
                    let head = prefix(rest, width).isEmpty ? rest[..<1] : prefix(rest, width)
                    lines.append(joined(head))
                    rest.removeFirst(head.count)
                }
                line = joined(rest[...])
                used = total(rest)
            }
            lines.append(line)
        }
        return lines
    }

    private static func total(_ glyphs: [Glyph]) -> Int { glyphs.reduce(0) { $0 + $1.width } }

    private static func joined(_ glyphs: ArraySlice<Glyph>) -> String {
        var text = ""
        for glyph in glyphs { text += glyph.text }
        return text
    }

    private static func prefix(_ glyphs: [Glyph], _ width: Int) -> ArraySlice<Glyph> {
        var used = 0
        var count = 0
        for glyph in glyphs {
            guard used + glyph.width <= width else { break }
            used += glyph.width
            count += 1
        }
        return glyphs[..<count]
    }
}

/// Where text stands in a field that is wider than it.
public enum TextAlignment: Sendable, Hashable {
    /// Blanks after it.
    case left
    /// Blanks before it.
    case right
    /// Blanks on both sides.
    case center
}
