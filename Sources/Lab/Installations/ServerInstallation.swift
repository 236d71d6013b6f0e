import Foundation
import Topology

/// A server program on this machine and how to start it.
public struct ServerInstallation: Hashable, Sendable {
    /// The family it serves.
    public let flavour: Shape.Flavour
    /// What the program itself says, not what its package is called.
    public let version: ServerVersion
    /// The program with what must stand before it: a server fetched with its own libraries needs its own loader.
    let command: [String]
    /// Where the program's messages, character sets and plugins lie, as options for it.
    let places: [String]
    /// The program that makes a MariaDB data directory.
    let installer: String?

    /// The newest server of that family that can be found.
    ///
    /// MySQL: the folder `BATON_MYSQL_PREFIX` names, then an installed one, then the one that `scripts/fetch-mysql`
    /// put into the cache. MariaDB: what is installed.
    ///
    /// - Throws: ``LabError/noInstallation(_:)``.
    public static func find(_ flavour: Shape.Flavour) async throws -> ServerInstallation {
        switch flavour {
        case .mysql: try await findMySQL()
        case .mariadb: try await findMariaDB()
        }
    }

    private static func findMySQL() async throws -> ServerInstallation {
        var prefixes: [String] = []
        if let chosen = ProcessInfo.processInfo.environment["BATON_MYSQL_PREFIX"] { prefixes.append(chosen) }
        prefixes.append(LabPaths.cache + "/mysql")
        if let chosen = prefixes.first, prefixes.count > 1, let found = await fetched(chosen) { return found }
        for program in ["/usr/sbin/mysqld", "/usr/local/mysql/bin/mysqld", "/usr/local/bin/mysqld"] {
            guard let version = await version(of: [program]), version.flavor.isMySQLFamily, version.isAtLeast(8, 0)
            else { continue }
            return ServerInstallation(flavour: .mysql, version: version, command: [program], places: [], installer: nil)
        }
        if let last = prefixes.last, let found = await fetched(last) { return found }
        throw LabError.noInstallation(.mysql)
    }

    /// A MySQL unpacked into a folder of its own: beside its own libc, through its own dynamic loader.
    private static func fetched(_ prefix: String) async -> ServerInstallation? {
        let program = prefix + "/usr/sbin/mysqld"
        guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
        var command = [program]
        var places: [String] = []
        if let loader = loader(in: prefix) {
            let folders = libraryFolders(in: prefix)
            command = [loader, "--library-path", folders.joined(separator: ":"), program]
            places = [
                "--basedir=\(prefix)/usr", "--lc-messages-dir=\(prefix)/usr/share/mysql",
                "--character-sets-dir=\(prefix)/usr/share/mysql/charsets",
                "--plugin-dir=\(prefix)/usr/lib/mysql/plugin",
            ]
        }
        guard let version = await version(of: command), version.isAtLeast(8, 0) else { return nil }
        return ServerInstallation(flavour: .mysql, version: version, command: command, places: places, installer: nil)
    }

    private static func loader(in prefix: String) -> String? {
        let candidates =
            [prefix + "/usr/lib64", prefix + "/usr/lib"] + libraryFolders(in: prefix)
        for folder in candidates {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            if let name = names.sorted().first(where: { $0.hasPrefix("ld-linux") }) { return folder + "/" + name }
        }
        return nil
    }

    private static func libraryFolders(in prefix: String) -> [String] {
        let library = prefix + "/usr/lib"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
        let architectures = names.filter { $0.contains("-linux-gnu") }.sorted().map { library + "/" + $0 }
        return architectures + [library + "/mysql", library + "/mysql/private"]
    }

    private static func findMariaDB() async throws -> ServerInstallation {
        let folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/local/mysql/bin"]
        for program in folders.map({ $0 + "/mariadbd" }) {
            guard FileManager.default.isExecutableFile(atPath: program), let version = await version(of: [program]),
                version.flavor == .mariadb
            else { continue }
            let installers = ["/usr/bin", "/usr/local/bin", "/usr/local/mysql/scripts"].map {
                $0 + "/mariadb-install-db"
            }
            guard let installer = installers.first(where: FileManager.default.isExecutableFile(atPath:)) else {
                continue
            }
            return ServerInstallation(
                flavour: .mariadb, version: version, command: [program], places: [], installer: installer)
        }
        throw LabError.noInstallation(.mariadb)
    }

    /// Asks the program itself: `/usr/sbin/mysqld` is MariaDB on many machines.
    private static func version(of command: [String]) async -> ServerVersion? {
        guard let program = command.first, FileManager.default.isExecutableFile(atPath: program) else { return nil }
        let arguments = Array(command.dropFirst()) + ["--no-defaults", "--version"]
        guard let output = try? await Command.run(program, arguments, what: "asking \(program) for its version") else {
            return nil
        }
        // "… Ver 9.7.4-2 for Linux …", "… Ver 10.11.19-MariaDB-0+deb12u1 for …"
        let words = output.split(whereSeparator: \.isWhitespace)
        guard let place = words.firstIndex(of: "Ver"), place + 1 < words.endIndex else { return nil }
        let text = String(words[place + 1])
        let numbers = text.prefix { $0.isNumber || $0 == "." }.split(separator: ".").compactMap { Int($0) }
        guard numbers.count >= 2 else { return nil }
        let flavor: ServerVersion.Flavor =
            output.contains("MariaDB") ? .mariadb : output.contains("Percona") ? .percona : .mysql
        return ServerVersion(
            flavor: flavor, major: numbers[0], minor: numbers[1], patch: numbers.count > 2 ? numbers[2] : 0, text: text)
    }
}

extension ServerInstallation: CustomStringConvertible {
    /// Family and version, for example `MySQL 9.7.4-2`.
    public var description: String { "\(version.flavor.rawValue) \(version.text)" }
}
