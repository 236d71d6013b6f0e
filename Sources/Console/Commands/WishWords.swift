import Settings
import Topology

/// What was typed behind a command that changes servers: names, and options as on the command line.
struct WishWords: Hashable, Sendable {
    /// An option of a command.
    struct Option: Hashable, Sendable {
        /// With its dashes.
        let name: String
        /// What follows it, for the help; `nil` where nothing does.
        let value: String?

        init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }

        var usage: String { value.map { "\(name) \($0)" } ?? name }
    }

    /// Servers and the like, by their places.
    private(set) var places: [String] = []
    private(set) var values: [String: [String]] = [:]
    private(set) var flags: Set<String> = []

    func value(_ name: String) -> String? { values[name]?.last }

    /// Sorts words into places and options.
    init(_ words: [String], options: [Option]) throws(CommandMistake) {
        var rest = words[...]
        var named: (instance: String?, destination: String?)
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word.count > 1 else {
                places.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let name = Self.synonyms[parts[0]] ?? parts[0]
            if let option = options.first(where: { $0.name == name }), option.value == nil, parts.count == 1 {
                flags.insert(name)
                continue
            }
            guard let option = options.first(where: { $0.name == name }), option.value != nil else {
                throw CommandMistake(sentence: Self.refusal(of: parts[0], options))
            }
            guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
                throw CommandMistake(sentence: "\(option.usage) lacks what follows it")
            }
            switch name {
            case Self.instance: named.instance = value
            case Self.destination: named.destination = value
            default: values[name, default: []].append(value)
            }
        }
        if let instance = named.instance { places.insert(instance, at: 0) }
        if let destination = named.destination { places.insert(destination, at: min(1, places.count)) }
    }

    private static let instance = "--instance"
    private static let destination = "--destination"

    /// Options that every command takes; servers may be named as orchestrator's users do. A plan is shown before anything
    /// is done, whether `--dry-run` is there or not.
    static let common = deciding + [Option(instance, "SERVER"), Option(destination, "SERVER")]

    /// Those of commands about an operation of the journal.
    static let deciding = [Option("--reason", "TEXT"), Option("--timeout", "TIME"), Option("--dry-run")]

    /// The longest that a step waits for an applier; `nil` where none was given.
    var limit: Duration? {
        get throws(CommandMistake) {
            guard let text = value("--timeout") else { return nil }
            guard let limit = DurationText.parse(text), limit > .zero else {
                throw CommandMistake(sentence: "--timeout takes a length of time such as 500ms, 10s, 1h30m or 7d")
            }
            return limit
        }
    }

    private static let synonyms = [
        "-i": instance, "-d": destination, "-s": destination, "-n": "--to", "--binlog": "--to",
        "--query": "--connection",
    ]

    private static func refusal(of name: String, _ options: [Option]) -> String {
        if ["--yes", "-y", "--confirm"].contains(name) {
            return "\(name) is for scripts: here a plan is shown, and a key confirms it"
        }
        let own = options.filter { !common.contains($0) || $0.value != nil && deciding.contains($0) }.map(\.usage)
        return "\(name.sanitized) means nothing here; there is \(own.joined(separator: ", "))"
    }

    /// Words at blanks; quotes keep together what they enclose.
    static func split(_ text: String) throws(CommandMistake) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            switch (quote, character) {
            case (let open?, character) where open == character: quote = nil
            case (nil, "\""), (nil, "'"):
                quote = character
                word = word ?? ""
            case (nil, " "):
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw CommandMistake(sentence: "a quote is not closed") }
        return words + (word.map { [$0] } ?? [])
    }
}
