import Foundation
import Lab
import Servers
import TestSupport
import Testing

@Suite("A lab of real servers")
struct LabTests {
    /// Brings a lab up in a folder of its own, hands it over, and takes it down whatever happens.
    static func withLab(_ shape: String, _ body: (Lab) async throws -> Void) async throws {
        let lab = try await Lab.up(try Shape(parsing: shape), in: temporaryFolder(), lifetime: .thisProcess)
        do {
            try await body(lab)
        } catch {
            try? await lab.down()
            throw error
        }
        try await lab.down()
        #expect(!FileManager.default.fileExists(atPath: lab.folder))
    }

    static func temporaryFolder() -> String {
        FileManager.default.temporaryDirectory.path + "/baton-lab-\(UUID().uuidString)"
    }

    /// The channels of a server as its status shows them.
    static func channels(of name: String, in lab: Lab) async throws -> [LabStatus.Channel] {
        try await lab.status().servers.first { $0.name == name }?.channels ?? []
    }

    @Test("a replica is stopped, broken and mended with real errors", arguments: ["mariadb", "mysql"])
    func replicaFaults(flavour: String) async throws {
        try await Self.withLab("\(flavour): a(b)") { lab in
            try await lab["b"].stopReplica()
            #expect(try await Self.channels(of: "b", in: lab).map(\.applying) == ["No"])
            try await lab["b"].startReplica()
            #expect(try await Self.channels(of: "b", in: lab).map(\.applying) == ["Yes"])

            let error = try await lab["b"].breakReplica(in: lab)
            #expect(error.contains("Duplicate entry") || error.contains("Coordinator stopped"), "\(error)")
            try await lab["b"].startReplica()
            #expect(try await Self.channels(of: "b", in: lab).map(\.error) == [nil])

            // A killed server is gone only when its last thread has let go of its files. What it has left names a process
            // whose id another one may have got by now, here this one.
            for _ in 0..<3 {
                try await lab["b"].kill()
                let lock = URL(fileURLWithPath: lab["b"].folder + "/data/server.sock.lock")
                try Data("\(getpid())\n".utf8).write(to: lock)
                try await lab["b"].start()
            }
        }
    }

    @Test("a replica is delayed and made to lag", arguments: ["mariadb", "mysql"])
    func lagging(flavour: String) async throws {
        try await Self.withLab("\(flavour): a(b)") { lab in
            async let lag: Void = lab["b"].lag(for: .seconds(4), in: lab)
            try await eventually(within: .seconds(10), "b falls behind") {
                try await Self.channels(of: "b", in: lab).contains { ($0.secondsBehind ?? 0) >= 1 }
            }
            try await lag
            try await eventually(within: .seconds(20), "b catches up") {
                try await Self.channels(of: "b", in: lab).map(\.secondsBehind) == [0]
            }
            try await lab["b"].delay(seconds: 600)
            try await lab["a"].execute("CREATE DATABASE late")
            try await eventually(within: .seconds(10), "b holds the change back") {
                try await Self.channels(of: "b", in: lab).contains { ($0.secondsBehind ?? 0) >= 1 }
            }
            #expect(try await lab["b"].execute("SHOW DATABASES LIKE 'late'").first?.rowCount == 0)
            try await lab["b"].delay(seconds: 0)
            try await eventually(within: .seconds(10), "b has the change") {
                try await lab["b"].execute("SHOW DATABASES LIKE 'late'").first?.rowCount == 1
            }
        }
    }

    @Test("co-primaries replicate both ways, and a server with several sources from each")
    func manySources() async throws {
        try await Self.withLab("mariadb: m=n(x) o(x[workers=2]); mysql[positions semi-sync]: p(q)") { lab in
            try await lab["m"].execute("CREATE DATABASE from_m")
            try await lab["n"].execute("CREATE DATABASE from_n")
            try await lab["o"].execute("CREATE DATABASE from_o")
            try await lab["p"].execute("CREATE DATABASE from_p")
            func has(_ server: String, _ databases: String...) async throws -> Bool {
                let answer = try await lab[server].execute("SHOW DATABASES LIKE 'from%'").first
                return answer.map { answer in
                    (0..<answer.rowCount).compactMap { answer.text(row: $0, column: 0) } == databases
                } ?? false
            }
            try await eventually(within: .seconds(20)) { try await has("m", "from_m", "from_n") }
            try await eventually(within: .seconds(20)) { try await has("n", "from_m", "from_n") }
            try await eventually(within: .seconds(20)) { try await has("x", "from_m", "from_n", "from_o") }
            try await eventually(within: .seconds(20)) { try await has("q", "from_p") }
            #expect(try await Self.channels(of: "x", in: lab).compactMap(\.source).sorted() == ["n", "o"])
            let semiSync = try await lab["p"].execute("SHOW STATUS LIKE 'Rpl_semi_sync_source_clients'").first
            #expect(semiSync?.text(row: 0, column: 1) == "1")
            let positions = try await lab["q"].execute("SELECT @@gtid_mode").first
            #expect(positions?.text(row: 0, column: 0) == "OFF")
        }
    }

