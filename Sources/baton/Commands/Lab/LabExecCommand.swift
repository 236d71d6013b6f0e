import ArgumentParser
import Lab
import Servers
import Topology

/// `baton lab exec`
struct LabExecCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run SQL statements on a server of a lab, as root."
    )

    @Argument(help: "The server's name, as it stands in the lab's shape.")
    var server: String
    @Argument(help: "Statements, each an argument of its own; they share one session.")
    var statements: [String]
    @OptionGroup var lab: LabOptions

    func run() async throws {
        try await labWork {
            let server = try lab.open().server(server)
            for result in try await server.execute(statements) where !result.columns.isEmpty {
                Answer.print(lines: Self.lines(result))
            }
        }
    }

    private static func lines(_ result: ResultSet) -> [String] {
        var table = TextTable(result.columns.map { (title: $0, alignment: .leading) })
        for row in 0..<result.rowCount {
            table.append(result.columns.indices.map { result.text(row: row, column: $0)?.sanitized ?? "NULL" })
        }
        return table.lines
    }
}
