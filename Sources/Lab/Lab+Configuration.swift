import Foundation
import Topology

extension Lab {
    /// A configuration file with which baton starts on the lab's primaries and calls servers by their names.
    public var configurationFile: String { folder + "/baton.toml" }

    /// Writes ``configurationFile``.
    ///
    /// - Parameter clusters: names for clusters, each with what the names of its servers begin with.
    /// - Throws: ``LabError`` where the file cannot be written.
    public func writeConfigurationFile(clusters: [String: String]) throws {
        let seeds = primaries.map { "\"\($0.address)\"" }.joined(separator: ", ")
        var lines = [
            "# Made by baton lab.", "seeds = [\(seeds)]", "", "[connection]",
            "defaults-file = \(Self.quoted(clientOptionFile))", "", "[attributes]",
            // Each server's data lies in a folder of its name.
            #"alias-query = "SELECT SUBSTRING_INDEX(SUBSTRING_INDEX(@@datadir, '/', -3), '/', 1)""#,
        ]
        for (name, prefix) in clusters.sorted(by: { $0.key < $1.key }) {
            let members = servers.filter { $0.name.hasPrefix(prefix) }
            let ports = members.map { String($0.address.port) }.joined(separator: "|")
            lines += ["", "[[clusters]]", "name = \(Self.quoted(name))", "pattern = ':(\(ports))$'"]
        }
        let made = FileManager.default.createFile(
            atPath: configurationFile, contents: Data((lines.joined(separator: "\n") + "\n").utf8),
            attributes: [.posixPermissions: 0o600])
        guard made else { throw LabError.badFolder(folder, reason: "can't write \(configurationFile)") }
    }

    /// A TOML basic string.
    private static func quoted(_ text: String) -> String {
        let escaped = text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
