import ArgumentParser
import Curses

/// The command line: one program, one subcommand for each thing a user can ask.
@main
struct Baton: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baton",
        abstract: "A terminal console for MySQL and MariaDB replication topologies.",
        subcommands: [
            ConsoleCommand.self, TopologyCommand.self, ClustersCommand.self, ProblemsCommand.self, InstanceCommand.self, ReplicasCommand.self,
            SourceCommand.self, DiscoverCommand.self, ForgetCommand.self, EventsCommand.self, SnapshotCommand.self,
            DoctorCommand.self, ConfigCommand.self, LabCommand.self, DemoCommand.self,
        ],
        defaultSubcommand: ConsoleCommand.self
    )

    /// Runs the command, and ends with its own exit code where it failed in a way that has one (`docs/cli.md`).
    static func main() async {
        do {
            var command = try parseAsRoot()
            // The runtime reads how to report a crash when a process starts, so this may start the program once more.
            if command is ConsoleCommand || command is DemoCommand, let log = try? StateFolder.path(of: "crash.log") {
                BacktraceSettings.prepare(reportFolder: String(log.dropLast("/crash.log".count)))
            }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            Answer.remark("baton: \(failure)")
            exit(withError: ExitCode(failure.code.rawValue))
        } catch {
            exit(withError: error)
        }
    }
}
