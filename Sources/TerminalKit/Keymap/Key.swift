import Settings

/// A key press.
public struct Key: Sendable, Hashable {
    /// Which key.
    public enum Code: Sendable, Hashable {
        /// A key that types a character; upper case means that Shift was held.
        case character(Character)
        /// A key with a name.
        case named(Name)
        /// F1 to F24.
        case function(Int)
    }

    /// Keys that type nothing.
    public enum Name: String, Sendable, Hashable, CaseIterable {
        case up, down, left, right, home, end
        case pageUp = "pageup"
        case pageDown = "pagedown"
        case insert, delete, backspace, tab, enter
        case escape = "esc"
    }

    /// Keys held down with it. Shift counts only with named and function keys: with a character it shows in the
    /// character.
    public struct Modifiers: OptionSet, Sendable, Hashable {
        /// One bit for each modifier.
        public let rawValue: UInt8

        /// Takes the bits as they are.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Control.
        public static let ctrl = Modifiers(rawValue: 1)
        /// Alt, also called Meta.
        public static let alt = Modifiers(rawValue: 2)
        /// Shift.
        public static let shift = Modifiers(rawValue: 4)
    }

    /// Which key.
    public var code: Code
    /// Keys held down with it.
    public var modifiers: Modifiers

    /// Makes a key press.
    public init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    /// A key that types `character`.
    public static func character(_ character: Character) -> Key { Key(.character(character)) }
    /// A key with a name.
    public static func named(_ name: Name) -> Key { Key(.named(name)) }
    /// Control and a character, which is taken as lower case: terminals cannot tell the difference.
    public static func ctrl(_ character: Character) -> Key {
        Key(.character(Character(character.lowercased())), .ctrl)
    }

    /// The character that the key types into a line of text; nil for every other key.
    public var typed: Character? {
        if case .character(let character) = code, modifiers.isEmpty { return character }
        return nil
    }
}

extension Key: CustomStringConvertible {
    private static let characterWords: [(word: String, character: Character)] = [
        ("space", " "), ("plus", "+"), ("hash", "#"), ("quote", "\""), ("comma", ","), ("minus", "-"),
    ]

    /// Words for keys whose own character would be hard to see; the others are accepted but not printed.
    private static let printedWords: Set<Character> = [" ", "+"]

    /// The notation of keymap files: `j`, `G`, `space`, `ctrl+c`, `alt+x`, `shift+tab`, `f5`, `pagedown`.
    public var description: String {
        var text = ""
        if modifiers.contains(.ctrl) { text += "ctrl+" }
        if modifiers.contains(.alt) { text += "alt+" }
        if modifiers.contains(.shift) { text += "shift+" }
        switch code {
        case .named(let name): return text + name.rawValue
        case .function(let number): return text + "f\(number)"
        case .character(let character):
            if Key.printedWords.contains(character),
                let known = Key.characterWords.first(where: { $0.character == character })
            {
                return text + known.word
            }
            return text + String(character)
        }
    }

    /// Why a text is not a key.
    public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
        /// The reason, as a sentence without a full stop.
        public var description: String
    }

    /// The key that `text` names; ``description`` gives it back.
    ///
    /// - Throws: ``ParseError`` that says what a key looks like.
    public init(_ text: String) throws(ParseError) {
        var modifiers: Modifiers = []
        var rest = Substring(text)
        let prefixes: [(word: String, modifier: Modifiers)] = [("ctrl+", .ctrl), ("alt+", .alt), ("shift+", .shift)]
        while let prefix = prefixes.first(where: { rest.count > $0.word.count && rest.lowercased().hasPrefix($0.word) })
        {
            guard !modifiers.contains(prefix.modifier) else {
                throw ParseError(description: "\"\(text)\" names \(prefix.word.dropLast()) twice")
            }
            modifiers.insert(prefix.modifier)
            rest = rest.dropFirst(prefix.word.count)
        }
        let word = rest.lowercased()
        if rest.count == 1, let character = rest.first {
            try self.init(character: character, modifiers, text)
        } else if let known = Key.characterWords.first(where: { $0.word == word }) {
            try self.init(character: known.character, modifiers, text)
        } else if let name = Key.name(word) {
            self.init(.named(name), modifiers)
        } else if word.hasPrefix("f"), let number = Int(word.dropFirst()), (1...24).contains(number),
            !word.contains("+")
        {
            self.init(.function(number), modifiers)
        } else {
            let words = Name.allCases.map(\.rawValue) + Key.characterWords.map(\.word)
            throw ParseError(
                description: "\"\(text)\" is not a key: write a character, a name such as \"enter\" or \"f5\", "
                    + "or one of these after \"ctrl+\" or \"alt+\"\(Suggestion.hint(for: word, among: words))")
        }
    }

    private init(character: Character, _ modifiers: Modifiers, _ text: String) throws(ParseError) {
        guard CellText.glyphs(String(character)).count == 1 else {
            throw ParseError(description: "a control character is not a key that can be typed")
        }
        if modifiers.contains(.shift) {
            throw ParseError(
                description: "\"\(text)\": write the character that Shift makes, such as \"G\", instead of shift+")
        }
        if modifiers.contains(.ctrl) {
            guard let ascii = character.asciiValue, ascii >= 0x40 || character == " " else {
                throw ParseError(
                    description: "\"\(text)\": terminals send ctrl only with letters, space and @ [ \\ ] ^ _")
            }
            let same = ["i": "tab", "m": "enter", "[": "esc", "h": "backspace"]
            if let other = same[character.lowercased()] {
                throw ParseError(
                    description: "\"\(text)\" cannot be told from \(other) in a terminal: use \"\(other)\"")
            }
            self.init(.character(Character(character.lowercased())), modifiers)
        } else {
            self.init(.character(character), modifiers)
        }
    }

    private static func name(_ word: String) -> Name? {
        let aliases: [String: Name] = [
            "escape": .escape, "return": .enter, "ret": .enter, "del": .delete, "ins": .insert, "pgup": .pageUp,
            "pgdn": .pageDown, "pgdown": .pageDown, "page-up": .pageUp, "page-down": .pageDown,
        ]
        return Name(rawValue: word) ?? aliases[word]
    }
}
