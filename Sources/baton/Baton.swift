import ArgumentParser

/// The command line: one program, one subcommand for each thing a user can ask.
@main
struct Baton: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baton",
        abstract: "A terminal console for MySQL and MariaDB replication topologies.",
        subcommands: [
            TopologyCommand.self, ClustersCommand.self, ProblemsCommand.self, InstanceCommand.self, ReplicasCommand.self,
            SourceCommand.self, DiscoverCommand.self, ForgetCommand.self, EventsCommand.self, SnapshotCommand.self,
            DoctorCommand.self, ConfigCommand.self, LabCommand.self, DemoCommand.self,
        ]
    )

    /// Runs the command, and ends with its own exit code where it failed in a way that has one (`docs/cli.md`).
    static func main() async {
        do {
            var command = try parseAsRoot()
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
