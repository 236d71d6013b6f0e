import ArgumentParser

/// `baton instance`: everything known of one server.
struct InstanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instance",
        abstract: "Print everything known of one server.",
        discussion: "Asks the server; with --stored or --snapshot, answers from there."
    )

    @OptionGroup var question: ServerQuestion

    func run() async throws {
        let (server, answer) = try await question.read()
        question.output.print(lines: answer.detailLines(of: server), json: answer.row(of: server))
    }
}
