import ArgumentParser
import Settings

/// Options that every command understands.
struct GlobalOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: "Read this configuration file.", completion: .file(extensions: ["toml"]))
    var configurationFile: String?

    /// Reads the configuration: the file that was named, or else the user's, or else the machine's, or else defaults.
    ///
    /// - Throws: ``CommandFailure`` that lists every problem of the file.
    func configuration() throws -> Configuration {
        guard let path = configurationFile ?? ConfigurationFile.found() else { return Configuration() }
        do {
            return try Configuration(readingFileAt: path)
        } catch {
            throw CommandFailure(.configuration, "the configuration file is refused:\n\(error)")
        }
    }
}
