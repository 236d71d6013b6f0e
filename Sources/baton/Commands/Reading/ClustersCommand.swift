import ArgumentParser
import Diagnosis
import Storage
import Topology

/// `baton clusters`: one line for each cluster.
struct ClustersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clusters",
        abstract: "List clusters with their primaries, sizes and problems.",
        discussion: "Given servers, crawls from them; given none, answers from the store."
    )

    @Argument(help: "Servers to crawl from.", completion: .knownServers, transform: ServerArgument.init(parsing:))
    var servers: [ServerArgument] = []
    @OptionGroup var output: FormatOption
    @OptionGroup var options: FleetOptions

    func run() async throws {
        let answer = try await options.read(servers.map(\.address))
        switch output.format {
        case .text:
            var table = TextTable([
                ("CLUSTER", .leading), ("PRIMARY", .leading), ("INSTANCES", .trailing), ("PROBLEMS", .trailing),
            ])
            for cluster in answer.clusters {
                let members = cluster.members
                table.append([
                    cluster.name, cluster.primary?.description ?? "-", String(members.count),
                    String(answer.problems(of: members).count),
                ])
            }
            Answer.print(lines: table.lines)
        case .json:
            Answer.print(.array(answer.clusters.map { row(of: $0, in: answer) }))
        }
        try answer.failIfNothingAnswered()
    }

    private func row(of cluster: Cluster, in answer: FleetAnswer) -> JSON {
        let members = cluster.members
        return [
            "cluster": .string(cluster.name),
            "alias": cluster.alias.map { .string($0) } ?? .null,
            "primary": cluster.primary.map { .string($0.description) } ?? .null,
            "instances": .array(members.map { .string($0.description) }),
            "problems": .number(answer.problems(of: members).count),
        ]
    }
}
