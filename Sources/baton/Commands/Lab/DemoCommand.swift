import ArgumentParser
import Foundation
import Lab
import Topology

/// `baton demo`: a real topology on this machine, in the console.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Bring up a real topology on this machine and open the console on it.",
        discussion: """
            Five MySQL servers in three levels and a MariaDB pair, with a light workload; all of it on 127.0.0.1, and \
            gone when the console ends. Without a terminal the tree is printed as text. Where there is no MySQL, \
            MariaDB servers stand in.
            """
    )

    func run() async throws {
        try await labWork {
            let lab = try await bringUp()
            do {
                try await show(lab)
            } catch {
                try? await lab.down()
                throw error
            }
            try await lab.down()
        }
    }

    /// The lab, replicating, with a workload on every primary. It ends with this program, however that ends.
    private func bringUp() async throws -> Lab {
        try await Self.clearRemains()
        let mysql = try? await ServerInstallation.find(.mysql)
        if mysql == nil { Answer.remark("no MySQL server can be had here, so all servers are MariaDB") }
        let tree = "shop1(shop2(shop4 shop5) shop3)"
        let text = mysql == nil ? "mariadb: \(tree) stock1(stock2)" : "mysql: \(tree); mariadb: stock1(stock2)"
        let shape = try Shape(parsing: text)
        let name = "demo-\(getpid())"
        let lab = try await Lab.up(
            shape, in: LabPaths.folder(named: name), name: name, lifetime: .thisProcess, progress: .remarks)
        do {
            for primary in lab.primaries { _ = try await lab.startWorkload(on: [primary], rate: 20) }
        } catch {
            try? await lab.down()
            throw error
        }
        return lab
    }

    /// Opens the console, or prints the tree where there is no terminal: through the same commands that a user has.
    private func show(_ lab: Lab) async throws {
        let seeds = lab.primaries.map(\.address.description) + ["--config", lab.configurationFile]
        let arguments: [String]
        if isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 {
            // The operator's own store is no place for servers that are gone in an hour.
            arguments = ["console"] + seeds + ["--store", try lab.scratchFolder() + "/store.db"]
        } else {
            arguments = ["topology"] + seeds
        }
        // As a user would export it: making co-primaries asks for it.
        setenv(LabAccounts.replicationPasswordVariable, LabAccounts.replicationPassword, 1)
        let command = try Baton.parseAsRoot(arguments)
        if var command = command as? any AsyncParsableCommand { try await command.run() }
    }

    /// Takes down what demos have left that were killed: their servers are gone, their files are not.
    private static func clearRemains() async throws {
        for folder in Lab.all() {
            let name = folder.split(separator: "/").last ?? ""
            guard name.hasPrefix("demo-"), let pid = pid_t(name.dropFirst("demo-".count)), kill(pid, 0) != 0 else {
                continue
            }
            try await Lab.down(folder: folder)
        }
    }
}
