/// What a cell's text can be besides coloured.
public struct TextAttributes: OptionSet, Sendable, Hashable {
    /// One bit for each attribute.
    public let rawValue: UInt8

    /// Takes the bits as they are.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Heavier, or brighter on some terminals.
    public static let bold = TextAttributes(rawValue: 1)
    /// Fainter; not every terminal can, so it never carries a meaning alone.
    public static let dim = TextAttributes(rawValue: 2)
    /// A line below.
    public static let underline = TextAttributes(rawValue: 4)
    /// Text and background swapped.
    public static let reverse = TextAttributes(rawValue: 8)

    /// The words used in theme files.
    public static let words: [(word: String, attribute: TextAttributes)] = [
        ("bold", .bold), ("dim", .dim), ("underline", .underline), ("reverse", .reverse),
    ]
}

/// How a cell looks. A colour that is nil leaves what lies beneath: a style for a word does not undo the background of
/// its row.
public struct Style: Sendable, Hashable {
    /// The text's colour.
    public var foreground: Color?
    /// The background's colour.
    public var background: Color?
    /// Bold, dim, underline, reverse.
    public var attributes: TextAttributes

    /// The terminal's own look.
    public static let plain = Style()

    /// Makes a style.
    public init(foreground: Color? = nil, background: Color? = nil, attributes: TextAttributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// This style laid over `below`: its colours win where it has any, attributes add up.
    public func over(_ below: Style) -> Style {
        Style(
            foreground: foreground ?? below.foreground, background: background ?? below.background,
            attributes: attributes.union(below.attributes))
    }

    /// The style as a terminal of `depth` can show it. With eight colours a bright text becomes bold.
    public func mapped(to depth: ColorDepth) -> Style {
        var style = self
        style.foreground = foreground?.nearest(in: depth)
        style.background = background?.nearest(in: depth)
        if depth == .eight, case .named(let name) = foreground?.nearest(in: .sixteen), name.rawValue >= 8 {
            style.attributes.insert(.bold)
        }
        return style
    }
}

/// A piece of text in one style; lines are built of these.
public struct StyledText: Sendable, Hashable {
    /// The text.
    public var text: String
    /// Its style.
    public var style: Style

    /// Makes a piece.
    public init(_ text: String, _ style: Style = .plain) {
        self.text = text
        self.style = style
    }

    /// Cells that it takes.
    public var width: Int { CellText.width(text) }
}
