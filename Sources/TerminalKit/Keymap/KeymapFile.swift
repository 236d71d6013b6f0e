import Settings

/// Reads keymap files.
///
///     name = "mine"
///     inherits = "default"
///
///     [tree]
///     fold = ["left", "h"]         # a key or a list of keys
///     fold-all = "z M"             # one key after the other
///     parent = "none"              # no key
struct KeymapFile {
    /// Where a binding of this file stands, for complaints.
    private struct Bound {
        var action: KeyAction
        var sequence: KeySequence
        /// The table and the place of the value; nil for an inherited one.
        var table: SettingsTable?
        var index: Int
    }

    /// Makes a keymap of a file.
    ///
    /// - Parameter parent: gives the keymap that the file inherits from, by name.
    /// - Throws: ``SettingsError`` with every problem of the file.
    static func keymap(
        from file: SettingsFile, name: String, catalog: ActionCatalog, parent: (String) throws(SettingsError) -> Keymap
    ) throws(SettingsError) -> Keymap {
        let root = file.root
        var keymap = Keymap(name: name)
        if let base = root.nonEmptyString("inherits") { keymap = try parent(base) }
        keymap.name = root.nonEmptyString("name") ?? name
        for (context, _) in KeyContext.all {
            guard let table = root.table(context.rawValue) else { continue }
            let own = read(table, context: context, catalog: catalog)
            var merged = keymap.bindings[context] ?? [:]
            for action in own.actions { merged[action] = nil }
            check(own.bound, inherited: merged, context: context)
            for bound in own.bound { merged[bound.action, default: []].append(bound.sequence) }
            keymap.bindings[context] = merged
        }
        if keymap.sequences(for: .quit, in: [.global]).isEmpty {
            root.refuse(path: ["global", "quit"], "no key is left to quit with: bind one in [global]")
        }
        try root.finish()
        return keymap
    }

    private static func read(
        _ table: SettingsTable, context: KeyContext, catalog: ActionCatalog
    ) -> (actions: [KeyAction], bound: [Bound]) {
        var actions: [KeyAction] = []
        var all: [Bound] = []
        let known = catalog.definitions(in: context).map(\.action.rawValue)
        for key in table.keys {
            guard known.contains(key) else {
                _ = table.value(key)
                table.refuse(key, unknown(key, context: context, known: known, catalog: catalog))
                continue
            }
            let action = KeyAction(rawValue: key)
            actions.append(action)
            guard let texts = table.stringList(key) else { continue }
            if texts == ["none"] { continue }
            for (index, text) in texts.enumerated() {
                do throws(Key.ParseError) {
                    let sequence = try KeySequence(text)
                    if context == .input, sequence.keys.contains(where: { $0.typed != nil }) {
                        table.refuse(
                            key, element: index, "\"\(text)\" types itself in [input]: bind a key that types nothing")
                    } else {
                        all.append(Bound(action: action, sequence: sequence, table: table, index: index))
                    }
                } catch {
                    table.refuse(key, element: index, error.description)
                }
            }
        }
        return (actions, all)
    }

    private static func unknown(_ key: String, context: KeyContext, known: [String], catalog: ActionCatalog) -> String {
        let elsewhere = catalog.definitions.filter { $0.action.rawValue == key }.map { "[\($0.context.rawValue)]" }
        if !elsewhere.isEmpty {
            return "this action belongs in \(elsewhere.joined(separator: ", ")), not in [\(context.rawValue)]"
        }
        return "no action has this name in [\(context.rawValue)]\(Suggestion.hint(for: key, among: known))"
    }

    /// Refuses two actions on one key, and a key that is also the start of a longer sequence.
    private static func check(
        _ own: [Bound], inherited: [KeyAction: [KeySequence]], context: KeyContext
    ) {
        var others = inherited.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { action, sequences in
            sequences.map { Bound(action: action, sequence: $0, table: nil, index: 0) }
        }
        for bound in own {
            for other in others {
                let keys = bound.sequence.keys
                let inheritance = other.table == nil ? ", inherited," : ""
                let line = other.table?.line(of: other.action.rawValue).map { " (line \($0))" } ?? ""
                let name = "\(other.action.rawValue)\(line)\(inheritance)"
                if keys == other.sequence.keys {
                    bound.table?.refuse(
                        bound.action.rawValue, element: bound.index,
                        "\"\(bound.sequence)\" already means \(name) in [\(context.rawValue)]: "
                            + "give one of them another key, or \"none\"")
                } else if other.sequence.keys.starts(with: keys) || keys.starts(with: other.sequence.keys) {
                    bound.table?.refuse(
                        bound.action.rawValue, element: bound.index,
                        "\"\(bound.sequence)\" and \"\(other.sequence)\" of \(name) in [\(context.rawValue)] "
                            + "cannot both work: one is the start of the other")
                }
            }
            others.append(bound)
        }
    }
}
