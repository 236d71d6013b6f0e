import ArgumentParser
import Topology

/// How long an operation waits for appliers.
struct WaitingOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The longest that a step waits for an applier, besides what it is known to be behind (default: "
                + "operations.catch-up-limit).", valueName: "time"),
        transform: DurationArgument.init(parsing:))
    var timeout: DurationArgument?

    /// `nil` where none was given.
    var limit: Duration? { timeout?.duration }
}

/// How an operation is asked for, whichever it is.
struct OperationOptions: CrawlingOptions {
    @Flag(name: .customLong("dry-run"), help: "Print the plan, and change nothing.")
    var isDryRun = false
    @Flag(name: [.customShort("y"), .customLong("yes")], help: "Carry the plan out without asking.")
    var isConfirmed = false
    @OptionGroup var confirming: ConfirmOption
    @Option(help: ArgumentHelp("Why it is done, for the journal.", valueName: "text"))
    var reason = ""
    @OptionGroup var waiting: WaitingOption
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup(title: "Logging in") var access: AccessOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var crawling: CrawlLimit
    @Option(
        help: ArgumentHelp("With --dry-run: plan on this fleet snapshot file instead of servers.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var snapshot: String?

    func validate() throws {
        if snapshot != nil, !isDryRun {
            throw ValidationError("--snapshot needs --dry-run: a file can't be changed by operating on it")
        }
        if isDryRun, isConfirmed {
            throw ValidationError("--dry-run and --yes exclude each other")
        }
    }
}

/// The servers of a command as orchestrator's users write them, `-i` and `-d`.
struct FamiliarOptions: ParsableArguments {
    @Option(name: [.customShort("i"), .customLong("instance")], help: .hidden)
    var instances: [ServerArgument] = []
    @Option(name: [.customShort("d"), .customShort("s"), .customLong("destination")], help: .hidden)
    var destinations: [ServerArgument] = []

    /// The names of a command in their order, each from its option or else from its place.
    ///
    /// - Parameter wanted: how many there may be, and how many there must be.
    /// - Throws: `ValidationError`.
    func names(
        _ placed: [ServerArgument?], _ words: [String], atLeast least: Int? = nil
    ) throws -> [ServerArgument] {
        for (option, named) in [("-i", instances), ("-d or -s", destinations)] where named.count > 1 {
            let servers = named.map(\.text).joined(separator: ", ")
            throw ValidationError("\(option) names one server, and not \(named.count): \(servers)")
        }
        let destination = destinations.first
        var left = placed.compactMap { $0 }[...]
        var names: [ServerArgument] = []
        for (option, word) in zip([instances.first, destination], words) {
            guard let name = option ?? left.popFirst() else {
                guard names.count < least ?? words.count else { break }
                throw ValidationError("Missing expected argument '<\(word)>'")
            }
            names.append(name)
        }
        if let extra = left.first { throw ValidationError("Unexpected argument '\(extra.text)'") }
        if words.count < 2, let destination {
            throw ValidationError("Unexpected argument '-d \(destination.text)'")
        }
        return names
    }
}

/// One replica, and which of its channels is meant.
struct ReplicaArguments: NamingArguments {
    @Argument(help: "The replica: host, host:port, [ipv6]:port, or the alias of a known server.")
    var replica: ServerArgument?
    @Option(help: "The replication channel that is meant, of a replica that has several.")
    var channel: String?
    @OptionGroup var familiar: FamiliarOptions

    func validate() throws { _ = try names }

    var names: [ServerArgument] {
        get throws { try familiar.names([replica], ["replica"]) }
    }
}

/// One replica and the server that it is to follow.
struct PlacementArguments: NamingArguments {
    @Argument(help: "The replica that is to be moved.")
    var replica: ServerArgument?
    @Argument(help: "The server that it is to follow.")
    var target: ServerArgument?
    @Option(help: "The replication channel that is meant, of a replica that has several.")
    var channel: String?
    @OptionGroup var familiar: FamiliarOptions

    func validate() throws { _ = try names }

    var names: [ServerArgument] {
        get throws { try familiar.names([replica, target], ["replica", "target"]) }
    }
}

/// A server whose replicas are meant, all or some of them.
struct SourceArguments: NamingArguments {
    @Argument(help: "The server whose replicas are meant.")
    var source: ServerArgument?
    @OptionGroup var some: SomeReplicas
    @OptionGroup var familiar: FamiliarOptions

    func validate() throws { _ = try names }

    var names: [ServerArgument] {
        get throws { try familiar.names([source], ["source"]) }
    }
}

/// A server whose replicas are meant, and the server that they are to follow.
struct SourceTargetArguments: NamingArguments {
    @Argument(help: "The server whose replicas are to be moved.")
    var source: ServerArgument?
    @Argument(help: "The server that they are to follow.")
    var target: ServerArgument?
    @OptionGroup var some: SomeReplicas
    @OptionGroup var familiar: FamiliarOptions

    func validate() throws { _ = try names }

    var names: [ServerArgument] {
        get throws { try familiar.names([source, target], ["source", "target"]) }
    }
}

/// One server.
struct OperatedServer: NamingArguments {
    @Argument(help: "The server: host, host:port, [ipv6]:port, or the alias of a known server.")
    var server: ServerArgument?
    @OptionGroup var familiar: FamiliarOptions

    func validate() throws { _ = try names }

    var names: [ServerArgument] {
        get throws { try familiar.names([server], ["server"]) }
    }
}
