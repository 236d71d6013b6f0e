/// Looks for scopes, as a theme file gives them, with those of the themes it inherits from merged in.
public struct Theme: Sendable, Hashable {
    /// What background a theme is made for.
    public enum Appearance: String, Sendable, Hashable, CaseIterable {
        /// Light text on a dark background.
        case dark
        /// Dark text on a light background.
        case light
        /// Either, because it keeps to the terminal's own palette.
        case any
    }

    /// The name, as the configuration names it.
    public var name: String
    /// What background it is made for.
    public var appearance: Appearance
    /// The glyph set that it insists on; nil leaves the choice to the locale.
    public var glyphSet: Glyphs.Set?
    /// Looks for every depth.
    var styles: [String: Style]
    /// Looks for terminals with at most so many colours; they win over ``styles``.
    var stylesByDepth: [ColorDepth: [String: Style]]

    init(name: String) {
        self.name = name
        appearance = .any
        styles = [:]
        stylesByDepth = [:]
    }

    /// The look of `scope` on a terminal of `depth`: the nearest name around the scope that the theme knows, colours
    /// mapped to the nearest that
    /// the terminal has. For each name the table with the fewest colours that is still enough for the terminal comes
    /// first, then the general
    /// one.
    public func style(_ scope: ThemeScope, depth: ColorDepth) -> Style {
        let tables = ColorDepth.allCases.filter { $0 >= depth }.sorted().compactMap { stylesByDepth[$0] } + [styles]
        for name in scope.ancestry {
            for table in tables {
                if let style = table[name] { return style.mapped(to: depth) }
            }
        }
        return .plain
    }

    /// Whether the theme itself says how `scope`, or one around it, looks.
    public func knows(_ scope: ThemeScope) -> Bool {
        scope.ancestry.contains { styles[$0] != nil }
    }

    /// All looks for one terminal, ready to draw with.
    ///
    /// - Parameters:
    ///   - depth: the colours that the terminal can show.
    ///   - unicode: whether it can show more than ASCII.
    public func palette(depth: ColorDepth, unicode: Bool) -> Palette {
        var styles: [ThemeScope: Style] = [:]
        for scope in ThemeScope.all { styles[scope] = style(scope, depth: depth) }
        let set: Glyphs.Set = unicode ? (glyphSet ?? .unicode) : .ascii
        return Palette(theme: self, depth: depth, styles: styles, glyphs: .glyphs(of: set))
    }
}

/// A theme on one terminal: the look of each scope, and the glyphs. Screens draw with nothing else.
public struct Palette: Sendable, Hashable {
    private let theme: Theme
    /// The colours that the terminal can show.
    public let depth: ColorDepth
    private let styles: [ThemeScope: Style]
    /// The glyph set.
    public let glyphs: Glyphs

    init(theme: Theme, depth: ColorDepth, styles: [ThemeScope: Style], glyphs: Glyphs) {
        self.theme = theme
        self.depth = depth
        self.styles = styles
        self.glyphs = glyphs
    }

    /// The look of `scope`.
    public subscript(scope: ThemeScope) -> Style {
        styles[scope] ?? theme.style(scope, depth: depth)
    }

    /// A piece of text with the look of `scope`.
    public func text(_ text: String, _ scope: ThemeScope) -> StyledText {
        StyledText(text, self[scope])
    }
}
