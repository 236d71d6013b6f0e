import ArgumentParser
import Engine
import Topology

/// How servers are asked, and where it is kept what they said.
struct CrawlOptions {
    let global: GlobalOptions
    let access: AccessOptions
    let store: StoreOptions
    /// The longest time to crawl.
    let within: DurationArgument
}

/// The options of a command that asks servers.
///
/// These groups are no group of their own: a debug build of the parser checks each group's groups five times, and what is
/// within them twenty-five times, so that one level more made every command start a second later (measured).
protocol CrawlingOptions: ParsableArguments {
    var global: GlobalOptions { get }
    var access: AccessOptions { get }
    var store: StoreOptions { get }
    var crawling: CrawlLimit { get }
}

extension CrawlingOptions {
    var crawl: CrawlOptions {
        CrawlOptions(global: global, access: access, store: store, within: crawling.within)
    }
}

/// How long servers are asked.
struct CrawlLimit: ParsableArguments {
    @Option(
        help: ArgumentHelp("The longest time to crawl, for example 30s or 2m (default: 10s).", valueName: "time"),
        transform: DurationArgument.init(parsing:))
    var within: DurationArgument = DurationArgument(duration: .seconds(10))
}

/// Where a read command takes its fleet from.
struct FleetOptions: CrawlingOptions {
    @OptionGroup var global: GlobalOptions
    @OptionGroup(title: "Logging in") var access: AccessOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var crawling: CrawlLimit
    @Option(
        help: ArgumentHelp("Answer from this fleet snapshot file instead of servers.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var snapshot: String?
    @Flag(name: .customLong("stored"), help: "Answer from the store, even where a server is named.")
    var fromStore = false

    func validate() throws {
        if snapshot != nil, fromStore {
            throw ValidationError("--snapshot and --stored exclude each other: an answer comes from one place")
        }
    }
}

/// Which store is used.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .customLong("store"),
        help: ArgumentHelp("The store's file, in which baton remembers what was seen.", valueName: "file"),
        completion: .file(extensions: ["db"]))
    var path: String?
}

/// The servers from which a command crawls, or what it answers from in their place.
struct FleetQuestion: ParsableArguments {
    @Argument(help: "Servers to crawl from: host, host:port, [ipv6]:port, or the alias of a known server.")
    var servers: [ServerArgument] = []
    @OptionGroup var options: FleetOptions

    /// Reads the fleet; see ``FleetOptions/read(_:)``.
    func read() async throws -> FleetAnswer { try await options.read(servers) }
}

/// The one server that a command is about.
struct ServerQuestion: ParsableArguments {
    @Argument(help: "The server: host, host:port, [ipv6]:port, or the alias of a known server.")
    var server: ServerArgument
    @OptionGroup var output: FormatOption
    @OptionGroup var options: FleetOptions

    /// Reads the fleet around the server.
    ///
    /// - Throws: ``CommandFailure``, also where the server is not known or does not answer.
    func read() async throws -> (server: Instance, answer: FleetAnswer) {
        let answer = try await options.read([server])
        try answer.failIfNothingAnswered()
        return (try answer.instance(answer.servers[0]), answer)
    }
}
