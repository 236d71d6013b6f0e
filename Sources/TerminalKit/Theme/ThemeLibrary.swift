import Settings

/// Finds and loads themes.
public struct ThemeLibrary: Sendable {
    /// Where themes are looked for.
    public var folders: SharedFolders

    /// A library over `folders`.
    public init(_ folders: SharedFolders) {
        self.folders = folders
    }

    /// What was loaded, and what had to be refused on the way.
    public struct Loaded: Sendable {
        /// The theme that was asked for, or the default in its place.
        public var theme: Theme
        /// Why it is the default, if it was not asked for; to be shown to the user.
        public var problems: [SettingsProblem]
    }

    /// The theme of `name`, which may be a path too (it contains a slash or ends in `.toml`). When it is missing or
    /// wrong, the default.
    public func load(_ name: String = "default") -> Loaded {
        do throws(SettingsError) {
            return Loaded(theme: try theme(name), problems: [])
        } catch {
            // A broken file of the user's in the default's name must not take the built-in default with it.
            return Loaded(theme: ThemeLibrary.builtIn, problems: error.problems)
        }
    }

    /// The theme of `name`, which may be a path too.
    ///
    /// - Throws: ``SettingsError`` with everything that is wrong with it.
    public func theme(_ name: String) throws(SettingsError) -> Theme {
        try theme(name, chain: [])
    }

    /// The names of all themes that can be loaded.
    public var names: [String] { Set(folders.names(of: "themes") + ["default"]).sorted() }

    /// The default theme as it is compiled in, so that the binary works alone.
    public static let builtIn: Theme = {
        do throws(SettingsError) {
            let file = try SettingsFile(text: ShippedFiles.defaultTheme, path: "themes/default.toml (built in)")
            return try ThemeFile.theme(from: file, name: "default") { name throws(SettingsError) in
                throw SettingsError([
                    SettingsProblem(file: "themes/default.toml", line: nil, reason: "inherits \(name)")
                ])
            }
        } catch {
            // A test loads it, so a build with a broken one does not ship; colours are the least that could be missing.
            return Theme(name: "default")
        }
    }()

    private func theme(_ name: String, chain: [String]) throws(SettingsError) -> Theme {
        let isPath = name.contains("/") || name.hasSuffix(".toml")
        let found = isPath ? name : folders.find("themes", named: name)
        // A theme may inherit from the one of its own name that it takes the place of.
        if chain.contains(found ?? name) {
            if name == "default" { return ThemeLibrary.builtIn }
            let reason = "inherits from itself, by way of \((chain + [name]).joined(separator: ", "))"
            throw SettingsError([SettingsProblem(file: found ?? name, line: nil, key: "inherits", reason: reason)])
        }
        guard let path = found else {
            if name == "default" { return ThemeLibrary.builtIn }
            let hint = Suggestion.hint(for: name, among: names)
            let reason = "there is no theme of this name\(hint); known: \(names.joined(separator: ", "))"
            throw SettingsError([SettingsProblem(file: "theme \"\(name)\"", line: nil, reason: reason)])
        }
        let file = try SettingsFile(path: path)
        let base = path.split(separator: "/").last.map(String.init) ?? name
        let own = base.hasSuffix(".toml") ? String(base.dropLast(5)) : base
        return try ThemeFile.theme(from: file, name: own) { parent throws(SettingsError) in
            try theme(parent, chain: chain + [path])
        }
    }
}
