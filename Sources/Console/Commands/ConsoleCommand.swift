import Settings
import Topology

/// What a line typed after `:` asks for, in the same words as the command line outside.
enum ConsoleCommand: Hashable, Sendable {
    case clusters
    case discover(server: String)
    case events
    case filter(String)
    case forget(server: String)
    case help
    case instance(server: String)
    case messages
    case problems
    case quit
    case refresh
    case save(path: String)
    case topology(cluster: String?)
    case operations
    /// The newest that can be taken back, where none is named.
    case undo(operation: Int64?, Deciding)
    /// What becomes of an operation of the journal.
    case decide(OperationChoice, Int64, Deciding)
    /// A page about one operation of the journal.
    case showOperation(Int64)
    /// A page of the assistant about a source; about what is under the cursor where none is named.
    case assistant(AssistantScreen.Page, source: String?)
    /// The assistant with what was chosen, from a command of the command line.
    case recover([String])
    case recoveries
    /// What would block or harm a recovery today.
    case readiness
    /// Takes note of a recovery.
    case acknowledge(Int64, reason: String)
    /// Has the password of the replication account typed.
    case password
    /// What the rules say of a replica under a server.
    case why([String])
    /// What somebody says about a server.
    case mark(MarkWords)
    /// One of ``WishForm/all``, by its word, with what was typed behind it.
    case wish(String, [String])
}

/// What can become of an operation, in the words of the command line.
enum OperationChoice: String, Hashable, Sendable {
    case undo, resume, leave
    case rollBack = "roll-back"
}

/// How what becomes of an operation is carried out.
struct Deciding: Hashable, Sendable {
    /// For the journal.
    var reason = ""
    /// The longest that a step waits for an applier; `nil` for as long as its plan says.
    var limit: Duration?
}

/// Why a typed line is not a command: one sentence for the operator.
struct CommandMistake: Error, Hashable {
    var sentence: String
}

extension ConsoleCommand {
    /// What a command's argument names, where it is something that is known.
    enum Subject: Hashable, Sendable {
        case server
        case cluster
    }

    /// One command: its word, what it takes, what it does, and how its argument is read.
    struct Form: Sendable {
        var word: String
        /// As shown in the help: `HOST[:PORT]`, in brackets where it may be left out; empty where it takes nothing.
        var argument: String
        var summary: String
        /// What can be completed in the argument; `nil` for text that nobody can know.
        var subject: Subject?
        var read: @Sendable (_ argument: String) throws(CommandMistake) -> ConsoleCommand

        var usage: String { argument.isEmpty ? ":\(word)" : ":\(word) \(argument)" }
    }

    /// Every command, in the order of the help.
    static let all: [Form] =
        [
            Form(
                word: "topology", argument: "[CLUSTER]", summary: "show the tree of all clusters, or of one",
                subject: .cluster
            ) { .topology(cluster: $0.isEmpty ? nil : $0) },
            plain("clusters", "list the clusters", .clusters),
            plain("problems", "list the problems", .problems),
            plain("events", "list what happened", .events),
            plain("messages", "list what the console told", .messages),
            server("instance", "go to an instance") { .instance(server: $0) },
            Form(word: "filter", argument: "[TEXT]", summary: "show only what contains the text") { .filter($0) },
            server("discover", "look at a server and all that it replicates with") { .discover(server: $0) },
            server("forget", "stop looking at an instance, after a question") { .forget(server: $0) },
            plain("refresh", "ask all servers now", .refresh),
            Form(
                word: "operations", argument: "[show|undo|resume|roll-back|leave OPERATION]",
                summary: "list what was changed, and what is; or plan what becomes of one"
            ) { text throws(CommandMistake) in
                guard !text.isEmpty else { return .operations }
                let (words, deciding) = try Self.deciding(text)
                let id = words.count == 2 ? Int64(words[1]) : nil
                guard deciding == Deciding() || !["show", "leave"].contains(words.first) else {
                    throw CommandMistake(sentence: "\(words[0]) carries nothing out: it takes an operation's number")
                }
                if words.first == "show", let id { return .showOperation(id) }
                if let id, let choice = OperationChoice(rawValue: words[0]) {
                    return .decide(choice, id, deciding)
                }
                throw CommandMistake(
                    sentence:
                        "operations takes nothing, or show, undo, resume, roll-back or leave and an operation's number")
            },
            Form(
                word: "undo", argument: "[OPERATION]", summary: "plan how to take the last operation back, or that one"
            ) {
                text throws(CommandMistake) in
                let (words, deciding) = try Self.deciding(text)
                if words.isEmpty { return .undo(operation: nil, deciding) }
                guard words.count == 1, let id = Int64(words[0]) else {
                    throw CommandMistake(sentence: "undo takes the number of an operation; :operations lists them")
                }
                return .undo(operation: id, deciding)
            },
            Form(
                word: "why", argument: "[[REPLICA] TARGET]",
                summary: "say whether a replica may go below a server, and why not", subject: .server
            ) { .why($0.split(separator: " ").map(String.init)) },
            Form(word: "snapshot", argument: "save FILE", summary: "write what is known to a file") {
                text throws(CommandMistake) in
                guard text.hasPrefix("save "), text.utf8.count > 5 else {
                    throw CommandMistake(sentence: "snapshot needs a file: :snapshot save FILE")
                }
                return .save(path: String(text.dropFirst(5)))
            },
            plain("help", "show the keys and commands", .help),
            plain("quit", "leave the console", .quit),
        ] + marks + recoveryForms + WishForm.all.map(wish)

