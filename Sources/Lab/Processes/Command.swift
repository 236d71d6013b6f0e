import Subprocess
import SystemPackage

/// Programs that run, say something and end.
enum Command {
    /// Runs a program to its end and returns what it printed, both streams together.
    ///
    /// - Throws: ``LabError/commandFailed(what:output:)`` when it can't be run or ends with another status than 0.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], what: String) async throws -> String {
        let result: ExecutionResult<Void, StringOutput<Unicode.UTF8>, CombinedErrorOutput>
        do {
            result = try await Subprocess.run(
                program.contains("/") ? .path(FilePath(program)) : .name(program),
                arguments: Arguments(arguments),
                output: .string(limit: 1 << 20),
                error: .combinedWithOutput
            )
        } catch {
            throw LabError.commandFailed(what: what, output: "\(program): \(error)")
        }
        let output = result.standardOutput
        guard result.terminationStatus.isSuccess else {
            throw LabError.commandFailed(what: what, output: lastLines(of: output))
        }
        return output
    }

    /// The last lines of a text, for an error message.
    static func lastLines(of text: String, count: Int = 12) -> String {
        text.split(whereSeparator: \.isNewline).suffix(count).map { "    " + $0 }.joined(separator: "\n")
    }
}
