import ArgumentParser
import Lab

/// `baton lab status`
struct LabStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show a lab's servers, their processes and their replication."
    )

    @OptionGroup var lab: LabOptions
    @OptionGroup var output: FormatOption

    func run() async throws {
        try await labWork {
            let status = try await lab.open().status()
            switch output.format {
            case .text: Answer.print(lines: lines(status))
            case .json: try Answer.print(encoding: status)
            }
        }
    }

    private func lines(_ status: LabStatus) -> [String] {
        var table = TextTable(titles: "SERVER", "ADDRESS", "VERSION", "PROCESS", "REPLICATION")
        for server in status.servers {
            let process = server.pid.map { "\(server.condition) (\($0))" } ?? server.condition
            let replication = server.channels.map(Self.describe).joined(separator: "; ")
            table.append([server.name, server.address, "\(server.flavour) \(server.version)", process, replication])
        }
        return [
            "\(status.name): \(status.shape)", "in \(status.folder)", "",
        ] + table.lines + ["", status.workloadRuns ? "a workload is writing" : "no workload"]
    }

    private static func describe(_ channel: LabStatus.Channel) -> String {
        var text = channel.source.map { "from \($0): " } ?? ""
        if channel.receiving == "Yes", channel.applying == "Yes" {
            text += channel.secondsBehind.map { "\($0) s behind" } ?? "lag unknown"
        } else {
            text += "receiving \(channel.receiving.lowercased()), applying \(channel.applying.lowercased())"
        }
        return text + (channel.error.map { ": \($0)" } ?? "")
    }
}
