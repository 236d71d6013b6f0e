/// Keys pressed one after the other: `g g`.
public struct KeySequence: Sendable, Hashable, CustomStringConvertible {
    /// The keys, at least one.
    public let keys: [Key]

    /// A sequence of `keys`; nil when there are none.
    public init?(_ keys: [Key]) {
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    /// The sequence that `text` names, keys separated by blanks.
    ///
    /// - Throws: ``Key/ParseError``.
    public init(_ text: String) throws(Key.ParseError) {
        var keys: [Key] = []
        for word in text.split(separator: " ") { keys.append(try Key(String(word))) }
        guard !keys.isEmpty else { throw Key.ParseError(description: "an empty text is not a key") }
        self.keys = keys
    }

    /// The notation of keymap files.
    public var description: String { keys.map(\.description).joined(separator: " ") }
}

/// What every key does, by context.
public struct Keymap: Sendable, Hashable {
    /// The name, as the configuration names it.
    public var name: String
    /// The sequences of each action, in the order of the file.
    var bindings: [KeyContext: [KeyAction: [KeySequence]]]

    init(name: String) {
        self.name = name
        bindings = [:]
    }

    /// What a row of keys means.
    public enum Meaning: Sendable, Hashable {
        /// It is bound to this action, in this context.
        case action(KeyAction, KeyContext)
        /// It is the start of longer sequences: the keys that may follow, and what they lead to.
        case prefix([Completion])
        /// It means nothing here.
        case unbound
    }

    /// A way to finish a half-typed sequence.
    public struct Completion: Sendable, Hashable {
        /// The keys that are still to be typed.
        public var rest: KeySequence
        /// What they do.
        public var action: KeyAction
        /// Where that is bound.
        public var context: KeyContext
    }

    /// What `keys` mean in a stack of contexts. The first context that knows the keys, whole or as a start, decides.
    public func meaning(of keys: [Key], in contexts: [KeyContext]) -> Meaning {
        for context in contexts {
            var completions: [Completion] = []
            for (action, sequences) in bindings[context] ?? [:] {
                for sequence in sequences {
                    if sequence.keys == keys { return .action(action, context) }
                    if sequence.keys.starts(with: keys),
                        let rest = KeySequence(Array(sequence.keys.dropFirst(keys.count)))
                    {
                        completions.append(Completion(rest: rest, action: action, context: context))
                    }
                }
            }
            if !completions.isEmpty {
                return .prefix(completions.sorted { $0.rest.description < $1.rest.description })
            }
        }
        return .unbound
    }

    /// The sequences that really do `action` in a stack of contexts: those that a nearer context takes for something
    /// else are left out.
    public func sequences(for action: KeyAction, in contexts: [KeyContext]) -> [KeySequence] {
        for context in contexts {
            guard let sequences = bindings[context]?[action] else { continue }
            let live = sequences.filter { meaning(of: $0.keys, in: contexts) == .action(action, context) }
            if !live.isEmpty { return live }
        }
        return []
    }

    /// A key and a word for the hint bar; nil when the action has no key here.
    public func hint(
        for action: KeyAction, in contexts: [KeyContext], catalog: ActionCatalog = .console
    ) -> (key: String, word: String)? {
        guard let sequence = sequences(for: action, in: contexts).first else { return nil }
        let word = contexts.lazy.compactMap { catalog.definition(of: action, in: $0)?.hint }.first
        return (sequence.description, word ?? action.rawValue)
    }

    /// A section of the help page.
    public struct HelpSection: Sendable, Hashable {
        /// What the section is about.
        public var title: String
        /// Keys, and what they do.
        public var entries: [Entry]

        /// A line of the help page.
        public struct Entry: Sendable, Hashable {
            /// The sequences, as they are typed.
            public var keys: [String]
            /// What they do.
            public var summary: String
        }
    }

    /// Every key that works in a stack of contexts, for the help page.
    public func help(in contexts: [KeyContext], catalog: ActionCatalog = .console) -> [HelpSection] {
        contexts.compactMap { context in
            let entries = catalog.definitions(in: context).compactMap { definition -> HelpSection.Entry? in
                let sequences = (bindings[context]?[definition.action] ?? []).filter {
                    meaning(of: $0.keys, in: contexts) == .action(definition.action, context)
                }
                guard !sequences.isEmpty else { return nil }
                return HelpSection.Entry(keys: sequences.map(\.description), summary: definition.summary)
            }
            guard !entries.isEmpty else { return nil }
            let title = KeyContext.all.first { $0.context == context }?.summary ?? context.rawValue
            return HelpSection(title: title, entries: entries)
        }
    }
}

/// Puts keys together to sequences: feed it each key, act on what it answers.
public struct KeySequenceReader: Sendable, Hashable {
    /// The keys of a half-typed sequence, for the hint bar.
    public private(set) var pending: [Key] = []

    /// A reader with nothing typed yet.
    public init() {}

    /// Takes the next key. Esc takes back a half-typed sequence and means nothing else then; a key that does not
    /// continue the sequence throws it away.
    public mutating func read(_ key: Key, keymap: Keymap, contexts: [KeyContext]) -> Keymap.Meaning {
        if !pending.isEmpty, key == .named(.escape) {
            pending = []
            return .unbound
        }
        let keys = pending + [key]
        let meaning = keymap.meaning(of: keys, in: contexts)
        if case .prefix = meaning { pending = keys } else { pending = [] }
        return meaning
    }

    /// Forgets what was typed, for when the context changes.
    public mutating func reset() { pending = [] }
}
