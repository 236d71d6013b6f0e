import ArgumentParser
import Storage

/// How a command answers.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// The option that chooses the form of the answer.
struct FormatOption: ParsableArguments {
    @Option(help: "How to answer: text for people, json for scripts.")
    var format: OutputFormat = .text

    /// Prints the answer in the form that was asked for.
    func print(lines: @autoclosure () throws -> [String], json: @autoclosure () throws -> JSON) rethrows {
        switch format {
        case .text: Answer.print(lines: try lines())
        case .json: Answer.print(try json())
        }
    }

    /// Prints a list that may be empty. A line that says so is a remark, because the text has one line for each element
    /// and is read by scripts too.
    func print(list lines: [String], whenEmpty remark: String, json: @autoclosure () -> JSON) {
        print(lines: lines, json: json())
        if lines.isEmpty, format == .text { Answer.remark(remark) }
    }
}
