import Foundation
import Topology

extension Lab {
    /// Brings the servers of a shape up and attaches the replicas to their sources; returns when all replicate.
    ///
    /// What a crashed run left in the folder is taken down first; when this fails half-way, what came up is taken
    /// down again.
    ///
    /// - Parameters:
    ///   - folder: made when it is not there; of its content only what a lab makes is ever touched.
    ///   - name: what people call it.
    ///   - sites: where servers run, by their names; the others on loopback.
    /// - Throws: ``LabError``.
    public static func up(
        _ shape: Shape, in folder: String, name: String = "lab", lifetime: Lifetime = .untilTakenDown,
        at sites: [String: LabSite] = [:], progress: LabProgress = .silent
    ) async throws -> Lab {
        let folder = absolute(folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let stateFile = LabStateFile(folder: folder)
        return try await FileLock.withLock(at: folder + "/up.lock") {
            if stateFile.exists, try open(folder: folder).servers.contains(where: { $0.process != nil }) {
                throw LabError.alreadyUp(folder: folder)
            }
            try await removeRemains(in: folder)
            // Whoever interrupts this, the servers that are up by then go with it.
            try Guardian.post(for: folder)
            do {
                let lab = try await build(shape, name: name, stateFile: stateFile, sites: sites, progress: progress)
                if lifetime == .untilTakenDown { try await Guardian.dismiss(folder) }
                return lab
            } catch {
                // The logs of the servers are in the error; nobody else needs the ruins.
                _ = try? await removeRemains(in: folder)
                try? await Guardian.dismiss(folder)
                removeEmptied(folder)
                throw error
            }
        }
    }

    private static func build(
        _ shape: Shape, name: String, stateFile: LabStateFile, sites: [String: LabSite], progress: LabProgress
    ) async throws -> Lab {
        let plan = try await LabPlan.make(shape, folder: stateFile.folder, sites: sites, progress: progress)
        let state = LabState(name: name, shape: shape.description, servers: plan.records, workload: nil)
        try stateFile.create(state)
        let lab = Lab(state, stateFile: stateFile)
        try writeClientOptionFile(for: plan.records, in: stateFile.folder)
        try lab.writeConfigurationFile()

        progress.say("starting \(lab.servers.count == 1 ? "1 server" : "\(lab.servers.count) servers")")
        // More at once than cores would only make each of them late.
        let width = max(2, ProcessInfo.processInfo.activeProcessorCount)
        try await concurrently(lab.servers, width: width) { server in
            try FileManager.default.createDirectory(atPath: server.folder, withIntermediateDirectories: true)
            try await DataTemplate.copy(plan.templates[server.flavour] ?? "", to: server.data)
            try await server.start()
            progress.say("\(server.name) answers on \(server.address)")
        }
        let replicas = lab.servers.filter { !$0.sources.isEmpty }
        if !replicas.isEmpty {
            progress.say("attaching \(replicas.count == 1 ? "1 replica" : "\(replicas.count) replicas")")
            try await concurrently(replicas, width: 4 * width) { try await $0.attach(in: lab) }
        }
        return lab
    }

    /// Runs `body` for each element, `width` of them at a time; the first error ends it.
    static func concurrently<Element: Sendable>(
        _ elements: [Element], width: Int, _ body: @escaping @Sendable (Element) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, element) in elements.enumerated() {
                if index >= width { try await group.next() }
                group.addTask { try await body(element) }
            }
            try await group.waitForAll()
        }
    }

    private static func writeClientOptionFile(for records: [ServerRecord], in folder: String) throws {
        let account = LabAccounts.operating
        let lines = [
            "# Made by baton lab: the account with which baton watches and changes this lab's servers.",
            "[client]", "user=\(account.user)", "password=\(account.password)", "host=127.0.0.1",
            "port=\(records.first?.port ?? InstanceAddress.defaultPort)",
        ]
        let path = folder + "/client.cnf"
        let made = FileManager.default.createFile(
            atPath: path, contents: Data((lines.joined(separator: "\n") + "\n").utf8),
            attributes: [.posixPermissions: 0o600])
        guard made else { throw LabError.badFolder(folder, reason: "can't write \(path)") }
    }

    static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
