import Settings

/// Reads theme files.
///
///     name = "night"
///     inherits = "default"
///     appearance = "dark"          # dark, light or any
///
///     [palette]
///     alarm = "#ff5f5f"
///
///     [glyphs]
///     set = "unicode"              # or ascii
///
///     [styles]
///     "state.broken" = { fg = "alarm", attrs = ["bold"] }
///     "text.dim" = "grey"
///
///     [styles.16]                  # for terminals with 16 colours or fewer
///     "state.broken" = "bright-red"
struct ThemeFile {
    /// Makes a theme of a file.
    ///
    /// - Parameter parent: gives the theme that the file inherits from, by name.
    /// - Throws: ``SettingsError`` with every problem of the file.
    static func theme(
        from file: SettingsFile, name: String, parent: (String) throws(SettingsError) -> Theme
    ) throws(SettingsError) -> Theme {
        let root = file.root
        var theme = Theme(name: name)
        if let base = root.nonEmptyString("inherits") { theme = try parent(base) }
        theme.name = root.nonEmptyString("name") ?? name
        if let appearance = root.enumeration("appearance", Theme.Appearance.self) { theme.appearance = appearance }
        if let glyphs = root.table("glyphs"), let set = glyphs.enumeration("set", Glyphs.Set.self) {
            theme.glyphSet = set
        }

        let colors = palette(root.table("palette"))
        if let styles = root.table("styles") {
            let depths = ColorDepth.allCases.map(\.rawValue)
            for key in styles.keys {
                if let depth = ColorDepth(rawValue: key) {
                    guard let table = styles.table(key) else { continue }
                    read(table, keys: table.keys, colors: colors, into: &theme.stylesByDepth[depth, default: [:]])
                }
            }
            read(styles, keys: styles.keys.filter { !depths.contains($0) }, colors: colors, into: &theme.styles)
        }
        try root.finish()
        return theme
    }

    private static func palette(_ table: SettingsTable?) -> [String: Color] {
        guard let table else { return [:] }
        var colors: [String: Color] = [:]
        for key in table.keys {
            if let color = color(table, key, colors: [:]) { colors[key] = color }
        }
        return colors
    }

    private static func read(
        _ table: SettingsTable, keys: [String], colors: [String: Color], into styles: inout [String: Style]
    ) {
        let known = ThemeScope.knownNames
        for key in keys {
            guard known.contains(key) else {
                _ = table.value(key)
                table.refuse(
                    key, "no part of the screen has this name\(Suggestion.hint(for: key, among: known.sorted()))")
                continue
            }
            if case .table = table.value(key), let inner = table.table(key) {
                var style = Style()
                if inner.contains("fg") { style.foreground = color(inner, "fg", colors: colors) }
                if inner.contains("bg") { style.background = color(inner, "bg", colors: colors) }
                style.attributes = attributes(inner)
                styles[key] = style
            } else {
                styles[key] = Style(foreground: color(table, key, colors: colors))
            }
        }
    }

    private static func attributes(_ table: SettingsTable) -> TextAttributes {
        var attributes: TextAttributes = []
        for (index, word) in (table.stringList("attrs") ?? []).enumerated() {
            if let known = TextAttributes.words.first(where: { $0.word == word }) {
                attributes.insert(known.attribute)
            } else {
                let words = TextAttributes.words.map(\.word)
                let list = words.joined(separator: ", ")
                table.refuse(
                    "attrs", element: index,
                    "\"\(word)\" is not one of \(list)\(Suggestion.hint(for: word, among: words))")
            }
        }
        return attributes
    }

    private static func color(_ table: SettingsTable, _ key: String, colors: [String: Color]) -> Color? {
        switch table.value(key) {
        case .integer(let index):
            if let index = UInt8(exactly: index) { return .indexed(index) }
            table.refuse(key, "\(index) is not the number of a colour: they go from 0 to 255")
        case .string(let text):
            if let color = colors[text] ?? Color(text) { return color }
            let hint = Suggestion.hint(for: text, among: colors.keys.sorted() + Color.words)
            table.refuse(
                key,
                "\"\(text)\" is not a colour: give a name of the palette, a name such as \"red\" or \"bright-red\", "
                    + "\"default\", \"#rrggbb\" or a number up to 255\(hint)")
        case .some(let value):
            table.refuse(key, "must be a colour, not \(value.kind)")
        case nil: break
        }
        return nil
    }
}
