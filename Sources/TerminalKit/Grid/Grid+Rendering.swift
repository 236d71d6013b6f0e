extension Grid {
    /// The rows as plain text, blanks at their ends removed: for tests and golden files.
    public var plainText: String { plainRows.joined(separator: "\n") }

    /// The rows as plain text, blanks at their ends removed.
    public var plainRows: [String] {
        (0..<size.height).map { y in
            var text = ""
            for cell in row(y) { text += cell.glyph?.text ?? "" }
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    /// The rows with escape sequences for their styles, as far as `depth` can show them; each row ends in the
    /// terminal's own
    /// look. For text that goes to a terminal outside curses.
    public func ansiText(depth: ColorDepth) -> String {
        (0..<size.height).map { y in
            var text = ""
            var last = Style.plain
            var cells = Array(row(y))
            while let cell = cells.last, cell == .blank { cells.removeLast() }
            for cell in cells {
                guard let glyph = cell.glyph else { continue }
                let style = cell.style.mapped(to: depth)
                if style != last {
                    text += ANSI.sequence(for: style)
                    last = style
                }
                text += glyph.text
            }
            return last == .plain ? text : text + ANSI.reset
        }.joined(separator: "\n")
    }
}

/// Escape sequences of ECMA-48 (SGR) for text outside curses.
public enum ANSI {
    /// Back to the terminal's own look.
    public static let reset = "\u{1B}[0m"

    /// Sets exactly `style`, whatever was set before.
    public static func sequence(for style: Style) -> String {
        var codes = ["0"]
        if style.attributes.contains(.bold) { codes.append("1") }
        if style.attributes.contains(.dim) { codes.append("2") }
        if style.attributes.contains(.underline) { codes.append("4") }
        if style.attributes.contains(.reverse) { codes.append("7") }
        if let color = style.foreground { codes += self.codes(for: color, base: 30) }
        if let color = style.background { codes += self.codes(for: color, base: 40) }
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }

    /// `pieces` with their styles as far as `depth` can show them.
    public static func text(_ pieces: [StyledText], depth: ColorDepth) -> String {
        pieces.map { piece in
            let style = piece.style.mapped(to: depth)
            let isPlain =
                style.attributes.isEmpty && (style.foreground ?? .terminal) == .terminal
                && (style.background ?? .terminal) == .terminal
            return isPlain ? piece.text : sequence(for: style) + piece.text + reset
        }.joined()
    }

    private static func codes(for color: Color, base: Int) -> [String] {
        switch color {
        case .terminal: ["\(base + 9)"]
        case .named(let name): ["\(name.rawValue < 8 ? base + Int(name.rawValue) : base + 52 + Int(name.rawValue))"]
        case .indexed(let index): ["\(base + 8)", "5", "\(index)"]
        case .rgb(let red, let green, let blue): ["\(base + 8)", "2", "\(red)", "\(green)", "\(blue)"]
        }
    }
}
