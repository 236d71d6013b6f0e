import Foundation
import Lab
import Operations
import Refactoring
import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("Running plans on real servers", .serialized, .timeLimit(.minutes(3)))
struct RealServerTests {
    private static let settings = ConnectionSettings(credentials: Credentials(user: "root"))

    /// `c` goes from `a` below `b` by GTID.
    private func move(_ lab: Lab, _ servers: LiveServers, to target: String = "b") async throws -> Plan {
        let (replica, old, new) = (lab["c"].address, lab["a"].address, lab[target].address)
        let facts = try await servers.probe(replica)
        let channel = try #require(facts.channels.first)
        let positioning: SourcePositioning = facts.version.flavor == .mariadb ? .replicaPosition : .autoPosition
        func change(to source: InstanceAddress) -> Command {
            let change = SourceChange(source: source, positioning: positioning)
            return .changeSource(channel: "", change.carryingOver(from: channel, on: facts.version))
        }
        let step = Step(
            stage: 0, on: replica, "follow \(new)",
            preconditions: [
                .identity(serverID: facts.identity.serverID, facts.identity.serverUUID), .follows(old, channel: ""),
                .replicates(channel: ""),
            ],
            commands: [.stopReplication(channel: ""), change(to: new), .startReplication(channel: "")],
            proof: [
                .follows(new, channel: ""), .positions(channel.positioning, channel: ""), .replicates(channel: ""),
            ],
            waitsFor: "the new source's answer",
            inverse: [.stopReplication(channel: ""), change(to: old), .startReplication(channel: "")])
        return Plan(intent: "Move c below \(target)", verb: "relocate", method: "gtid", steps: [step])
    }

    private func with(
        _ flavour: String, _ body: (Lab, LiveServers, TemporaryStore) async throws -> Void
    ) async throws {
        if flavour == "mysql", await !LabServers.hasMySQL() { try Test.cancel("there is no MySQL here") }
        try await LabServers.with("\(flavour): a(b c)") { lab in
            let servers = LiveServers(settings: { _ in Self.settings })
            let store = try await TemporaryStore()
            try await body(lab, servers, store)
            await servers.close()
        }
    }

    private func rows(_ server: LabServer) async throws -> String? {
        try await server.execute("SELECT COUNT(*) FROM m.t").first?.text(row: 0, column: 0)
    }

    @Test(
        "a replica goes below its sibling and back, keeps its heartbeat and receives each row once",
        arguments: ["mysql", "mariadb"])
    func moveAndUndo(flavour: String) async throws {
        try await with(flavour) { lab, servers, store in
            try await lab["a"].execute("CREATE DATABASE m", "CREATE TABLE m.t (id INT PRIMARY KEY)")
            try await lab["a"].execute("INSERT INTO m.t VALUES (1)")
            let word = flavour == "mysql" ? "REPLICA" : "SLAVE"
            let period =
                flavour == "mysql"
                ? "CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD = 7.25"
                : "CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD = 7.25"
            try await lab["c"].execute("STOP \(word)", period, "START \(word)")
            try await eventually("c replicates with the new period") {
                try await servers.probe(lab["c"].address).channels.first.map {
                    $0.isReplicating && $0.heartbeatPeriod == .milliseconds(7_250)
                } == true
            }
            let executor = Executor(servers: servers, journal: StoreJournal(store.store))
            let plan = try await move(lab, servers)
            let report = try await executor.run(plan)
            try #require(report.isDone, "\(report)")
            #expect(report.changedOptions.isEmpty)
            var channel = try #require(try await servers.probe(lab["c"].address).channels.first)
            #expect(channel.source == lab["b"].address && channel.heartbeatPeriod == .milliseconds(7_250))
            try await lab["a"].execute("INSERT INTO m.t VALUES (2)")
            try await eventually("the row comes by way of b") { try await rows(lab["c"]) == "2" }
            let undone = try await executor.undo(report.operation)
            try #require(undone.isDone, "\(undone)")
            channel = try #require(try await servers.probe(lab["c"].address).channels.first)
            #expect(channel.source == lab["a"].address && channel.isReplicating)
            try await lab["a"].execute("INSERT INTO m.t VALUES (3)")
            try await eventually("the row comes from a again") { try await rows(lab["c"]) == "3" }
        }
    }

