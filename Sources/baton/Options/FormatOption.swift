import ArgumentParser

/// How a command answers.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// The option that chooses the form of the answer.
struct FormatOption: ParsableArguments {
    @Option(help: "How to answer: text for people, json for scripts.")
    var format: OutputFormat = .text
}
