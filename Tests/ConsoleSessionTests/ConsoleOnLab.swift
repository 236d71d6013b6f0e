import Foundation
import Lab
import TerminalKit
import TestSupport
import Testing

/// The real program in a real terminal, on real servers, with a store and a configuration of its own.
struct ConsoleOnLab {
    let screen: TmuxScreen
    let lab: Lab
    /// By the servers' names in the lab.
    let addresses: [String: String]
    private let folder: String

    /// Brings a three-level lab up, opens the console on its primary, and takes everything down whatever happens.
    static func with(
        size: GridSize = GridSize(width: 80, height: 24), shell: Bool = false, options: [String] = [],
        configuration: String = "", _ body: (ConsoleOnLab) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/baton-console-\(UUID().uuidString)"
        var options = options
        if !configuration.isEmpty {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder + "/baton.toml"))
            options += ["--config", folder + "/baton.toml"]
        }
        let lab = try await Lab.up(
            try Shape(parsing: "mariadb: a(b(c) d)"), in: folder + "/lab", lifetime: .thisProcess)
        let addresses = Dictionary(uniqueKeysWithValues: lab.servers.map { ($0.name, "\($0.address)") })
        do {
            let screen = try await start(lab, addresses["a"], folder, size: size, shell: shell, options: options)
            let console = ConsoleOnLab(screen: screen, lab: lab, addresses: addresses, folder: folder)
            do {
                try await console.showsTree()
                try await body(console)
            } catch {
                await screen.stop()
                throw error
            }
            await screen.stop()
        } catch {
            try? await lab.down()
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
        try await lab.down()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Another console on the same servers and the same store, which the body has to itself.
    ///
    /// - Parameter seed: the server from which it crawls.
    func again(seed: String = "a", _ body: (TmuxScreen) async throws -> Void) async throws {
        let other = try await Self.start(
            lab, addresses[seed], folder, size: GridSize(width: 80, height: 24), shell: false, options: [])
        do {
            try await body(other)
        } catch {
            await other.stop()
            throw error
        }
        await other.stop()
    }

    func address(_ name: String) throws -> String { try #require(addresses[name]) }

    /// Waits for a healthy tree with all servers.
    func showsTree() async throws {
        try await screen.waits(within: .seconds(20), for: "the whole tree") { picture in
            addresses.values.allSatisfy { picture.contains($0) } && picture.contains("no problems")
        }
    }

    /// Whether in that picture of the tree the row of a server comes right below that of another, one level deeper.
    func stands(_ name: String, below source: String, in picture: String) throws -> Bool {
        // The title and the frame name the cluster, which is called like its primary.
        let rows = picture.split(separator: "\n").dropFirst(2).dropLast(2).map(String.init)
        let (own, other) = (try address(name), try address(source))
        guard let place = rows.firstIndex(where: { $0.contains(own) }),
            let above = rows.firstIndex(where: { $0.contains(other) }), above < place
        else { return false }
        let indent = { (row: String, text: String) in
            row.range(of: text).map { row.distance(from: row.startIndex, to: $0.lowerBound) } ?? 0
        }
        // Rows in between belong to siblings that stand deeper than the source, too.
        return indent(rows[place], own) == indent(rows[above], other) + 2
            && rows[(above + 1)...place].allSatisfy { row in
                addresses.values.allSatisfy { !row.contains($0) || indent(row, $0) > indent(rows[above], other) }
            }
    }

    private static func start(
        _ lab: Lab, _ seed: String?, _ folder: String, size: GridSize, shell: Bool, options: [String]
    ) async throws -> TmuxScreen {
        let program = try #require(BuiltProduct.path(of: "baton"))
        return try await TmuxScreen.start(
            [program] + (seed.map { [$0] } ?? []) + ["--defaults-file", lab.clientOptionFile] + options, size: size,
            environment: [
                "HOME": folder, "XDG_STATE_HOME": folder + "/state", "XDG_CONFIG_HOME": folder + "/config",
                "PS1": "shell> ", LabAccounts.replicationPasswordVariable: LabAccounts.replicationPassword,
            ],
            shell: shell)
    }
}