    /// What a kill just after its start leaves of a MariaDB that follows by GTID.
    @Test("a MariaDB whose relay log is gone says only 1201: the way out is told, and is one")
    func forgottenRelayLog() async throws {
        try await with("mariadb") { lab, servers, store in
            try await lab["a"].execute("CREATE DATABASE m", "CREATE TABLE m.t (id INT PRIMARY KEY)")
            try await lab["c"].stop()
            let file = URL(fileURLWithPath: lab["c"].folder + "/data/relay-log.info")
            let written = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
            let changed = written.map { $0.hasPrefix("./relay.") ? "./relay.000099" : $0 }
            try Data((changed.joined(separator: "\n") + "\n").utf8).write(to: file)
            try await lab["c"].start()
            let facts = try await servers.probe(lab["c"].address)
            try #require(facts.channels.first?.isReplicating == false)
            let start = Step(
                stage: 0, on: lab["c"].address, "start replication",
                preconditions: [.identity(serverID: facts.identity.serverID, facts.identity.serverUUID)],
                commands: [.startReplication(channel: "")], proof: [.replicates(channel: "")], inverse: [])
            let plan = Plan(intent: "Start c", verb: "start-replica", method: "start", steps: [start])
            let report = try await Executor(servers: servers, journal: StoreJournal(store.store)).run(plan)
            #expect("\(report.ending)".contains("RESET SLAVE and then START SLAVE on it mend that"), "\(report.ending)")
            try await lab["c"].execute("RESET SLAVE", "START SLAVE")
            try await lab["a"].execute("INSERT INTO m.t VALUES (1)")
            try await eventually("the row comes") { try await rows(lab["c"]) == "1" }
        }
    }

    @Test("a change that forgets the heartbeat period is found out", arguments: ["mysql", "mariadb"])
    func changedOption(flavour: String) async throws {
        try await with(flavour) { lab, servers, store in
            let word = flavour == "mysql" ? "REPLICA" : "SLAVE"
            let period =
                flavour == "mysql"
                ? "CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD = 7.25"
                : "CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD = 7.25"
            try await lab["c"].execute("STOP \(word)", period, "START \(word)")
            try await eventually { try await servers.probe(lab["c"].address).channels.first?.isReplicating == true }
            var plan = try await move(lab, servers)
            let target = lab["b"].address
            plan.steps[0].commands[1] = .changeSource(channel: "", SourceChange(source: target))
            let report = try await Executor(servers: servers, journal: StoreJournal(store.store)).run(plan)
            try #require(report.isDone, "\(report)")
            #expect(report.changedOptions.map(\.before) == ["7.250"])
        }
    }

    @Test(
        "a move below a server that is not there fails in words, and is rolled back", arguments: ["mysql", "mariadb"])
    func failingStep(flavour: String) async throws {
        try await with(flavour) { lab, servers, store in
            try await lab["b"].kill()
            var plan = try await move(lab, servers)
            plan.steps[0].timeLimit = .seconds(2)
            // A server that baton never saw is not locked either; one that it knows must be.
            let unseen = Fleet([Instance(address: lab["b"].address)])
            let executor = Executor(servers: servers, journal: StoreJournal(store.store), fleet: unseen)
            let report = try await executor.run(plan)
            guard case .failed(let failures) = report.ending else {
                Issue.record("it ended with \(report.ending)")
                return
            }
            #expect(failures.map(\.phase) == [.proof])
            #expect(failures[0].message.contains("for the new source's answer"))
            #expect(failures[0].message.contains("its receiver is still connecting"))
            #expect(report.states[lab["c"].address]?.contains("follows \(lab["b"].address)") == true)
            let undone = try await executor.rollBack(report.operation)
            #expect(undone.isDone, "\(undone)")
            let channel = try await servers.probe(lab["c"].address).channels.first
            #expect(channel?.source == lab["a"].address && channel?.isReplicating == true)
        }
    }

