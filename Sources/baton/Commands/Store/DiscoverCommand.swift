import ArgumentParser
import Engine
import Storage
import Topology

/// `baton discover`: crawl from servers and remember what is found.
struct DiscoverCommand: AsyncParsableCommand, CrawlingOptions {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Crawl from servers, up and down, and keep what is found in the store.",
        discussion: """
            Prints the address of every server found, a line each. Given no server, crawls from the seeds of the \
            configuration. Nothing is kept where none of the named servers answers.
            """
    )

    @OptionGroup var output: FormatOption
    @Argument(help: "Servers to crawl from: host, host:port, [ipv6]:port, or the alias of a known server.")
    var servers: [ServerArgument] = []
    @OptionGroup var global: GlobalOptions
    @OptionGroup(title: "Logging in") var access: AccessOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var crawling: CrawlLimit

    func run() async throws {
        let configuration = try global.configuration()
        let seeds = servers.isEmpty ? configuration.seeds.map { ServerArgument($0) } : servers
        guard !seeds.isEmpty else {
            throw CommandFailure(
                .usage, "no server to start from: name one, or set \"seeds\" in the configuration file")
        }
        let answer = try await crawl.readAfresh(seeds)
        try answer.failIfNothingAnswered()
        let kept = try await StoreAccess.open(store, configuration)
        try await kept.merge(answer.fleet, limits: configuration.limits, at: answer.now)
        let found = answer.fleet.instances.sorted { $0.address < $1.address }
        output.print(lines: found.map(\.address.description), json: .array(found.map(answer.row)))
    }
}
