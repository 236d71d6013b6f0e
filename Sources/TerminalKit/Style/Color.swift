/// The sixteen colours whose looks the terminal's own palette decides.
public enum NamedColor: UInt8, Sendable, Hashable, CaseIterable {
    case black, red, green, yellow, blue, magenta, cyan, white
    case brightBlack, brightRed, brightGreen, brightYellow, brightBlue, brightMagenta, brightCyan, brightWhite

    /// The word used in theme files: `red`, `bright-red`.
    public var word: String {
        let base = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"][Int(rawValue % 8)]
        return rawValue < 8 ? base : "bright-" + base
    }

    /// The dark half of a bright colour, itself otherwise.
    public var base: NamedColor { NamedColor(rawValue: rawValue % 8) ?? self }
}

/// A colour of a cell's text or background.
public enum Color: Sendable, Hashable {
    /// What the terminal shows when no colour is asked for.
    case terminal
    /// One of the sixteen of the terminal's palette.
    case named(NamedColor)
    /// An entry of the 256-colour table; 0-15 are the named ones.
    case indexed(UInt8)
    /// 24 bits.
    case rgb(red: UInt8, green: UInt8, blue: UInt8)
}

/// How many colours a terminal can show.
public enum ColorDepth: String, Sendable, Hashable, CaseIterable, Comparable {
    /// None: bold, underline and reverse only (`NO_COLOR`, monochrome terminals).
    case none
    /// The eight dark colours; bright ones become bold.
    case eight = "8"
    /// The sixteen named ones.
    case sixteen = "16"
    /// The 256-colour table.
    case indexed = "256"
    /// 24 bits.
    case direct = "truecolor"

    private var rank: Int {
        switch self {
        case .none: 0
        case .eight: 8
        case .sixteen: 16
        case .indexed: 256
        case .direct: 1 << 24
        }
    }

    /// Fewer colours come first.
    public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rank < right.rank }

    /// The depth of a terminal that can show `count` colours.
    public init(colors count: Int) {
        switch count {
        case ..<8: self = .none
        case ..<16: self = .eight
        case ..<256: self = .sixteen
        case ..<(1 << 16): self = .indexed
        default: self = .direct
        }
    }
}

extension Color {
    /// Red, green and blue of a colour: of the palette colours as xterm sets them, since the terminal's own are not
    /// known.
    /// Nil for ``terminal``.
    public var components: (red: Int, green: Int, blue: Int)? {
        switch self {
        case .terminal: return nil
        case .rgb(let red, let green, let blue): return (Int(red), Int(green), Int(blue))
        case .named(let name): return Color.xtermNamed[Int(name.rawValue)]
        case .indexed(let index):
            let number = Int(index)
            if number < 16 { return Color.xtermNamed[number] }
            if number >= 232 {
                let level = 8 + 10 * (number - 232)
                return (level, level, level)
            }
            let cube = number - 16
            let level = { (step: Int) in step == 0 ? 0 : 55 + 40 * step }
            return (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        }
    }

    /// The nearest colour that a terminal of `depth` can show.
    public func nearest(in depth: ColorDepth) -> Color {
        switch (self, depth) {
        case (.terminal, _), (_, .none): return .terminal
        case (_, .direct): return self
        case (.named(let name), .eight): return .named(name.base)
        case (.named, _): return self
        case (.indexed(let index), .indexed): return index < 16 ? nearest(upTo: 16) : self
        case (.rgb, .indexed): return nearest(upTo: 256)
        case (_, .sixteen): return nearest(upTo: 16)
        case (_, .eight): return nearest(upTo: 8)
        }
    }

    /// Nearest by weighted distance: eyes tell greens apart best and blues worst. Of the 256 the first 16 are left
    /// out, because their
    /// looks differ from terminal to terminal.
    private func nearest(upTo count: Int) -> Color {
        if case .indexed(let index) = self, index < 16, let name = NamedColor(rawValue: index) {
            return .named(count == 8 ? name.base : name)
        }
        guard let own = components else { return .terminal }
        let candidates = count == 256 ? 16..<256 : 0..<count
        var best = (index: candidates.lowerBound, distance: Int.max)
        for index in candidates {
            guard let other = Color.indexed(UInt8(index)).components else { continue }
            let (red, green, blue) = (own.red - other.red, own.green - other.green, own.blue - other.blue)
            let distance = 3 * red * red + 6 * green * green + blue * blue
            if distance < best.distance { best = (index, distance) }
        }
        if count == 256 { return .indexed(UInt8(best.index)) }
        return NamedColor(rawValue: UInt8(best.index)).map { .named($0) } ?? .terminal
    }

    private static let xtermNamed: [(red: Int, green: Int, blue: Int)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255),
    ]

    /// The colour that `text` names in a theme file: `default`, one of the sixteen names (`grey` is `bright-black`),
    /// `#rrggbb`, `#rgb`,
    /// or the number of an entry in the 256-colour table. Nil when it names none.
    public init?(_ text: String) {
        if text == "default" {
            self = .terminal
        } else if text == "grey" || text == "gray" {
            self = .named(.brightBlack)
        } else if let name = NamedColor.allCases.first(where: { $0.word == text }) {
            self = .named(name)
        } else if let index = UInt8(text) {
            self = .indexed(index)
        } else {
            guard text.hasPrefix("#") else { return nil }
            let digits = text.dropFirst().compactMap(\.hexDigitValue)
            switch (digits.count, text.count) {
            case (3, 4):
                self = .rgb(red: UInt8(digits[0] * 17), green: UInt8(digits[1] * 17), blue: UInt8(digits[2] * 17))
            case (6, 7):
                let byte = { (index: Int) in UInt8(digits[index] * 16 + digits[index + 1]) }
                self = .rgb(red: byte(0), green: byte(2), blue: byte(4))
            default: return nil
            }
        }
    }

    /// The words that name a colour, for "did you mean".
    public static var words: [String] { ["default", "grey"] + NamedColor.allCases.map(\.word) }
}
