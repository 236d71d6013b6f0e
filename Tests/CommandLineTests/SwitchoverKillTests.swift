import Foundation
import Lab
import Servers
import Storage
import Subprocess
import TestSupport
import Testing
import Topology

@Suite("A switchover whose baton is killed while nobody can write", .serialized, .timeLimit(.minutes(5)))
struct SwitchoverKillTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
    }

    private func run(_ arguments: [String], _ lab: Lab, code: Int32) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments + ["--config", lab.configurationFile], environment: Self.password)
        #expect(run.code == code, "\(arguments): \(run)")
        return run
    }

    private static let password = [LabAccounts.replicationPasswordVariable: LabAccounts.replicationPassword]

    /// Kills the program while the old primary waits for a table lock to become read-only, which keeps clients from writing
    /// meanwhile; what the server was told goes on without anybody who waits for it.
    ///
    /// - Returns: the number of the operation.
    private func killing(_ lab: Lab) async throws -> String {
        let holder = try await lab["a"].connect()
        defer { holder.close() }
        try await holder.execute("LOCK TABLES mysql.waits_here WRITE", timeout: .seconds(10))
        let arguments = [
            "switchover", lab["a"].address.description, "--to", lab["b"].address.description, "--yes", "--lock-wait",
            "30s", "--config", lab.configurationFile,
        ]
        var updates: [Environment.Key: String?] = [:]
        for (name, value) in Self.password { updates[Environment.Key(stringLiteral: name)] = value }
        let waiting = """
            SELECT COUNT(*) FROM information_schema.processlist WHERE ID <> CONNECTION_ID() AND STATE LIKE 'Waiting%' \
            AND (INFO LIKE 'FLUSH TABLES WITH READ LOCK%' OR INFO LIKE 'SET GLOBAL%read_only%')
            """
        let result = try await Subprocess.run(
            Sandbox.program, arguments: Arguments(arguments), environment: sandbox.environment.updating(updates),
            platformOptions: Sandbox.detached, input: .none, output: .discarded, error: .discarded
        ) { execution in
            try await eventually(within: .seconds(30), "writes are being stopped") {
                let rows = try await lab["a"].execute(waiting)[0]
                return rows.text(row: 0, column: 0) == "1"
            }
            try execution.send(signal: .kill)
        }
        guard case .signaled = result.terminationStatus else {
            Issue.record("it was not killed: \(result.terminationStatus)")
            return ""
        }
        try await holder.execute("UNLOCK TABLES", timeout: .seconds(10))
        let list = try await sandbox.baton(["operations", "--format", "json"]).json.elements
        return try #require(list.first?["id"]?.number)
    }

    private func isWritable(_ server: LabServer) async throws -> Bool {
        let rows = try await server.execute("SELECT @@GLOBAL.read_only")[0]
        return ["0", "OFF"].contains(rows.text(row: 0, column: 0))
    }

    private func switching(_ flavour: String) async throws {
        try await LabServers.with("\(flavour): a(b)") { lab in
            let (a, b) = (lab["a"].address.description, lab["b"].address.description)
            try await lab["a"].execute("CREATE TABLE mysql.waits_here (id INT)")
            try await eventually("the table has come") {
                (try? await lab["b"].execute("SELECT COUNT(*) FROM mysql.waits_here")) != nil
            }
            _ = try await run(["operations", "roll-back", try await killing(lab), "--yes"], lab, code: 0)
            #expect(try await isWritable(lab["a"]))
            #expect(try await !isWritable(lab["b"]))
            _ = try await run(["is-replicating", b], lab, code: 0)

            _ = try await run(["operations", "resume", try await killing(lab), "--yes"], lab, code: 0)
            #expect(try await isWritable(lab["b"]))
            #expect(try await !isWritable(lab["a"]))
            #expect(try await run(["source", a], lab, code: 0).lines.first == b)
            _ = try await run(["is-replicating", a], lab, code: 0)
            try await lab["b"].execute("INSERT INTO mysql.waits_here VALUES (1)")
            try await eventually("what is written there comes back") {
                let rows = try await lab["a"].execute("SELECT COUNT(*) FROM mysql.waits_here")[0]
                return rows.text(row: 0, column: 0) == "1"
            }
        }
    }

    @Test("it is rolled back and writes go on, or resumed to the end", arguments: ["mariadb", "mysql"])
    func killed(flavour: String) async throws {
        if flavour == "mysql", await !LabServers.hasMySQL() { try Test.cancel("there is no MySQL here") }
        try await switching(flavour)
    }
}
