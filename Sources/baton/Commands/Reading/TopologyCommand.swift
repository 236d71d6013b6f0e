import ArgumentParser
import Engine
import Storage
import Topology

/// `baton topology`: the replication trees.
struct TopologyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology",
        abstract: "Print replication trees.",
        discussion: """
            Given servers, crawls from them and prints their clusters; given none, prints all that the store knows, as it \
            was seen last.
            """
    )

    /// How the trees are printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case table
        case json
    }

    @Option(help: "Only this cluster: its name, or the address or alias of any member.")
    var cluster: String?
    @Option(help: "A tree for people, a flat table, or JSON.")
    var format: Format = .text
    @OptionGroup var question: FleetQuestion

    func run() async throws {
        let answer = try await question.read()
        let clusters = try answer.clusters(asked: cluster)
        switch format {
        case .text: Answer.print(lines: answer.treeLines(of: clusters))
        case .table: Answer.print(lines: answer.table(of: clusters).lines)
        case .json: Answer.print(answer.rows(of: clusters))
        }
        try answer.failIfNothingAnswered()
    }
}
