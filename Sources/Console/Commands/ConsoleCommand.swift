import Topology

/// What a line typed after `:` asks for, in the same words as the command line outside.
enum ConsoleCommand: Hashable, Sendable {
    case clusters
    case discover(InstanceAddress)
    case events
    case filter(String)
    case forget(InstanceAddress)
    case help
    case instance(InstanceAddress)
    case problems
    case quit
    case refresh
    case save(path: String)
    case topology(cluster: String?)
}

/// Why a typed line is not a command: one sentence for the operator.
struct CommandMistake: Error, Hashable {
    var sentence: String
}

extension ConsoleCommand {
    /// One command: its word, what it takes, what it does, and how its argument is read.
    struct Form: Sendable {
        var word: String
        /// As shown in the help: `HOST[:PORT]`, in brackets where it may be left out; empty where it takes nothing.
        var argument: String
        var summary: String
        var read: @Sendable (_ argument: String) throws(CommandMistake) -> ConsoleCommand

        var usage: String { argument.isEmpty ? ":\(word)" : ":\(word) \(argument)" }
    }

    /// Every command, in the order of the help.
    static let all: [Form] = [
        Form(word: "topology", argument: "[CLUSTER]", summary: "show the tree of all clusters, or of one") {
            .topology(cluster: $0.isEmpty ? nil : $0)
        },
        plain("clusters", "list the clusters", .clusters),
        plain("problems", "list the problems", .problems),
        plain("events", "list what happened", .events),
        Form(word: "instance", argument: "HOST[:PORT]", summary: "go to an instance") { text throws(CommandMistake) in
            .instance(try address(text, for: "instance"))
        },
        Form(word: "filter", argument: "[TEXT]", summary: "show only what contains the text") { .filter($0) },
        Form(word: "discover", argument: "HOST[:PORT]", summary: "look at a server and all that it replicates with") {
            text throws(CommandMistake) in .discover(try address(text, for: "discover"))
        },
        Form(word: "forget", argument: "HOST[:PORT]", summary: "stop looking at an instance, after a question") {
            text throws(CommandMistake) in .forget(try address(text, for: "forget"))
        },
        plain("refresh", "ask all servers now", .refresh),
        Form(word: "snapshot", argument: "save FILE", summary: "write what is known to a file") {
            text throws(CommandMistake) in
            guard text.hasPrefix("save "), text.utf8.count > 5 else {
                throw CommandMistake(sentence: "snapshot needs a file: :snapshot save FILE")
            }
            return .save(path: String(text.dropFirst(5)))
        },
        plain("help", "show the keys and commands", .help),
        plain("quit", "leave the console", .quit),
    ]

    /// Reads a line; a command may be cut short as long as only one is meant.
    init(line: String) throws(CommandMistake) {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let word = parts.first.map(String.init) else { throw CommandMistake(sentence: "no command was typed") }
        let argument = parts.count > 1 ? parts[1].trimmingSpaces : ""
        let candidates = Self.all.filter { $0.word.hasPrefix(word) }
        let exact = candidates.first { $0.word == word }
        guard let form = exact ?? (candidates.count == 1 ? candidates.first : nil) else {
            throw CommandMistake(sentence: Self.refusal(of: word, candidates: candidates))
        }
        guard form.argument.isEmpty == false || argument.isEmpty else {
            throw CommandMistake(sentence: "\(form.word) takes nothing after it")
        }
        self = try form.read(argument)
    }

    /// The word completed as far as it is clear; `nil` where nothing can be added.
    static func completion(of word: String) -> String? {
        let candidates = all.map(\.word).filter { $0.hasPrefix(word) }
        guard let first = candidates.first else { return nil }
        var common = first
        for candidate in candidates.dropFirst() { common = String(commonPrefix(common, candidate)) }
        return common.count > word.count ? common : nil
    }

    private static func commonPrefix(_ left: String, _ right: String) -> Substring {
        var end = left.startIndex
        for (first, second) in zip(left, right) {
            guard first == second else { break }
            end = left.index(after: end)
        }
        return left[..<end]
    }

    private static func plain(_ word: String, _ summary: String, _ command: ConsoleCommand) -> Form {
        Form(word: word, argument: "", summary: summary) { _ in command }
    }

    private static func address(_ text: String, for word: String) throws(CommandMistake) -> InstanceAddress {
        guard !text.isEmpty else { throw CommandMistake(sentence: "\(word) needs an address: :\(word) HOST[:PORT]") }
        do throws(InstanceAddress.ParsingError) {
            return try InstanceAddress(parsing: text)
        } catch {
            throw CommandMistake(sentence: error.description)
        }
    }

    private static func refusal(of word: String, candidates: [Form]) -> String {
        guard candidates.isEmpty else {
            return "\(word) could be \(candidates.map(\.word).joined(separator: ", "))"
        }
        let words = all.map(\.word).joined(separator: ", ")
        return "\(word.sanitized) is no command; there are \(words)"
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
