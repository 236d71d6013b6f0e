import ArgumentParser
import Diagnosis
import Storage
import Topology

/// `baton clusters`: one line for each cluster.
struct ClustersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clusters",
        abstract: "List clusters with their primaries, sizes and problems.",
        discussion: "Given servers, crawls from them; given none, answers from the store: what was seen last."
    )

    @OptionGroup var output: FormatOption
    @OptionGroup var question: FleetQuestion

    func run() async throws {
        let answer = try await question.read()
        output.print(
            lines: lines(for: answer), json: .array(answer.clusters.map { row(of: $0, in: answer) }))
        try answer.failIfNothingAnswered()
    }

    private func lines(for answer: FleetAnswer) -> [String] {
        if answer.clusters.isEmpty { return ["no clusters"] }
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
        return table.lines
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
