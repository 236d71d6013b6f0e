import ArgumentParser

/// `baton version`: the same as `--version`, for those who expect a command.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print which baton this is.")

    func run() throws { Answer.print(line: Baton.configuration.version) }
}
