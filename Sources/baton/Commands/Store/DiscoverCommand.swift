import ArgumentParser
import Engine
import Storage
import Topology

/// `baton discover`: crawl from servers and remember what is found.
struct DiscoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Crawl from servers, up and down, and keep what is found in the store.",
        discussion: "Prints the address of every server found, a line each."
    )

    @Argument(
        help: "Servers to crawl from; without one, the seeds of the configuration.", completion: .knownServers,
        transform: ServerArgument.init(parsing:))
    var servers: [ServerArgument] = []
    @OptionGroup var output: FormatOption
    @OptionGroup var options: FleetOptions

    func validate() throws {
        if options.snapshot != nil || options.fromStore {
            throw ValidationError("discover asks servers: --snapshot and --stored have no meaning here")
        }
    }

    func run() async throws {
        let configuration = try options.global.configuration()
        let seeds = servers.isEmpty ? configuration.seeds : servers.map(\.address)
        guard !seeds.isEmpty else {
            throw CommandFailure(
                .usage, "no server to start from: name one, or set \"seeds\" in the configuration file")
        }
        let answer = try await options.read(seeds)
        try answer.failIfNothingAnswered()
        let store = try await StoreAccess.open(options.store, configuration)
        try await store.merge(answer.fleet, at: answer.now)
        let found = answer.fleet.instances.sorted { $0.address < $1.address }
        switch output.format {
        case .text: Answer.print(lines: found.map(\.address.description))
        case .json: Answer.print(.array(found.map(answer.row)))
        }
    }
}
