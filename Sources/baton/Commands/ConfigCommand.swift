import ArgumentParser
import Settings

/// `baton config`: what baton was told, and whether it is right.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show or check the configuration.",
        subcommands: [Show.self, Check.self, Path.self, Keys.self],
        defaultSubcommand: Show.self
    )

    /// `baton config show`: every key with the value that is in force.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the values in force, as a configuration file.")

        @OptionGroup var global: GlobalOptions

        func run() throws {
            let configuration = try global.configuration()
            Answer.print(line: "# " + (configuration.file.map { "from \($0)" } ?? "defaults: no configuration file"))
            Answer.print(text: ConfigurationText.toml(configuration))
        }
    }

    /// `baton config check`: complain about a file, or say that it is right.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check a configuration file and list its problems.")

        @OptionGroup var global: GlobalOptions
        @Argument(help: "The file; without it the one that would be read.", completion: .file(extensions: ["toml"]))
        var file: String?

        func run() throws {
            var options = global
            options.configurationFile = file ?? global.configurationFile
            if let path = try options.configuration().file {
                Answer.print(line: "\(path) is right")
            } else {
                let places = ConfigurationFile.places.joined(separator: ", ")
                Answer.print(line: "there is no configuration file, so the defaults hold; looked for \(places)")
            }
        }
    }

    /// `baton config path`: where the file is, or would be.
    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print where the configuration file is looked for.")

        func run() throws {
            let found = ConfigurationFile.found()
            Answer.print(lines: ConfigurationFile.places.map { $0 + ($0 == found ? "  (read)" : "") })
        }
    }

    /// `baton config keys`: the reference, as `docs/configuration.md` holds it.
    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print every key with its meaning, as Markdown.")

        func run() throws {
            Answer.print(text: ConfigurationText.reference())
        }
    }
}
