import ArgumentParser
import Topology

/// `baton instance`: everything known of one server.
struct InstanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instance",
        abstract: "Print everything known of one server.",
        discussion: "Asks the server; with --stored or --snapshot, answers from there."
    )

    @Argument(
        help: "The server: host, host:port or [ipv6]:port.", completion: .knownServers,
        transform: ServerArgument.init(parsing:))
    var server: ServerArgument
    @OptionGroup var output: FormatOption
    @OptionGroup var options: FleetOptions

    func run() async throws {
        let answer = try await options.read([server.address])
        try answer.failIfNothingAnswered()
        let instance = try answer.instance(server.address)
        switch output.format {
        case .text: Answer.print(lines: answer.detailLines(of: instance))
        case .json: Answer.print(answer.row(of: instance))
        }
    }
}
