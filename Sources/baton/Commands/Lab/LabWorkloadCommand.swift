import ArgumentParser
import Foundation
import Lab

/// `baton lab workload`
struct LabWorkloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workload",
        abstract: "Write numbered rows and compare what was acknowledged with what servers have.",
        discussion: "So it is told how long a fault or a move kept writes away, and whether it lost any.",
        subcommands: [
            LabWorkloadStartCommand.self, LabWorkloadStopCommand.self, LabWorkloadReportCommand.self,
            LabWorkloadWriteCommand.self,
        ]
    )
}

/// Where a workload writes, and how fast.
struct LabWorkloadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many rows are written a second.", valueName: "rows"))
    var rate = 50
    @Option(
        name: .customLong("server"), parsing: .singleValue,
        help: """
            The server to write on; give it again for servers to go on with when one fails. Without it, the first \
            primary.
            """)
    var servers: [String] = []

    func validate() throws {
        guard (1...10_000).contains(rate) else { throw ValidationError("a rate is 1 to 10000 rows a second") }
    }

    func targets(in lab: Lab) throws -> [LabServer] {
        try servers.isEmpty ? Array(lab.primaries.prefix(1)) : servers.map { try lab.server($0) }
    }
}

/// `baton lab workload start`
struct LabWorkloadStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start writing, in the background.")
    @OptionGroup var options: LabWorkloadOptions
    @OptionGroup var lab: LabOptions

    func run() async throws {
        try await labWork {
            let lab = try lab.open()
            _ = try options.targets(in: lab)
            try await lab.startWorkloadProcess(command: LabWorkloadWriteCommand.command(options, lab))
            Answer.remark("a workload is writing; what came of it: baton lab workload report")
        }
    }
}

/// `baton lab workload stop`
struct LabWorkloadStopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "stop", abstract: "Stop writing.")
    @OptionGroup var lab: LabOptions

    func run() async throws {
        try await labWork {
            let lab = try lab.open()
            let ran = lab.workloadRuns
            try await lab.stopWorkloadProcess()
            Answer.remark(ran ? "the workload has stopped" : "no workload was running")
        }
    }
}

/// `baton lab workload write`: the background process itself.
struct LabWorkloadWriteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "write", shouldDisplay: false)
    @Option var labFolder: String
    @OptionGroup var options: LabWorkloadOptions
    @Argument var run_: Int64

    /// The command line that runs this in a lab, the run's number left out.
    static func command(_ options: LabWorkloadOptions, _ lab: Lab) -> [String] {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "baton"
        return [
            program, "lab", "workload", "write", Lab.belongingArgument(folder: lab.folder), "--rate=\(options.rate)",
        ] + options.servers.map { "--server=\($0)" }
    }

    func run() async throws {
        try await labWork {
            let lab = try Lab.open(folder: labFolder)
            let log = try lab.workloadLog(run: run_)
            let workload = Workload(run: run_, log: log, targets: try options.targets(in: lab), rate: options.rate)
            try await workload.prepare()
            try await workload.write()
        }
    }
}

/// `baton lab workload report`
struct LabWorkloadReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Say how long writing was down, and which acknowledged rows a server lacks.")
    @OptionGroup var lab: LabOptions
    @OptionGroup var output: FormatOption

    func run() async throws {
        try await labWork {
            guard let report = try await lab.open().workloadReport() else {
                throw CommandFailure(.negative, "no workload has run yet: baton lab workload start")
            }
            switch output.format {
            case .text: Answer.print(lines: Self.lines(report))
            case .json: try Answer.print(encoding: report)
            }
        }
    }

    private static func lines(_ report: WorkloadReport) -> [String] {
        var table = TextTable([
            ("SERVER", .leading), ("ROWS", .trailing), ("NOT YET", .trailing), ("MISSING", .trailing),
            ("UNACKNOWLEDGED", .trailing), ("BEHIND", .trailing),
        ])
        for server in report.servers {
            if let failure = server.failure {
                table.append([server.name, "-", "-", "-", "-", failure])
                continue
            }
            table.append([
                server.name, "\(server.rows)", "\(server.notYet)", "\(server.missing)", "\(server.unacknowledged)",
                server.secondsBehind.map { "\(shown($0)) s" } ?? "-",
            ])
        }
        return [
            "\(report.acknowledged) rows acknowledged, \(report.failed) not",
            "longest pause between two acknowledgements: \(shown(report.longestPause)) s",
            "time to an acknowledgement: median \(shown(report.medianLatency)) ms, worst \(shown(report.worstLatency)) ms",
            "",
        ] + table.lines
    }

    private static func shown(_ value: Double?) -> String {
        value.map { String(format: "%.2f", $0) } ?? "-"
    }
}
