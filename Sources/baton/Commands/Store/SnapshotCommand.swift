import ArgumentParser
import Foundation
import Servers
import Storage
import Topology

/// `baton snapshot`: the whole fleet as a file.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Save the fleet as a JSON file, or look at such a file.",
        subcommands: [Save.self, Show.self]
    )

    /// `baton snapshot save`: write a fleet.
    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a fleet snapshot file.",
            discussion: "Given servers, crawls from them; given none, saves what the store knows."
        )

        @Argument(help: "The file to write; - for standard output.", completion: .file(extensions: ["json"]))
        var file: String
        @Flag(help: "Replace the file if it exists.")
        var force = false
        @OptionGroup var question: FleetQuestion

        func run() async throws {
            let answer = try await question.read()
            try answer.failIfNothingAnswered()
            let text = Snapshot(taken: answer.now, fleet: answer.fleet).text()
            guard file != "-" else { return Answer.print(text: text) }
            if !force, FileManager.default.fileExists(atPath: file) {
                throw CommandFailure(.usage, "\(file) exists and was left as it is; --force replaces it")
            }
            try SnapshotFile.write(text, to: file)
            Answer.remark("\(answer.fleet.count) instances saved to \(file)")
        }
    }

    /// `baton snapshot show`: check a file and print its trees.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check a fleet snapshot file and print its trees.")

        @Argument(help: "The file.", completion: .file(extensions: ["json"]))
        var file: String
        @OptionGroup var output: FormatOption
        @OptionGroup var global: GlobalOptions

        func run() async throws {
            let configuration = try global.configuration()
            let answer = try FleetAnswer(
                SnapshotFile.reading(file, limits: configuration.limits), servers: [], now: .now(),
                theme: configuration.console.theme)
            output.print(lines: answer.treeLines(of: answer.clusters), json: answer.rows(of: answer.clusters))
        }
    }
}
