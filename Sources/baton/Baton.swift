import ArgumentParser

/// The command line: one program, one subcommand for each thing a user can ask.
@main
struct Baton: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baton",
        abstract: "A terminal console for MySQL and MariaDB replication topologies.",
        subcommands: [DemoCommand.self, LabCommand.self]
    )
}