    @Test("servers are killed, started on their port again, frozen and thawed; the writer's log tells")
    func processFaults() async throws {
        try await Self.withLab("mariadb: a(b)") { lab in
            let workload = try await lab.startWorkload(rate: 200)
            let log = workload.workload.log
            func acknowledged() -> Int { (try? log.entries())?.count { $0.outcome == .acknowledged } ?? 0 }
            try await eventually { acknowledged() > 20 }

            try await lab["a"].kill()
            #expect(lab["a"].condition == .down)
            try await eventually { try log.entries().last?.outcome == .failed }
            let before = acknowledged()
            try await lab["a"].start()
            try await eventually { acknowledged() > before + 20 }

            try await lab["b"].freeze()
            #expect(lab["b"].condition == .frozen)
            await #expect(throws: (any Error).self) {
                _ = try await Connection.open(
                    to: lab["b"].address,
                    settings: ConnectionSettings(
                        credentials: Credentials(user: "root"), connectTimeout: .milliseconds(300)))
            }
            try await lab["b"].thaw()
            #expect(lab["b"].condition == .running)
            try await workload.stop()

            let report = try await eventually("b has every row") {
                let report = try await workload.workload.report(on: lab.servers)
                return report.servers.allSatisfy { $0.notYet == 0 } ? report : nil
            }
            #expect(report.servers.map(\.missing) == [0, 0])
            #expect(report.failed > 0)
            #expect(report.longestPause > 0.05)
        }
    }

    @Test("a lab is read back from its folder, and a second one is not brought up over it")
    func reopening() async throws {
        try await Self.withLab("mariadb: a(b)") { lab in
            let again = try Lab.open(folder: lab.folder)
            #expect(try again.shape == "mariadb: a(b)")
            #expect(again.servers.map(\.address) == lab.servers.map(\.address))
            #expect(again.primaries.map(\.name) == ["a"])
            let permissions = try FileManager.default.attributesOfItem(atPath: lab.clientOptionFile)[.posixPermissions]
            #expect(permissions as? Int == 0o600)
            await #expect(throws: LabError.alreadyUp(folder: lab.folder)) {
                _ = try await Lab.up(try Shape(parsing: "mariadb: c"), in: lab.folder)
            }
            #expect(lab["a"].condition == .running)
            #expect(throws: LabError.noSuchServer("z", known: ["a", "b"])) { _ = try lab.server("z") }
        }
    }

    @Test("a lab that is named by a relative path is the same lab")
    func relativePath() async throws {
        try await LabServers.with("mariadb: a") { lab in
            let here = FileManager.default.currentDirectoryPath
            let up = here.split(separator: "/").map { _ in ".." }.joined(separator: "/")
            let relative = try Lab.open(folder: up + lab.folder)
            #expect(relative.folder == lab.folder)
            #expect(relative["a"].condition == .running)
        }
    }

    @Test("a server that can't start is an error with the end of its log, and leaves nothing")
    func failedStart() async throws {
        let folder = Self.temporaryFolder()
        let error = try await #require(throws: LabError.self) {
            _ = try await Lab.up(
                try Shape(parsing: "mariadb: a(b[--no-such-option-at-all])"), in: folder, lifetime: .thisProcess)
        }
        #expect(error.description.contains("no-such-option-at-all"), "\(error)")
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test("what a lab left behind is taken down without its state file")
    func withoutStateFile() async throws {
        let folder = Self.temporaryFolder()
        let lab = try await Lab.up(try Shape(parsing: "mariadb: a"), in: folder, lifetime: .thisProcess)
        let process = try #require(lab["a"].process)
        try FileManager.default.removeItem(atPath: folder + "/lab.json")
        #expect(try await Lab.down(folder: folder) == 1)
        #expect(!process.isAlive)
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}
