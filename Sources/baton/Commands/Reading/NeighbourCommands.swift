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

    @OptionGroup var question: ServerQuestion

    func run() async throws {
        let (server, answer) = try await question.read()
        let replicas = answer.fleet.replicas(of: server.address).compactMap { answer.fleet[$0] }
        question.output.print(
            list: replicas.map(\.address.description), whenEmpty: "\(server.address) has no replicas",
            json: .array(replicas.map(answer.row)))
    }
}

/// `baton source`: from whom a server replicates.
struct SourceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source",
        abstract: "Print the sources of a server, a line for each replication channel.",
        discussion: "Asks the server; with --stored or --snapshot, answers from there."
    )

    @OptionGroup var question: ServerQuestion

    func run() async throws {
        let (server, answer) = try await question.read()
        let sources = server.channels.compactMap { channel in
            answer.fleet.source(of: channel).map { (channel: channel.name, address: $0) }
        }
        question.output.print(
            list: sources.map { "\($0.address)" + ($0.channel.isEmpty ? "" : "  channel \($0.channel)") },
            whenEmpty: "\(server.address) has no source",
            json: .array(sources.map { ["channel": .string($0.channel), "source": .string($0.address.description)] }))
    }
}
