import Foundation

/// Where the configuration file is looked for.
enum ConfigurationFile {
    /// The places, the first that exists wins: the user's (XDG Base Directory Specification), then the machine's.
    static var places: [String] {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? "/"
        let user = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.config"
        return [user + "/baton/baton.toml", "/etc/baton/baton.toml"]
    }

    /// The file that would be read when none is named.
    static func found() -> String? {
        places.first { FileManager.default.fileExists(atPath: $0) }
    }
}
