import ArgumentParser
import Console
import Settings
import Storage

/// `baton config`: what baton was told, and whether it is right.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show or check the configuration.",
        discussion: "baton needs no configuration file; `baton config path` tells where it looks for one.",
        subcommands: [Show.self, Check.self, Path.self, Keys.self, Orchestrator.self],
        defaultSubcommand: Show.self
    )

    /// `baton config show`: every key with the value that is in force.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the values in force, as a configuration file that would say the same.")

        @OptionGroup var output: FormatOption
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let configuration = try global.configuration()
            let title = "# " + (configuration.file.map { "from \($0)" } ?? "defaults: no configuration file")
            switch output.format {
            case .text: Answer.print(text: title + "\n" + ConfigurationText.toml(configuration))
            case .json: Answer.print(ConfigurationDocument.shown(configuration))
            }
        }
    }

    /// `baton config check`: complain about a file, or say that it is right.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a configuration file, and list all of its problems with their lines.",
            discussion: "Ends with exit code 78 when the file has a problem.")

        @Argument(
            help: "The file; without it the one that would be read.", completion: .file(extensions: ["toml"]))
        var file: String?
        @OptionGroup var output: FormatOption
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let path = file ?? global.path
            do {
                if let path { _ = try Configuration(readingFileAt: path) }
            } catch {
                // The list is the answer; that there is something in it is told as by every command.
                if output.format == .json { Answer.print(ConfigurationDocument.checked(path, error.problems)) }
                throw CommandFailure(refusing: error)
            }
            output.print(lines: [sentence(path)], json: ConfigurationDocument.checked(path, []))
        }

        private func sentence(_ path: String?) -> String {
            if let path { return "\(path) is right" }
            let places = ConfigurationFile.places.joined(separator: ", ")
            return "there is no configuration file, so the defaults hold; looked for \(places)"
        }
    }

    /// `baton config path`: where the file is, or would be.
    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print where a configuration file is looked for, and which is read: the first that exists.")

        @OptionGroup var output: FormatOption

        func run() throws {
            let places = ConfigurationFile.places
            let found = ConfigurationFile.found()
            output.print(
                lines: places.map { $0 + ($0 == found ? "  (read)" : "") },
                json: ConfigurationDocument.places(places, read: found))
        }
    }

    /// `baton config keys`: the reference, as `docs/configuration.md` holds it.
    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every key with its values, its default and its meaning, as Markdown.")

        @OptionGroup var output: FormatOption

        func run() throws {
            switch output.format {
            case .text: Answer.print(text: ConfigurationText.reference())
            case .json: Answer.print(ConfigurationDocument.keys())
            }
        }
    }

    /// `baton config orchestrator`: the reference, as `docs/orchestrator-commands.md` holds it.
    struct Orchestrator: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print orchestrator's commands with what does the same here, as Markdown.")

        @OptionGroup var output: FormatOption

        func run() throws {
            switch output.format {
            case .text: Answer.print(text: FamiliarCommand.reference)
            case .json:
                Answer.print(
                    .array(
                        FamiliarCommand.all.map { command in
                            [
                                "orchestrator": .string(command.name),
                                "baton": command.isAccepted ? .string(command.words.joined(separator: " ")) : .null,
                                "note": .string(command.note),
                            ]
                        }))
            }
        }
    }
}
