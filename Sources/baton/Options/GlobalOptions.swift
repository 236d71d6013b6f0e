import ArgumentParser
import Settings

/// Options that every command understands.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: .customLong("config"), help: ArgumentHelp("Read this configuration file.", valueName: "file"),
        completion: .file(extensions: ["toml"]))
    var configurationFile: String?
    @Flag(name: .customLong("read-only"), help: "Change nothing on any server.")
    var isReadOnly = false

    /// The file that is read: the one that was named, or else the user's, or else the machine's; `nil` for none.
    var path: String? { configurationFile ?? ConfigurationFile.found() }

    /// Reads the configuration; without a file there are the defaults.
    ///
    /// - Throws: ``CommandFailure`` that lists every problem of the file.
    func configuration() throws -> Configuration {
        guard let path else { return Configuration() }
        do {
            return try Configuration(readingFileAt: path)
        } catch {
            throw CommandFailure(refusing: error)
        }
    }
}

extension CommandFailure {
    /// The failure of every command whose configuration file has problems.
    init(refusing error: SettingsError) {
        self.init(.configuration, "the configuration file is refused:\n\(error)")
    }
}
