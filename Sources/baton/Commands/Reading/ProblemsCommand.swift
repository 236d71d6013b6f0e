import ArgumentParser
import Diagnosis
import Engine
import Storage
import Topology

/// `baton problems`: what is wrong.
struct ProblemsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "problems",
        abstract: "List what is wrong, worst first.",
        discussion: "Given servers, crawls from them; given none, answers from the store: what was seen last."
    )

    @Option(help: "Only problems of at least this severity.")
    var severity: Severity = .notice
    @Flag(help: "End with exit code 1 when a problem is listed.")
    var check = false
    @OptionGroup var output: FormatOption
    @OptionGroup var question: FleetQuestion

    func run() async throws {
        let answer = try await question.read()
        let problems = answer.problems.filter { $0.severity >= severity }
        output.print(lines: lines(for: problems), json: .array(problems.map(ProblemDocument.json)))
        let silent = answer.reading.diagnosis.silentProblems.count { $0.severity >= severity }
        if silent > 0, output.format == .text {
            Answer.remark("\(silent) more of downtimed servers: baton downtimes")
        }
        try answer.failIfNothingAnswered(unlessFound: problems)
        if check, !problems.isEmpty { throw ExitCode(CommandFailure.Code.negative.rawValue) }
    }

    private func lines(for problems: [Problem]) -> [String] {
        if problems.isEmpty { return ["no problems"] }
        return problems.flatMap { problem in
            [line(for: problem)] + problem.evidence.map { "    " + $0 }
                + (problem.lastSeen.map { ["    last seen \($0)"] } ?? [])
                + remedy(of: problem)
        }
    }

    /// What mends it; statements that follow the first each stand in a line of their own, below it.
    private func remedy(of problem: Problem) -> [String] {
        let lead = "    to mend it: "
        let lines = problem.remedy?.split(separator: "\n") ?? []
        return lines.enumerated().map { index, line in
            (index == 0 ? lead : String(repeating: " ", count: lead.count)) + line
        }
    }

    /// The problem in a line. Most summaries name the server themselves.
    private func line(for problem: Problem) -> String {
        let subject = problem.subject.description
        let isNamed = problem.summary.contains(subject)
        let parts = [problem.severity.rawValue] + (isNamed ? [] : [subject])
        return (parts + [problem.summary, "[\(problem.kind.rawValue)]"]).joined(separator: "  ")
    }
}

extension Severity: ExpressibleByArgument {}