    /// What was typed about operations: the words, and how it is to be carried out.
    private static func deciding(_ text: String) throws(CommandMistake) -> (words: [String], Deciding) {
        let words = try WishWords(try WishWords.split(text), options: WishWords.deciding)
        return (words.places, Deciding(reason: words.value("--reason") ?? "", limit: try words.limit))
    }

    /// A command that changes servers.
    private static func wish(_ form: WishForm) -> Form {
        Form(word: form.word, argument: form.usage, summary: form.summary, subject: .server) {
            text throws(CommandMistake) in
            guard !text.isEmpty else {
                throw CommandMistake(sentence: "\(form.word) needs more: :\(form.word) \(form.usage)")
            }
            return .wish(form.word, try WishWords.split(text))
        }
    }

    /// Reads a line; a command may be cut short as long as only one is meant.
    init(line: String) throws(CommandMistake) {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let word = parts.first.map(String.init) else { throw CommandMistake(sentence: "no command was typed") }
        let argument = parts.count > 1 ? parts[1].trimmingSpaces : ""
        if !Self.all.contains(where: { $0.word == word }), let familiar = FamiliarCommand.named(word) {
            self = try Self.command(familiar, argument)
            return
        }
        guard let form = Self.form(of: word) else { throw CommandMistake(sentence: Self.refusal(of: word)) }
        guard form.argument.isEmpty == false || argument.isEmpty else {
            throw CommandMistake(sentence: "\(form.word) takes nothing after it")
        }
        self = try form.read(argument)
    }

    /// What orchestrator's name for a command means here.
    private static func command(
        _ familiar: FamiliarCommand, _ argument: String
    ) throws(CommandMistake) -> ConsoleCommand {
        guard familiar.isAccepted else {
            throw CommandMistake(sentence: "there is no \(familiar.name) here: \(familiar.note)")
        }
        guard let form = all.first(where: { $0.word == familiar.words[0] }) else {
            let words = familiar.words.joined(separator: " ")
            throw CommandMistake(
                sentence: "\(familiar.name) is \"baton \(words)\" on the command line, and no command here")
        }
        // Forms of output mean nothing here.
        let isWish = WishForm.all.contains { $0.word == form.word }
        let words = (isWish ? Array(familiar.words.dropFirst()) : []) + [argument]
        return try form.read(words.filter { !$0.isEmpty }.joined(separator: " "))
    }

    /// The command that a word means: the word itself, or a beginning that only one has.
    static func form(of word: String) -> Form? {
        let candidates = all.filter { $0.word.hasPrefix(word) }
        return candidates.first { $0.word == word } ?? (candidates.count == 1 ? candidates.first : nil)
    }

    /// The text completed as far as it is clear among what it can become; `nil` where nothing can be added.
    static func completion(of text: String, among candidates: [String]) -> String? {
        let candidates = candidates.filter { $0.hasPrefix(text) }
        guard let first = candidates.first else { return nil }
        var common = first
        for candidate in candidates.dropFirst() { common = String(commonPrefix(common, candidate)) }
        return common.count > text.count ? common : nil
    }

    private static func commonPrefix(_ left: String, _ right: String) -> Substring {
        var end = left.startIndex
        for (first, second) in zip(left, right) {
            guard first == second else { break }
            end = left.index(after: end)
        }
        return left[..<end]
    }

    static func plain(_ word: String, _ summary: String, _ command: ConsoleCommand) -> Form {
        Form(word: word, argument: "", summary: summary) { _ in command }
    }

    /// A command on one server.
    private static func server(
        _ word: String, _ summary: String, _ command: @escaping @Sendable (_ server: String) -> ConsoleCommand
    ) -> Form {
        Form(word: word, argument: "SERVER", summary: summary, subject: .server) { text throws(CommandMistake) in
            guard !text.isEmpty else {
                throw CommandMistake(sentence: "\(word) needs a server: :\(word) HOST[:PORT], or an alias")
            }
            return command(text)
        }
    }

    private static func refusal(of word: String) -> String {
        let candidates = all.map(\.word).filter { $0.hasPrefix(word) }
        guard candidates.isEmpty else { return "\(word) could be \(candidates.joined(separator: ", "))" }
        let words = all.map(\.word) + FamiliarCommand.all.filter(\.isAccepted).map(\.name)
        let hint = Suggestion.hint(for: word, among: Set(words).sorted())
        return "\(word.sanitized) is no command\(hint.isEmpty ? "; :help lists them" : hint)"
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
