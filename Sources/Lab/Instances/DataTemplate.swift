import Foundation
import Topology

/// A fresh data directory, made once for each server version and copied for each server: initialising takes seconds,
/// copying a fraction of one.
enum DataTemplate {
    /// The template's folder, made when it is not there yet.
    ///
    /// - Parameter progress: told when it has to be made.
    /// - Throws: ``LabError``.
    static func folder(for installation: ServerInstallation, progress: LabProgress) async throws -> String {
        let statements = LabAccounts.statements(for: installation.flavour)
        let name = "\(installation.flavour.rawValue)-\(installation.version.text)-\(fingerprint(statements))"
        let cache = LabPaths.cache + "/templates"
        let folder = cache + "/" + name
        if isDirectory(folder) { return folder }
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        return try await FileLock.withLock(at: folder + ".lock") {
            if isDirectory(folder) { return folder }
            progress.say("making a data directory for \(installation.description), once")
            let unfinished = folder + ".unfinished"
            try? FileManager.default.removeItem(atPath: unfinished)
            try FileManager.default.createDirectory(
                atPath: unfinished, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try await make(installation, statements: statements, in: unfinished)
            // Only a whole one gets the name.
            try FileManager.default.moveItem(atPath: unfinished + "/data", toPath: folder)
            try? FileManager.default.removeItem(atPath: unfinished)
            return folder
        }
    }

    /// Copies a template for one server; where the file system can, the copy shares the blocks.
    static func copy(_ template: String, to folder: String) async throws {
        try await Command.run(
            "cp", ["-a", "--reflink=auto", "--sparse=always", template, folder],
            what: "copying \(template) to \(folder)")
        // The identity of the server that the template was made with (MySQL); each makes its own.
        try? FileManager.default.removeItem(atPath: folder + "/auto.cnf")
    }

    private static func make(_ installation: ServerInstallation, statements: [String], in folder: String) async throws {
        let script = folder + "/accounts.sql"
        let what = "initialising a data directory for \(installation.description)"
        let user = geteuid() == 0 ? ["--user=root"] : []
        let data = folder + "/data"
        switch installation.flavour {
        case .mysql:
            try write(statements, to: script)
            let arguments =
                ["--no-defaults"] + installation.places + user + [
                    "--initialize-insecure", "--datadir=\(data)", "--init-file=\(script)", "--skip-log-bin",
                    "--mysqlx=OFF", "--innodb-doublewrite=OFF", "--innodb-redo-log-capacity=32M",
                    "--innodb-buffer-pool-size=32M",
                ]
            let program = installation.command[0]
            try await Command.run(program, installation.command.dropFirst() + arguments, what: what)
        case .mariadb:
            // It runs without privilege tables, which FLUSH PRIVILEGES brings back, so that accounts can be made.
            try write(["FLUSH PRIVILEGES;"] + statements, to: script)
            let arguments =
                ["--no-defaults"] + user + [
                    "--auth-root-authentication-method=normal", "--datadir=\(data)", "--skip-test-db",
                    "--innodb-log-file-size=4M", "--extra-file=\(script)",
                ]
            try await Command.run(installation.installer ?? "mariadb-install-db", arguments, what: what)
        }
    }

    private static func write(_ statements: [String], to path: String) throws {
        try Data((statements.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// Tells templates with other accounts apart (FNV-1a, 32 bits).
    private static func fingerprint(_ statements: [String]) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in statements.joined(separator: "\n").utf8 {
            hash = (hash ^ UInt32(byte)) &* 16_777_619
        }
        return String(hash, radix: 16)
    }
}
