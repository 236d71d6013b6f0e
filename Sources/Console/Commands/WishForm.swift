import Discovery
import Engine
import Refactoring
import Settings
import Topology

/// A command that changes servers: its words are those of the command line, and it opens a plan.
struct WishForm: Sendable {
    /// What the first name after a command's word has to be.
    enum Subject: Hashable, Sendable {
        case server
        case replica
        /// A server that has replicas.
        case source
    }

    /// How the command stands in the list of what can be done with a server.
    enum Offer: Hashable, Sendable {
        /// Ready to be planned, as it is and in these other ways.
        case ready([Variant])
        /// There is more to be typed, which begins so.
        case begun(String)
    }

    /// A command with options, which stands in that list for itself.
    struct Variant: Hashable, Sendable {
        var options: [String]
        var summary: String
    }

    let word: String
    let subject: Subject
    /// The names and the like that follow, in order; those in brackets may be left out.
    let places: [String]
    /// Without those that every command takes.
    let options: [WishWords.Option]
    let summary: String
    let offer: Offer
    let make: @Sendable (Given) throws(CommandMistake) -> Wish

    init(
        _ word: String, _ subject: Subject, _ places: [String], _ options: [WishWords.Option], _ summary: String,
        _ offer: Offer = .ready([]), make: @escaping @Sendable (Given) throws(CommandMistake) -> Wish
    ) {
        self.word = word
        self.subject = subject
        self.places = places
        self.options = options
        self.summary = summary
        self.offer = offer
        self.make = make
    }

    /// What follows the word, for the help.
    var usage: String {
        // What has to be there stands without brackets.
        (places + options.map { Self.needed.contains($0) ? $0.usage : "[\($0.usage)]" }).joined(separator: " ")
    }

    private static let needed: Set = [to, connection, side, on, off]

    /// What a typed line asks for.
    struct Asked: Hashable, Sendable {
        var wish: Wish
        var methods: Set<String>?
        /// The longest that a step waits for an applier; `nil` for as long as the settings say.
        var limit: Duration?
        /// For the journal.
        var reason: String

        var subject: PlanSubject {
            let subject: PlanSubject = methods.map { .limited(wish, by: $0) } ?? .wish(wish)
            return subject.waiting(atMost: limit)
        }
    }

    /// The wish of a typed line.
    func asked(_ texts: [String], _ model: ConsoleModel) throws(CommandMistake) -> Asked {
        let words = try WishWords(texts, options: options + WishWords.common)
        guard words.places.count <= places.count else {
            throw CommandMistake(sentence: "\(word) takes \(usage)")
        }
        let given = Given(word: word, words: words, model: model)
        return Asked(
            wish: try make(given), methods: try given.methods, limit: try words.limit,
            reason: words.value("--reason") ?? "")
    }
}

extension WishForm {
    /// The arguments of a command, names resolved.
    struct Given {
        let word: String
        let words: WishWords
        let model: ConsoleModel

        func server(_ place: Int = 0) throws(CommandMistake) -> InstanceAddress {
            guard words.places.indices.contains(place) else {
                throw CommandMistake(sentence: "\(word) needs \(place == 0 ? "a server" : "another server")")
            }
            return try model.server(named: words.places[place])
        }

        /// The replica, with a channel where one is named.
        var replica: ReplicaChannel {
            get throws(CommandMistake) { ReplicaChannel(try server(), channel: words.value(channel.name)) }
        }

        func value(_ option: WishWords.Option) throws(CommandMistake) -> String {
            guard let value = words.value(option.name) else {
                throw CommandMistake(sentence: "\(word) needs \(option.usage)")
            }
            return value
        }

        /// A time; `nil` where none was given.
        func time(_ option: WishWords.Option, wholeSeconds: Bool) throws(CommandMistake) -> Duration? {
            guard let text = words.value(option.name) else { return nil }
            let time = wholeSeconds ? DurationText.parseWholeSeconds(text) : DurationText.parse(text)
            guard let time, time > .zero else {
                throw CommandMistake(sentence: "\(option.name) takes a time such as 2s")
            }
            return time
        }

        func has(_ option: WishWords.Option) -> Bool { words.flags.contains(option.name) }

        /// By which methods it may be done; `nil` for any.
        var methods: Set<String>? {
            get throws(CommandMistake) {
                guard let ways = words.values[method.name] else { return nil }
                var methods: Set<String> = []
                for way in ways {
                    guard let name = MethodName(rawValue: way) else {
                        let names = MethodName.allCases.map(\.rawValue).joined(separator: ", ")
                        throw CommandMistake(sentence: "\(way.sanitized) is no method; there are \(names)")
                    }
                    methods.formUnion(name.methods)
                }
                return methods
            }
        }

        /// The replicas of a server that are meant; `nil` for all.
        func chosen(of source: InstanceAddress) throws(CommandMistake) -> Set<InstanceAddress>? {
            guard words.value(pattern.name) == nil || words.values[only.name] == nil else {
                throw CommandMistake(sentence: "\(pattern.name) and \(only.name) exclude each other")
            }
            let matching = try words.value(pattern.name).map { text throws(CommandMistake) in
                guard let pattern = try? AddressPattern(text) else {
                    throw CommandMistake(sentence: "\(text.sanitized) is no regular expression")
                }
                return pattern
            }
            let named = try (words.values[only.name] ?? []).map { name throws(CommandMistake) in
                try model.server(named: name)
            }
            do throws(NoSuchReplica) {
                return try model.known.fleet.chosenReplicas(of: source, matching: matching, named: named)
            } catch {
                throw CommandMistake(sentence: error.description)
            }
        }
    }

    static let channel = WishWords.Option("--channel", "NAME")
    static let method = WishWords.Option("--method", "WAY")
    static let only = WishWords.Option("--only", "REPLICA")
    static let pattern = WishWords.Option("--pattern", "REGEX")
    static let nice = WishWords.Option("--nice")
    static let semiSync = WishWords.Option("--semi-sync")
    static let to = WishWords.Option("--to", "FILE")
    static let single = WishWords.Option("--only")
    static let endSessions = WishWords.Option("--end-sessions", "none|transactions|privileged|clients")
    static let lockWait = WishWords.Option("--lock-wait", "TIME")
    static let drain = WishWords.Option("--drain", "TIME")
    static let below = WishWords.Option("--below", "PRIMARY")
    static let user = WishWords.Option("--replication-user", "USER")
    static let leaveSiblings = WishWords.Option("--leave-siblings")
    static let stayStopped = WishWords.Option("--stay-stopped")
    static let connection = WishWords.Option("--connection", "NUMBER")
    static let side = WishWords.Option("--side", "source|replica")
    static let on = WishWords.Option("--on")
    static let off = WishWords.Option("--off")
}