    @Test(
        "a server killed in mid-plan leaves a report, and the operation is resumed when it is back",
        arguments: ["mysql", "mariadb"])
    func killedServer(flavour: String) async throws {
        try await with(flavour) { lab, servers, store in
            var plan = try await move(lab, servers)
            let all = plan.steps[0]
            var first = all
            first.commands = [.stopReplication(channel: "")]
            first.proof = [.stopped(.both, channel: "")]
            first.inverse = [.startReplication(channel: "")]
            var second = all
            second.stage = 1
            second.preconditions = [.follows(lab["a"].address, channel: ""), .stopped(.both, channel: "")]
            plan.steps = [first, second]
            let servant = StoppingServers(live: servers, replica: lab["c"])
            let executor = Executor(servers: servant, journal: StoreJournal(store.store))
            let report = try await executor.run(plan)
            guard case .failed(let failures) = report.ending else {
                Issue.record("it ended with \(report.ending)")
                return
            }
            #expect(failures.map(\.step) == [1])
            #expect(report.choices.contains(.resume))
            try await lab["c"].start()
            let live = Executor(servers: servers, journal: StoreJournal(store.store))
            let resumed = try await live.resume(report.operation)
            #expect(resumed.isDone, "\(resumed)")
            let channel = try await servers.probe(lab["c"].address).channels.first
            #expect(channel?.source == lab["b"].address && channel?.isReplicating == true)
        }
    }

    @Test("of two batons one is kept out, and told by whom", arguments: ["mysql", "mariadb"])
    func twoBatons(flavour: String) async throws {
        try await with(flavour) { lab, servers, store in
            let lock = try await servers.lock(lab["c"].address)
            let plan = try await move(lab, servers)
            let other = LiveServers(settings: { _ in Self.settings })
            let elsewhere = try await TemporaryStore()
            let executor = Executor(servers: other, journal: StoreJournal(elsewhere.store))
            let error = await #expect(throws: OperationError.self) { try await executor.run(plan) }
            #expect(error?.description.contains("another baton, root@") == true)
            #expect(await lock.standing() == .held)
            // Whoever loses its connection loses its lock.
            try await lab["c"].execute(
                "SELECT IS_USED_LOCK('baton_operation') INTO @id", "SET @s = CONCAT('KILL ', @id)", "PREPARE s FROM @s",
                "EXECUTE s")
            try await eventually("the lock is lost") { await lock.standing() == .lost }
            #expect(try await executor.run(plan).isDone)
            await other.close()
        }
    }

    @Test("a password goes to the server and into no journal, report or event", arguments: ["mysql", "mariadb"])
    func secret(flavour: String) async throws {
        try await with(flavour) { lab, _, store in
            let password = "baton-lab-replication"
            let name = SecretName(rawValue: "replication")
            let servers = LiveServers(settings: { _ in Self.settings }) { $0 == name ? Secret(password) : nil }
            var plan = try await move(lab, servers)
            let change = SourceChange(source: lab["b"].address, user: "replication", password: name)
            plan.steps[0].commands[1] = .changeSource(channel: "", change)
            let executor = Executor(servers: servers, journal: StoreJournal(store.store))
            let report = try await executor.run(plan)
            #expect(report.isDone, "\(report)")
            let record = try #require(try await store.store.operation(report.operation))
            #expect(record.plan.contains(#""password":"replication""#))
            #expect(!"\(record)\(report)".contains(password))
            await servers.close()
        }
    }
}

/// Kills a server after its first statements took effect.
private struct StoppingServers: OperationsServers {
    let live: LiveServers
    let replica: LabServer

    func probe(_ address: InstanceAddress) async throws(ServerTrouble) -> InstanceFacts {
        try await live.probe(address)
    }

    func run(
        _ statements: [Statement], on address: InstanceAddress, limit: Duration
    ) async throws(ServerTrouble) -> [String?] {
        if statements.count > 1 {
            do {
                try await replica.kill()
            } catch {
                throw .unreachable(address, "\(error)")
            }
        }
        return try await live.run(statements, on: address, limit: limit)
    }

    func connectionOptions(
        of address: InstanceAddress, channel: String
    ) async throws(ServerTrouble) -> [String: String] {
        try await live.connectionOptions(of: address, channel: channel)
    }

    func lock(_ address: InstanceAddress) async throws(ServerTrouble) -> any ServerLock { try await live.lock(address) }
}
