import Lab
import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("Servers that the store knows and nobody names now", .serialized, .timeLimit(.minutes(5)))
struct RememberedServersTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
    }

    private func run(_ arguments: [String], _ login: [String], code: Int32 = 0) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments + login)
        #expect(run.code == code, "\(arguments): \(run)")
        return run
    }

    /// Begins two new binary logs on a server, and asks for the older ones to be removed.
    private func purge(_ server: LabServer, _ login: [String]) async throws -> Sandbox.Run {
        try await server.execute("FLUSH BINARY LOGS", "FLUSH BINARY LOGS")
        let logs = try #require(try await server.execute("SHOW BINARY LOGS").first)
        let column = try #require(logs.column(named: "Log_name"))
        let file = try #require((0..<logs.rowCount).last.flatMap { logs.text(row: $0, column: column) })
        return try await run(
            ["purge-binary-logs", server.address.description, "--to", file, "--yes", "--confirm", "log.purged"], login,
            code: 3)
    }

    @Test("logs are not purged while a stopped replica needs them, nor while one that is down may")
    func purging() async throws {
        try await LabServers.with("mariadb: a(b c)") { lab in
            let (a, b, c) = (lab["a"].address.description, lab["b"].address.description, lab["c"].address.description)
            let login = ["--defaults-file", lab.clientOptionFile]
            _ = try await run(["discover", a], login)
            _ = try await run(["stop-replica", b, "--yes"], login)
            let stopped = try await purge(lab["a"], login)
            #expect(stopped.errors.contains("refuse   log.needed: \(b) stands at "), "\(stopped)")
            #expect(try await run(["replicas", a], login).lines.contains(b))

            _ = try await run(["start-replica", b, "--yes"], login)
            try await lab["c"].kill()
            let killed = try await purge(lab["a"], login)
            #expect(killed.errors.contains("log.needed: \(c) stands at "), "\(killed)")
            let rows = try await run(["topology", a, "--format", "json"], login).json.elements
            #expect(rows.first { $0["address"]?.text == c }?["source"]?.text == a, "\(rows)")
            #expect(try await run(["problems", a], login).output.contains(c))

            // What is forgotten is not asked any more.
            _ = try await run(["forget", c], [])
            #expect(try await !run(["replicas", a], login).lines.contains(c))
        }
    }

    @Test("a replica that only an operation ever saw is known to the next one, though nobody names it then")
    func seenByOperation() async throws {
        try await LabServers.with("mariadb: a(b c)") { lab in
            let (a, b, c) = (lab["a"].address.description, lab["b"].address.description, lab["c"].address.description)
            let login = ["--defaults-file", lab.clientOptionFile]
            _ = try await run(["stop-replica", c, "--dry-run"], login)
            #expect(try await run(["topology"], [], code: 1).errors.contains("knows no server yet"))
            _ = try await run(["stop-replica", b, "--yes"], login)
            #expect(try await run(["replicas", a, "--stored"], []).lines == [b, c].sorted())
            let stopped = try await purge(lab["a"], login)
            #expect(stopped.errors.contains("refuse   log.needed: \(b) stands at "), "\(stopped)")
        }
    }

    @Test("replicas that do not answer are named with the rule, before and after the others are moved")
    func staying() async throws {
        try await LabServers.with("mariadb: a(b(c d e) f)") { lab in
            let names = Dictionary(uniqueKeysWithValues: "abcdef".map { ("\($0)", lab["\($0)"].address.description) })
            let (b, d, e, f) = (try #require(names["b"]), names["d"] ?? "", names["e"] ?? "", names["f"] ?? "")
            let login = ["--defaults-file", lab.clientOptionFile]
            _ = try await run(["discover", b], login)
            try await lab["d"].kill()
            try await lab["e"].freeze()
            let plan = try await run(["relocate-replicas", b, f, "--dry-run", "--format", "json"], login).json
            #expect(plan["confirm"]?.elements.map(\.text) == ["conn.down-d"], "\(plan)")
            let sentences = (plan["reasons"]?.elements ?? []).filter { $0["gravity"]?.text == "confirm" }
                .compactMap { $0["sentence"]?.text }
            for stays in [d, e] {
                #expect(sentences.contains { $0.hasPrefix("\(stays) is left where it is: ") }, "\(sentences)")
            }
            let asked = try await run(["relocate-replicas", b, f, "--yes"], login, code: 4)
            #expect(asked.errors.contains("--confirm conn.down-d"), "\(asked)")
            let done = try await run(
                ["relocate-replicas", b, f, "--yes", "--confirm", "conn.down-d"], login)
            #expect(done.output.contains("confirmed: \(d) is left where it is: \(d) "), "\(done)")
            #expect(done.output.contains("[conn.down-d]") && done.output.contains("\(e) is left"), "\(done)")
            #expect(try await run(["replicas", b], login).lines == [d, e].sorted())

            let frozen = try await run(["relocate", names["c"] ?? "", e, "--yes"], login, code: 3)
            #expect(frozen.errors.contains("refuse   conn.down-t: \(e) does not answer: "), "\(frozen)")
            let nobody = try await run(["relocate", f, "no-such-server.invalid", "--yes"], login, code: 1)
            #expect(nobody.errors.contains("is no known server, and no such host is found"), "\(nobody)")
            try await lab["e"].thaw()
        }
    }

    @Test("the way back from a reset names what it lacks, though the source does not answer")
    func undoingReset() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            let (a, b) = (lab["a"].address.description, lab["b"].address.description)
            let login = ["--defaults-file", lab.clientOptionFile]
            _ = try await run(["discover", a], login)
            _ = try await run(["reset-replica", b, "--yes", "--confirm", "replica.forgets"], login)
            let secret = try await run(["operations", "undo", "1", "--yes"], login, code: 3)
            #expect(secret.errors.contains("refuse   cred.secret: "), "\(secret)")
            #expect(secret.errors.contains("operations.replication-password-variable"), "\(secret)")
            try await lab["a"].kill()
            let down = try await run(["operations", "undo", "1", "--yes"], login, code: 3)
            #expect(down.errors.contains("refuse   conn.down-t: \(a) does not answer: "), "\(down)")
        }
    }

    @Test(
        "GTIDs are not made anew on a server whose only replica is stopped",
        .enabled { await LabServers.hasMySQL() })
    func resetting() async throws {
        try await LabServers.with("mysql: a(b(c))") { lab in
            let (b, c) = (lab["b"].address.description, lab["c"].address.description)
            let login = ["--defaults-file", lab.clientOptionFile]
            _ = try await run(["discover", b], login)
            try await lab["b"].execute("SET GLOBAL super_read_only = OFF", "CREATE DATABASE errant_one")
            try await lab["b"].execute("SET GLOBAL super_read_only = ON")
            _ = try await run(["stop-replica", c, "--yes"], login)
            _ = try await run(["stop-replica", b, "--yes"], login)
            let refused = try await run(["gtid-errant-reset", b, "--yes"], login, code: 3)
            #expect(refused.errors.contains("refuse   errant.has-replicas: "), "\(refused)")
        }
    }
}
