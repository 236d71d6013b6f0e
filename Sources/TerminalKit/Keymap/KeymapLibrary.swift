import Settings

/// Finds and loads keymaps.
public struct KeymapLibrary: Sendable {
    /// Where keymaps are looked for.
    public var folders: SharedFolders

    /// The actions that files can name.
    public var catalog: ActionCatalog

    /// A library over `folders`.
    public init(_ folders: SharedFolders, catalog: ActionCatalog = .console) {
        self.folders = folders
        self.catalog = catalog
    }

    /// What was loaded, and what had to be refused on the way.
    public struct Loaded: Sendable {
        /// The keymap that was asked for, or the default in its place.
        public var keymap: Keymap
        /// Why it is the default, if it was not asked for; to be shown to the user.
        public var problems: [SettingsProblem]
    }

    /// The keymap of `name`, which may be a path too (it contains a slash or ends in `.toml`). When it is missing or
    /// wrong, the default.
    public func load(_ name: String = "default") -> Loaded {
        do throws(SettingsError) {
            return Loaded(keymap: try keymap(name), problems: [])
        } catch {
            // A broken file of the user's in the default's name must not take the built-in default with it.
            return Loaded(keymap: KeymapLibrary.builtIn, problems: error.problems)
        }
    }

    /// The keymap of `name`, which may be a path too.
    ///
    /// - Throws: ``SettingsError`` with everything that is wrong with it.
    public func keymap(_ name: String) throws(SettingsError) -> Keymap {
        try keymap(name, chain: [])
    }

    /// The names of all keymaps that can be loaded.
    public var names: [String] { Set(folders.names(of: "keymaps") + ["default"]).sorted() }

    /// The default keymap as it is compiled in, so that the binary works alone.
    public static let builtIn: Keymap = {
        do throws(SettingsError) {
            let file = try SettingsFile(text: ShippedFiles.defaultKeymap, path: "keymaps/default.toml (built in)")
            return try KeymapFile.keymap(from: file, name: "default", catalog: .console) { name throws(SettingsError) in
                throw SettingsError([
                    SettingsProblem(file: "keymaps/default.toml", line: nil, reason: "inherits \(name)")
                ])
            }
        } catch {
            // A test loads it, so a build with a broken one does not ship; Ctrl-C still arrives as a signal then.
            return Keymap(name: "default")
        }
    }()

    private func keymap(_ name: String, chain: [String]) throws(SettingsError) -> Keymap {
        let isPath = name.contains("/") || name.hasSuffix(".toml")
        let found = isPath ? name : folders.find("keymaps", named: name)
        // A keymap may inherit from the one of its own name that it takes the place of.
        if chain.contains(found ?? name) {
            if name == "default" { return KeymapLibrary.builtIn }
            let reason = "inherits from itself, by way of \((chain + [name]).joined(separator: ", "))"
            throw SettingsError([SettingsProblem(file: found ?? name, line: nil, key: "inherits", reason: reason)])
        }
        guard let path = found else {
            if name == "default" { return KeymapLibrary.builtIn }
            let hint = Suggestion.hint(for: name, among: names)
            let reason = "there is no keymap of this name\(hint); known: \(names.joined(separator: ", "))"
            throw SettingsError([SettingsProblem(file: "keymap \"\(name)\"", line: nil, reason: reason)])
        }
        let file = try SettingsFile(path: path)
        let base = path.split(separator: "/").last.map(String.init) ?? name
        let own = base.hasSuffix(".toml") ? String(base.dropLast(5)) : base
        return try KeymapFile.keymap(from: file, name: own, catalog: catalog) { parent throws(SettingsError) in
            try keymap(parent, chain: chain + [path])
        }
    }
}
