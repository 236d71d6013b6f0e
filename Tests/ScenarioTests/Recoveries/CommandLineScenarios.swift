import Foundation
import Recovery
import Servers
import Storage
import Subprocess
import SystemPackage
import TestSupport
import Testing
import Topology

@testable import Lab

extension RecoveryScenarios {
    @Suite("Failovers from the command line")
    struct CommandLine {
        @Test("one whose replica fails to follow has promoted all the same: record, marks and hooks say so")
        func unfinished() async throws {
            try await Mover.onLab("mysql[heartbeat]: a(b c)") { lab, mover in
                let baton = try BatonCommand(lab, hooks: true)
                try await lab["a"].execute("CREATE DATABASE app")
                try await lab["a"].execute("CREATE EVENT app.tick ON SCHEDULE EVERY 1 DAY DO SELECT 1")
                try await eventually("the event has come") {
                    let count = "SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_NAME = 'tick'"
                    return try await lab["b"].value(count) == "1"
                }
                // Nobody may follow b.
                let lock = "ALTER USER \(LabAccounts.replication.user)@'%' ACCOUNT"
                try await lab["b"].execute("SET SESSION sql_log_bin = 0", "\(lock) LOCK")
                _ = try await baton.run("discover", "a")
                try await lab["a"].kill()
                let first = try await baton.run("failover", "a", "--to", "b", "--yes", code: 5)
                #expect(try await mover.facts("b").writability == .writable, "\(first)")
                let store = try await Store.open(at: baton.store)
                let record = try #require(try await store.recoveries().first)
                #expect(record.outcome == .failed && record.successor == mover.address("b"), "\(record)")
                #expect(baton.hookLines == ["before", "promoted b", "over b"], "\(first)")
                try await lab["a"].start()
                let seen = try await baton.run("analyze", "a", "b")
                #expect(seen.contains("primary.returned"), "\(seen)")
                try await lab["b"].execute("SET SESSION sql_log_bin = 0", "\(lock) UNLOCK")
                let second = try await baton.run("operations", "resume", "1", "--yes")
                // The definer has more rights than baton's account, and the event is left to whoever may enable it.
                #expect(second.contains("ALTER DEFINER") && second.contains("left to whoever may do it"), "\(second)")
                #expect(try await store.recovery(record.id)?.outcome == .done)
                #expect(baton.hookLines == ["before", "promoted b", "over b"])
                #expect(try await mover.source(of: "c") == "b")
                try store.close()
            }
        }

        @Test("who asks for the new primary hears of the old one that is back, too")
        func returned() async throws {
            try await Mover.onLab("mysql[heartbeat]: a(b c)") { lab, mover in
                let baton = try BatonCommand(lab)
                try await lab["c"].executeUnlogged(["CREATE DATABASE only_here"])
                try await lab["a"].execute("CREATE DATABASE only_here")
                try await eventually("c is broken") {
                    try await mover.channel(of: "c").applierError != nil
                }
                _ = try await baton.run("discover", "a")
                try await lab["a"].kill()
                let dead = try await baton.run("analyze", "a", "--check", code: 1)
                #expect(dead.contains("primary.dead"), "\(dead)")
                let promoted = try await baton.run("failover", "a", "--to", "b", "--yes")
                // What its applier had stopped with is nowhere to be read afterwards.
                #expect(promoted.contains("error 1007"), "\(promoted)")
                try await lab["a"].start()
                for question in ["analyze", "problems"] {
                    let seen = try await baton.run(question, "b", "--check", code: 1)
                    #expect(seen.contains("primary.returned"), "\(seen)")
                }
                let again = try await baton.run("failover", "a", "--dry-run", code: 3)
                #expect(again.contains("failover.replaced") && !again.contains("failover.no-replica"), "\(again)")
            }
        }

