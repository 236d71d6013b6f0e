import ArgumentParser
import Storage
import Topology

/// `baton replicas`: who replicates from a server.
struct ReplicasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replicas",
        abstract: "Print the replicas of a server, a line each.",
        discussion: "Crawls from the server; with --stored or --snapshot, answers from there."
    )

    @Argument(
        help: "The source: host, host:port or [ipv6]:port.", completion: .knownServers,
        transform: ServerArgument.init(parsing:))
    var server: ServerArgument
    @OptionGroup var output: FormatOption
    @OptionGroup var options: FleetOptions

    func run() async throws {
        let answer = try await options.read([server.address])
        try answer.failIfNothingAnswered()
        let instance = try answer.instance(server.address)
        let replicas = answer.fleet.replicas(of: instance.address).compactMap { answer.fleet[$0] }
        switch output.format {
        case .text: Answer.print(lines: replicas.map(\.address.description))
        case .json: Answer.print(.array(replicas.map(answer.row)))
        }
    }
}

/// `baton source`: from whom a server replicates.
struct SourceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source",
        abstract: "Print the sources of a server, a line each channel.",
        discussion: """
            Asks the server; with --stored or --snapshot, answers from there. A server without a source prints nothing.
            """
    )

    @Argument(
        help: "The replica: host, host:port or [ipv6]:port.", completion: .knownServers,
        transform: ServerArgument.init(parsing:))
    var server: ServerArgument
    @OptionGroup var output: FormatOption
    @OptionGroup var options: FleetOptions

    func run() async throws {
        let answer = try await options.read([server.address])
        try answer.failIfNothingAnswered()
        let channels = try answer.instance(server.address).channels
        let sources = channels.compactMap { channel in
            answer.fleet.source(of: channel).map { (channel: channel.name, address: $0) }
        }
        switch output.format {
        case .text:
            Answer.print(lines: sources.map { "\($0.address)" + ($0.channel.isEmpty ? "" : "  channel \($0.channel)") })
        case .json:
            Answer.print(
                .array(sources.map { ["channel": .string($0.channel), "source": .string($0.address.description)] }))
        }
    }
}
