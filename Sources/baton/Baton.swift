import ArgumentParser
import Console
import Curses
import Foundation
import Storage

/// The command line: one program, one subcommand for each thing a user can ask.
@main
struct Baton: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baton",
        abstract: "A terminal console for MySQL and MariaDB replication topologies.",
        discussion: """
            A server is written host, host:port or [ipv6]:port, the port is 3306 where none is given; a server that is \
            known can be named by its alias. A command that is given servers asks them, and logs in as the mysql client \
            does; one that is given none answers from the store, the file in which baton remembers what was seen last.

              baton db1.example.org     watch the topology of this server
              baton topology db1 -p     print it, after asking for a password
              baton demo                try baton on servers of its own
            """,
        version: "baton \(Version.text)",
        groupedSubcommands: [
            CommandGroup(name: "Watch", subcommands: [ConsoleCommand.self, WatchCommand.self]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    TopologyCommand.self, ClustersCommand.self, ProblemsCommand.self, AnalyzeCommand.self,
                    InstanceCommand.self,
                    ReplicasCommand.self, SourceCommand.self, IsReplicatingCommand.self, WhyCommand.self,
                    RulesCommand.self,
                    ErrantCommand.self, DoctorCommand.self,
                ]),
            CommandGroup(name: "Recover", subcommands: [CandidatesCommand.self, ReadinessCommand.self]),
            CommandGroup(
                name: "Move replicas",
                subcommands: [
                    RelocateCommand.self, RelocateSubtreeCommand.self, RelocateReplicasCommand.self,
                    RegroupReplicasCommand.self, MoveUpCommand.self, MoveUpReplicasCommand.self, MoveBelowCommand.self,
                    RepointCommand.self, RepointReplicasCommand.self, TakeSourceCommand.self, TakeSiblingsCommand.self,
                    MakeCoPrimaryCommand.self, EndCoPrimaryCommand.self, DetachReplicaCommand.self,
                    ReattachReplicaCommand.self, EnableGTIDCommand.self, DisableGTIDCommand.self,
                ]),
            CommandGroup(
                name: "Change one server",
                subcommands: [
                    StartReplicaCommand.self, StopReplicaCommand.self, RestartReplicaCommand.self,
                    ResetReplicaCommand.self, SkipQueryCommand.self, DelayReplicationCommand.self,
                    SetReadOnlyCommand.self, SetWritableCommand.self, SetSemiSyncCommand.self, InjectErrantCommand.self,
                    ResetErrantCommand.self,
                    FlushBinaryLogsCommand.self, PurgeBinaryLogsCommand.self, KillQueryCommand.self,
                ]),
            CommandGroup(
                name: "Recover",
                subcommands: [
                    SwitchoverCommand.self, RecoverCommand.self, FailoverCommand.self, FenceCommand.self,
                    RejoinCommand.self,
                ]),
            CommandGroup(
                name: "Say about servers",
                subcommands: [
                    DowntimeCommand.self, EndDowntimeCommand.self, DowntimesCommand.self, MaintenanceCommand.self,
                    EndMaintenanceCommand.self, MaintenancesCommand.self, PromotionRuleCommand.self,
                    EndPromotionRuleCommand.self, PromotionRulesCommand.self,
                ]),
            CommandGroup(
                name: "Answer for changes",
                subcommands: [
                    OperationsCommand.self, RecoveriesCommand.self, RecoveryCommand.self, DetectionsCommand.self,
                    AuditCommand.self, AckCommand.self, DisableRecoveriesCommand.self, EnableRecoveriesCommand.self,
                    RecoveriesStatusCommand.self,
                ]),
            CommandGroup(
                name: "Remember",
                subcommands: [
                    DiscoverCommand.self, ForgetCommand.self, EventsCommand.self, SnapshotCommand.self,
                ]),
            CommandGroup(
                name: "Set up and practise",
                subcommands: [ConfigCommand.self, LabCommand.self, DemoCommand.self, VersionCommand.self]),
        ],
        defaultSubcommand: ConsoleCommand.self
    )

    /// What stands before messages of the argument parser, as before all others.
    static var _errorPrefix: String { "baton: " }

    /// Runs the command, and ends with its own exit code where it failed in a way that has one (`docs/cli.md`).
    static func main() async {
        // A reader that has gone shows as an error of the write, which is asked for; it must not end a lab half-way.
        signal(SIGPIPE, SIG_IGN)
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
            try Answer.checkWritten()
        } catch {
            end(with: error)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        let arguments = try FamiliarCommand.translated(arguments)
        try ArgumentScreening.check(arguments)
        try await ArgumentScreening.checkDashed(arguments)
        var command = try await asyncParseAsRoot(arguments)
        // The runtime reads how to report a crash when a process starts, so this may start the program once more.
        if command is ConsoleCommand || command is DemoCommand, let log = try? StateFolder.path(of: "crash.log") {
            BacktraceSettings.prepare(reportFolder: String(log.dropLast("/crash.log".count)))
        }
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }

    /// Says what went wrong, and ends the process with the code for it.
    private static func end(with error: any Error) -> Never {
        switch error {
        case let failure as CommandFailure:
            Answer.remark("baton: \(failure)")
            exit(withError: ExitCode(failure.code.rawValue))
        case let error as StoreError:
            end(with: CommandFailure(.store, "\(error)"))
        case is ExitCode:
            exit(withError: error)
        default:
            // Neither a request for help nor a mistake in the arguments: nobody has said what this is.
            guard exitCode(for: error) == .failure else { exit(withError: error) }
            end(with: CommandFailure(.internalError, "\(error)"))
        }
    }
}
