import Foundation
import Topology

extension Lab {
    /// A configuration file with which baton starts on the lab's primaries and calls servers by their names.
    public var configurationFile: String { folder + "/baton.toml" }

    /// Writes ``configurationFile``: servers go by their names in the shape, and clusters by what the names of their
    /// primaries begin with (`shop1` gives `shop`).
    ///
    /// - Throws: ``LabError`` where the file cannot be written.
    func writeConfigurationFile() throws {
        let seeds = primaries.map { "\"\($0.address)\"" }.joined(separator: ", ")
        var lines = [
            "# Made by baton lab.", "seeds = [\(seeds)]", "", "[connection]",
            "defaults-file = \(Self.quoted(clientOptionFile))", "", "[operations]",
            "replication-password-variable = \(Self.quoted(LabAccounts.replicationPasswordVariable))", "",
            "[attributes]",
            // Each server's data lies in a folder of its name.
            #"alias-query = "SELECT SUBSTRING_INDEX(SUBSTRING_INDEX(@@datadir, '/', -3), '/', 1)""#,
        ]
        for primary in primaries {
            let stem = String(primary.name.reversed().drop { $0.isNumber }.reversed())
            let name = stem.isEmpty ? primary.name : stem
            lines += ["", "[[clusters]]", "name = \(Self.quoted(name))", "pattern = ':\(primary.address.port)$'"]
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
