import Foundation
import Storage
import TestSupport
import Testing
import Topology

@testable import Lab

/// `baton watch --recover` as a process of its own.
struct WatchProcess: Sendable {
    private let process: ProcessIdentity
    private let log: String

    /// What the configuration says of the lab's cluster.
    struct Setup {
        var grace = "0s"
        var recovered = #"["primary", "intermediate-source", "returned-primary"]"#
        var acceptsSplitBrain = true
        /// Further lines of the file.
        var more = ""
        /// Of its environment, as `NAME=value`.
        var variables: [String] = []

        var file: String {
            """
            [recovery]
            grace = "\(grace)"
            \(more)
            [[clusters]]
            name = "lab"
            pattern = '.'
            recover = \(recovered)
            accept-split-brain = \(acceptsSplitBrain)
            """
        }
    }

    /// Starts it on a lab, with a store that others may share, and waits until it has seen these servers.
    static func start(
        _ name: String, on lab: Lab, store: String, seeing servers: [String], _ setup: Setup = Setup(),
        within site: LabSite = LabSite()
    ) async throws -> WatchProcess {
        let program = try #require(BuiltProduct.path(of: "baton"))
        let (configuration, log) = (lab.folder + "/\(name).toml", lab.folder + "/\(name).log")
        try Data(setup.file.utf8).write(to: URL(fileURLWithPath: configuration))
        let process = try DetachedProcess.start(
            site.command + (setup.variables.isEmpty ? [] : ["/usr/bin/env"] + setup.variables) + [
                program, "watch", lab[servers[0]].address.description, "--recover", "--config", configuration,
                "--store", store, "--defaults-file", lab.clientOptionFile,
            ], log: log)
        let watch = WatchProcess(process: process, log: log)
        do {
            for server in servers {
                try await eventually(within: .seconds(60), "\(name) has seen \(server): \(watch.output)") {
                    watch.output.split(separator: "\n").contains { line in
                        line.contains("\(lab[server].address)") && line.contains("was found: ")
                            || line.contains("\(lab[server].address)") && line.contains("answers: ")
                    }
                }
            }
        } catch {
            try await watch.end()
            throw error
        }
        return watch
    }

    /// What it has printed.
    var output: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// Asks it to end, and waits for that.
    func end() async throws {
        process.send(SIGTERM)
        try await eventually(within: .seconds(60), "the watch has ended: \(output)") { !process.isAlive }
    }
}
