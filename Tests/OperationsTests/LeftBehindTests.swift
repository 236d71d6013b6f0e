import Lab
import Operations
import Refactoring
import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("Statements that an operation leaves behind", .serialized, .timeLimit(.minutes(3)))
struct LeftBehindTests {
    private static let settings = ConnectionSettings(credentials: Credentials(user: "root"))

    private func with(
        _ flavour: String, _ body: (Lab, LiveServers, TemporaryStore) async throws -> Void
    ) async throws {
        if flavour == "mysql", await !LabServers.hasMySQL() { try Test.cancel("there is no MySQL here") }
        try await LabServers.with("\(flavour): a(b)") { lab in
            try await lab["a"].execute("CREATE DATABASE m", "CREATE TABLE m.t (id INT PRIMARY KEY)")
            let servers = LiveServers(settings: { _ in Self.settings })
            try await eventually("b replicates the table") {
                let rows = try? await lab["b"].execute("SELECT COUNT(*) FROM m.t")
                return rows?.first?.text(row: 0, column: 0) == "0"
            }
            try await body(lab, servers, try await TemporaryStore())
            await servers.close()
        }
    }

    private func identity(_ server: LabServer, _ servers: LiveServers) async throws -> [Refactoring.Expectation] {
        let facts = try await servers.probe(server.address)
        return [.identity(serverID: facts.identity.serverID, facts.identity.serverUUID)]
    }

    private func readOnly(_ server: LabServer, _ servers: LiveServers, within limit: Duration) async throws -> Plan {
        let step = Step(
            stage: 0, on: server.address, "let nobody write", preconditions: try await identity(server, servers),
            commands: [.setVariable(.readOnly, to: "ON")], proof: [.writability(.readOnly)], timeLimit: limit,
            inverse: [.setVariable(.readOnly, to: "OFF")])
        return Plan(intent: "Make a read-only", verb: "set-read-only", method: "-", steps: [step])
    }

    private func stop(_ server: LabServer, _ servers: LiveServers, within limit: Duration) async throws -> Plan {
        let step = Step(
            stage: 0, on: server.address, "stop replication",
            preconditions: try await identity(server, servers) + [.replicates(channel: "")],
            commands: [.stopReplication(channel: "")], proof: [.stopped(.both, channel: "")], timeLimit: limit,
            inverse: [.startReplication(channel: "")])
        return Plan(intent: "Stop b", verb: "stop-replica", method: "-", steps: [step])
    }

    private func message(_ report: OperationReport) throws -> String {
        guard case .failed(let failures) = report.ending else {
            Issue.record("it ended with \(report.ending)")
            return ""
        }
        return try #require(failures.first).message
    }

    private func isReadOnly(_ server: LabServer) async throws -> Bool {
        try await server.execute("SELECT @@GLOBAL.read_only").first?.text(row: 0, column: 0) == "1"
    }

    private func isSetting(_ server: LabServer) async throws -> Bool {
        let question = "SELECT COUNT(*) FROM information_schema.processlist WHERE INFO LIKE 'SET GLOBAL read_only%'"
        return try await server.execute(question).first?.text(row: 0, column: 0) != "0"
    }

    @Test(
        "a statement whose time is up is ended on the server, and takes no effect afterwards",
        arguments: ["mysql", "mariadb"])
    func ended(flavour: String) async throws {
        try await with(flavour) { lab, servers, store in
            let writer = try await lab["a"].connect()
            defer { writer.close() }
            try await writer.execute("LOCK TABLES m.t WRITE", timeout: .seconds(5))
            let executor = Executor(servers: servers, journal: StoreJournal(store.store))
            let plan = try await readOnly(lab["a"], servers, within: .seconds(2))
            let report = try await executor.run(plan)
            let message = try message(report)
            #expect(message.contains("its session was ended there"), "\(message)")
            #expect(try await !isSetting(lab["a"]))
            try await writer.execute("UNLOCK TABLES", timeout: .seconds(5))
            #expect(try await !isReadOnly(lab["a"]))
            #expect(try await executor.resume(report.operation).isDone)
            #expect(try await isReadOnly(lab["a"]))
        }
    }

    @Test(
        "what a frozen server still has to do is told, and is ended before the operation is resumed or another begins",
        arguments: ["mysql", "mariadb"])
    func frozen(flavour: String) async throws {
        try await with(flavour) { lab, servers, store in
            let writer = try await lab["a"].connect()
            defer { writer.close() }
            try await writer.execute("LOCK TABLES m.t WRITE", timeout: .seconds(5))
            let executor = Executor(servers: servers, journal: StoreJournal(store.store))
            let plan = try await readOnly(lab["a"], servers, within: .seconds(4))
            let running = Task { try await executor.run(plan) }
            try await eventually("the statement waits") { try await isSetting(lab["a"]) }
            try await lab["a"].freeze()
            let report = try await running.value
            let words = try message(report)
            #expect(words.contains("That statement may still take effect there"), "\(words)")
            let noted = try await store.store.operation(report.operation)
            #expect(noted?.report?.contains("SET GLOBAL read_only") == true)
            #expect(noted?.report?.contains("may still take effect") == true)
            try await lab["a"].thaw()
            // Whoever comes next ends it, although another client still holds it up, and whether or not the server has
            // noticed by itself that nobody waits for it.
            let other = LiveServers(settings: { _ in Self.settings })
            let lock = try await other.lock(lab["a"].address)
            #expect(try await !isSetting(lab["a"]))
            await lock.release()
            await other.close()
            try await writer.execute("UNLOCK TABLES", timeout: .seconds(5))
            #expect(try await !isReadOnly(lab["a"]))
            #expect(try await executor.resume(report.operation).isDone)
        }
    }

    @Test(
        "a stop behind a lock is told to go on, keeps others away, and is taken back to the end",
        arguments: ["mysql", "mariadb"])
    func stopBehindLock(flavour: String) async throws {
        try await with(flavour) { lab, servers, store in
            let reader = try await lab["b"].connect()
            defer { reader.close() }
            try await reader.execute("LOCK TABLES m.t READ", timeout: .seconds(5))
            try await lab["a"].execute("INSERT INTO m.t VALUES (1)")
            try await eventually("the applier of b waits") {
                let question =
                    "SELECT COUNT(*) FROM information_schema.processlist WHERE STATE LIKE 'Waiting for table%'"
                return try await lab["b"].execute(question).first?.text(row: 0, column: 0) != "0"
            }
            let executor = Executor(servers: servers, journal: StoreJournal(store.store))
            let report = try await executor.run(try await stop(lab["b"], servers, within: .seconds(2)))
            let words = try message(report)
            #expect(words.contains("A thread that was told to stop stops as soon as it can"), "\(words)")
            let again = await #expect(throws: OperationError.self) { try await executor.resume(report.operation) }
            #expect(again?.description.contains("was told to end and goes on") == true)
            try await reader.execute("UNLOCK TABLES", timeout: .seconds(5))
            let back = try await executor.rollBack(report.operation)
            #expect(back.isDone, "\(back)")
            // Were the stop still to come, it would come now.
            try await lab["a"].execute("INSERT INTO m.t VALUES (2)")
            try await eventually("b has both rows") {
                try await lab["b"].execute("SELECT COUNT(*) FROM m.t").first?.text(row: 0, column: 0) == "2"
            }
            #expect(try await servers.probe(lab["b"].address).channels.first?.isReplicating == true)
        }
    }
}