        @Test("a primary that comes back while its failover waits keeps it from promoting anybody")
        func back() async throws {
            try await Mover.onLab("mysql[heartbeat]: a(b c)") { lab, mover in
                let baton = try BatonCommand(lab)
                try await lab["a"].execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)")
                let (b, c) = (lab["b"], lab["c"])
                try await eventually("the table has come") {
                    let count = "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_NAME = 't'"
                    let found = [try await b.value(count), try await c.value(count)]
                    return found == ["1", "1"]
                }
                _ = try await baton.run("discover", "a")
                // What is received from now on cannot be applied.
                let holders = [try await b.connect(), try await c.connect()]
                for (server, holder) in zip([b, c], holders) {
                    try await server.execute(["LOCK TABLES app.t READ"], in: holder)
                }
                try await lab["a"].execute("INSERT INTO app.t VALUES (1)")
                try await eventually("what was received waits") {
                    let waiting = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting%lock'"
                    let found = [try await b.value(waiting), try await c.value(waiting)]
                    return found == ["1", "1"]
                }
                try await lab["a"].kill()
                async let failover = baton.run("failover", "a", "--to", "b", "--yes", code: 5)
                let store = try await Store.open(at: baton.store)
                try await eventually("it is under way") { try await !store.operations().isEmpty }
                try await lab["a"].start()
                // The second look begins when the first is over.
                try await eventually(within: .seconds(20), "it is looked at again") {
                    let looks = try await lab["a"].execute("SHOW GLOBAL STATUS LIKE 'Com_show_replica_status'")
                    return looks.first?.text(row: 0, column: 1).flatMap(Int.init) ?? 0 >= 2
                }
                for holder in holders { holder.close() }
                let said = try await failover
                #expect(said.contains("answers again") && said.contains("nobody is promoted"), "\(said)")
                #expect(try await mover.facts("b").writability != .writable)
                _ = try await baton.run("operations", "resume", "1", "--yes", code: 3)
                _ = try await baton.run("operations", "roll-back", "1", "--yes")
                try await eventually("both replicate from it again") {
                    for name in ["b", "c"] where try await !mover.channel(of: name).isReplicating { return false }
                    return true
                }
                try store.close()
            }
        }

        @Test("a primary is given up once, and what was moved away from it is not led back")
        func chain() async throws {
            try await Mover.onLab("mariadb[heartbeat]: m(n o p)") { lab, mover in
                let baton = try BatonCommand(lab)
                // By what it has it is known whose history a server shares.
                try await lab["m"].execute("CREATE DATABASE app")
                try await eventually("it has come to all") {
                    let count = "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'app'"
                    for name in ["n", "o", "p"] where try await lab[name].value(count) != "1" { return false }
                    return true
                }
                _ = try await baton.run("discover", "m")
                try await lab["p"].freeze()
                try await lab["m"].kill()
                _ = try await baton.run("failover", "m", "--to", "n", "--yes")
                try await lab["p"].thaw()
                // It still follows the old primary, as if nobody had been promoted.
                let again = try await baton.run("failover", "m", "--yes", code: 3)
                #expect(again.contains("failover.replaced") && again.contains("relocate-replicas"), "\(again)")
                _ = try await baton.run("relocate", "p", "n", "--yes")
                try await lab["m"].start()
                try await lab["n"].kill()
                let seen = try await baton.run("analyze", "n")
                #expect(seen.contains("primary.dead") && !seen.contains("intermediate"), "\(seen)")
                let plan = try await baton.run("failover", "n", "--dry-run")
                #expect(plan.contains("what is lost") && plan.contains("after that look: unknown"), "\(plan)")
                _ = try await baton.run("failover", "n", "--yes")
                let sources = [try await mover.source(of: "o"), try await mover.source(of: "p")]
                #expect([["p", nil], [nil, "o"]].contains(sources), "\(sources)")
            }
        }
    }
}

/// The program, called as from a shell, on a lab and a store of its own.
struct BatonCommand {
    let store: String
    private let lab: Lab
    private let program: String
    private let configuration: String
    private let hookLog: String

    init(_ lab: Lab, hooks: Bool = false) throws {
        let folder = try lab.scratchFolder()
        self.lab = lab
        program = try #require(BuiltProduct.path(of: "baton"))
        store = folder + "/baton.db"
        hookLog = folder + "/hooks.log"
        configuration = folder + "/baton.toml"
        var text = try String(contentsOfFile: lab.configurationFile, encoding: .utf8)
        if hooks {
            text += """

                [hooks]
                pre-failover = ["echo before >> \(hookLog)"]
                post-primary-failover = ["echo promoted $BATON_SUCCESSOR_ALIAS >> \(hookLog)"]
                post-failover = ["echo over $BATON_SUCCESSOR_ALIAS >> \(hookLog)"]
                post-unsuccessful = ["echo in vain >> \(hookLog)"]

                """
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: configuration))
    }

    var hookLines: [String] {
        ((try? String(contentsOfFile: hookLog, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    /// Servers of the lab are called by their names here, and by their addresses there.
    ///
    /// - Returns: what it printed, both streams together.
    func run(_ arguments: String..., code: Int32 = 0, at location: SourceLocation = #_sourceLocation) async throws
        -> String
    {
        let names = Dictionary(uniqueKeysWithValues: lab.servers.map { ($0.name, $0.address.description) })
        let words = arguments.map { names[$0] ?? $0 }
        let result = try await Subprocess.run(
            .path(FilePath(program)),
            arguments: Arguments(words + ["--config", configuration, "--store", store]),
            environment: .inherit.updating([
                Environment.Key(stringLiteral: LabAccounts.replicationPasswordVariable): LabAccounts.replicationPassword
            ]), output: .string(limit: 1 << 20), error: .combinedWithOutput)
        let output = result.standardOutput
        #expect(result.terminationStatus == .exited(code), "\(arguments): \(output)", sourceLocation: location)
        return output
    }
}
