import Foundation
import Lab
import Servers
import Storage
import Subprocess
import TestSupport
import Testing
import Topology

@Suite("Operations on real servers from the command line", .serialized, .timeLimit(.minutes(5)))
struct OperationLabTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
    }

    private func run(_ arguments: [String], _ login: [String], code: Int32) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments + login)
        #expect(run.code == code, "\(arguments): \(run)")
        return run
    }

    private func source(of replica: String, _ login: [String]) async throws -> String? {
        try await run(["source", replica], login, code: 0).lines.first
    }

    @Test("a replica is moved, verified, journaled with who and why, and moved back")
    func moving() async throws {
        try await LabServers.with("mariadb: a(b c)") { lab in
            let (a, b, c) = (lab["a"].address.description, lab["b"].address.description, lab["c"].address.description)
            let login = ["--defaults-file", lab.clientOptionFile]
            let asked = try await run(["relocate", c, b], login, code: 4)
            #expect(asked.errors.contains("carry it out with --yes"), "\(asked)")
            #expect(try await source(of: c, login) == a)

            let answer = try await run(
                ["relocate", c, b, "--yes", "--reason", "a test", "--format", "json"], login, code: 0
            ).json
            #expect(answer["outcome"]?.text == "done" && answer["operation"]?.number == "1")
            #expect(answer["stepSeconds"]?.elements.count == answer["plan"]?["steps"]?.elements.count)
            #expect(try await source(of: c, login) == b)

            let shown = try await run(["operations", "show", "1", "--format", "json"], [], code: 0).json
            #expect(shown["reason"]?.text == "a test" && shown["outcome"]?.text == "done")
            #expect(shown["user"]?.text?.isEmpty == false)
            #expect(try await run(["operations", "show", "1"], [], code: 0).output.contains("MASTER_USE_GTID"))

            let plan = try await run(["operations", "undo", "1", "--dry-run", "--timeout", "90s"], login, code: 0)
            #expect(plan.output.contains("\(a.split(separator: ":")[1])"), "\(plan)")
            let undone = try await run(["operations", "undo", "1", "--yes"], login, code: 0)
            #expect(undone.output.contains("done and verified"), "\(undone)")
            #expect(try await source(of: c, login) == a)
            let list = try await run(["operations", "--format", "json"], [], code: 0).json.elements
            #expect(list.map { $0["outcome"]?.text } == ["done", "taken-back"])
            #expect(list.first?["undoes"]?.number == "1")
            let again = try await run(["operations", "undo", "1", "--yes"], login, code: 3)
            #expect(again.errors.contains("it is taken back"), "\(again)")
        }
    }

    @Test("what a rule asks to have confirmed needs the rule's name besides --yes")
    func confirming() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            let (a, b) = (lab["a"].address.description, lab["b"].address.description)
            let login = ["--defaults-file", lab.clientOptionFile]
            let refused = try await run(["set-writeable", "-i", b, "--yes"], login, code: 4)
            #expect(refused.errors.contains("--confirm server.replica-writable"), "\(refused)")
            let other = try await run(["set-writable", b, "--yes", "--confirm", "repl.lag"], login, code: 4)
            #expect(other.errors.contains("server.replica-writable"), "\(other)")
            let done = try await run(
                ["set-writable", b, "--yes", "--confirm", "server.replica-writable"], login, code: 0)
            #expect(done.output.hasPrefix("Make \(b) writable: done and verified"), "\(done)")
            let already = try await run(["set-writable", b, "--yes"], login, code: 3)
            #expect(already.errors.contains("refuse   server.writable: "), "\(already)")
            _ = try await run(["stop-replica", b, "--yes"], login, code: 0)
            _ = try await run(["is-replicating", b], login, code: 1)
            #expect(try await run(["is-replication-stopped", "-i", b], login, code: 0).lines == [b])
            _ = try await run(["start-slave", "-i", b, "--yes"], login, code: 0)
            #expect(try await run(["is-replicating", b], login, code: 0).lines == [b])
            _ = try await run(["detach-replica", b, "--yes"], login, code: 0)
            let detached = try await run(["start-replica", b, "--yes"], login, code: 3)
            #expect(detached.errors.contains("baton reattach-replica \(b)"), "\(detached)")
            _ = try await run(["reattach-replica", b, "--yes"], login, code: 0)
            #expect(try await source(of: b, login) == a)
            let held = try await run(["move-up", a, "--yes"], login, code: 3)
            #expect(held.errors.contains("move.not-replica"), "\(held)")
        }
    }

    @Test("one that fails is open: told by the next command, resumed when the cause is gone")
    func failing() async throws {
        try await LabServers.with("mariadb: a(b c)") { lab in
            let (b, c) = (lab["b"].address.description, lab["c"].address.description)
            let login = ["--defaults-file", lab.clientOptionFile]
            // Nobody can replicate from b: the receiver of c is refused there after the change.
            let user = try await lab["c"].execute("SHOW ALL SLAVES STATUS")[0]
            let account = try #require(user.column(named: "Master_User").flatMap { user.text(row: 0, column: $0) })
            try await lab["b"].execute("SET sql_log_bin = 0", "RENAME USER '\(account)'@'%' TO 'nobody'@'%'")
            let failed = try await run(["relocate", c, b, "--yes", "--format", "json"], login, code: 5)
            #expect(try failed.json["outcome"]?.text == "failed", "\(failed)")
            #expect(try failed.json["choices"]?.elements.map(\.text) == ["resume", "roll-back", "leave"])
            let told = try await run(["events"], [], code: 0)
            #expect(told.errors.contains("operation 1 did not come to its end"), "\(told)")
            let open = try await run(["operations", "list", "--open"], [], code: 0)
            #expect(open.lines.count == 2 && open.output.contains("failed"), "\(open)")

            try await lab["b"].execute("SET sql_log_bin = 0", "RENAME USER 'nobody'@'%' TO '\(account)'@'%'")
            let resumed = try await run(
                ["operations", "resume", "1", "--yes", "--reason", "b is open again"], login, code: 0)
            #expect(resumed.output.contains("done and verified"), "\(resumed)")
            #expect(try await source(of: c, login) == b)
            let shown = try await run(["operations", "show", "1"], [], code: 0)
            #expect(
                shown.lines.contains { $0.contains("resumed at ") && $0.hasSuffix(": b is open again") }, "\(shown)")
            let none = try await run(["operations", "roll-back", "1", "--yes"], login, code: 3)
            #expect(none.errors.contains("it is done"), "\(none)")
        }
    }

    /// Starts an operation that waits for an applier, meets the program with a signal while it does, lets the applier go on,
    /// and gives the exit code.
    private func interrupting(_ lab: Lab, _ signal: Signal, _ login: [String]) async throws -> TerminationStatus {
        let lock = try await lab["b"].connect()
        defer { lock.close() }
        try await lock.execute("FLUSH TABLES WITH READ LOCK", timeout: .seconds(10))
        try await lab["a"].execute("CREATE OR REPLACE TABLE mysql.waits_here (id INT)")
        let known = try await operations().count
        let terminal = try PseudoTerminal()
        let arguments = ["stop-replica", lab["b"].address.description, "--nice", "--yes", "--timeout", "40s"] + login
        let result = try await Subprocess.run(
            Sandbox.program, arguments: Arguments(arguments), environment: sandbox.environment,
            platformOptions: Sandbox.detached, input: .none, output: .discarded,
            error: .fileDescriptor(terminal.program, closeAfterSpawningProcess: true)
        ) { execution in
            try await eventually("the operation waits for the applier") {
                let steps = try await operations().dropLast(known).first?["steps"]?.elements ?? []
                return steps.contains { $0["step"]?.number == "2" && $0["state"]?.text == "begun" }
            }
            if signal == .terminalClosed {
                // A lost connection: the line that tells how far it is, and is then taken away, can't be written any more.
                try await eventually("it tells what it waits for") { terminal.read().contains("waits: ") }
                terminal.close()
            }
            try execution.send(signal: signal)
            if signal != .kill {
                // The program gets it before the applier goes on.
                _ = try await run(["is-replicating", lab["b"].address.description], login, code: 1)
            }
            try await lock.execute("UNLOCK TABLES", timeout: .seconds(10))
        }
        return result.terminationStatus
    }

    @Test("what tells how far it is to nobody, because the reader has gone, does not end it")
    func brokenPipe() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            let login = ["--defaults-file", lab.clientOptionFile]
            let b = lab["b"].address.description
            let lock = try await lab["b"].connect()
            defer { lock.close() }
            try await lock.execute("FLUSH TABLES WITH READ LOCK", timeout: .seconds(10))
            try await lab["a"].execute("CREATE OR REPLACE TABLE mysql.waits_here (id INT)")
            // Nothing applies, so it waits its two seconds out, and says what it waits for after the first.
            let broken = (["$BATON", "stop-replica", b, "--nice", "--yes", "--timeout", "2s"] + login)
                .joined(separator: " ")
            let run = try await sandbox.shell("exec 3> >(:); wait $!; \(broken) 2>&3; echo code $?")
            #expect(run.output.hasSuffix("code 5\n"), "\(run)")
            #expect(try await operations().first?["outcome"]?.text == "failed")
            try await lock.execute("UNLOCK TABLES", timeout: .seconds(10))
        }
    }

    private func operations() async throws -> [JSON] {
        try await run(["operations", "--format", "json"], [], code: 0).json.elements
    }

    @Test("Ctrl-C stops before the next stage, a hang-up stops nothing, and what a kill leaves behind is resumed")
    func signals() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            let b = lab["b"].address.description
            let login = ["--defaults-file", lab.clientOptionFile]
            #expect(try await interrupting(lab, .interrupt, login) == .exited(5))
            #expect(try await operations().first?["outcome"]?.text == "stopped")
            _ = try await run(["operations", "roll-back", "1", "--yes"], login, code: 0)
            _ = try await run(["is-replicating", b], login, code: 0)

            #expect(try await interrupting(lab, .terminalClosed, login) == .exited(0))
            #expect(try await operations().first?["outcome"]?.text == "done")
            _ = try await run(["is-replication-stopped", "-i", b], login, code: 0)
            _ = try await run(["start-replica", b, "--yes"], login, code: 0)

            _ = try await interrupting(lab, .kill, login)
            let id = try #require(try await operations().first?["id"]?.number)
            let told = try await run(["events"], [], code: 0)
            #expect(told.errors.contains("operation \(id) did not come to its end"), "\(told)")
            _ = try await run(["operations", "resume", id, "--yes"], login, code: 0)
            _ = try await run(["is-replication-stopped", "-i", b], login, code: 0)
            _ = try await run(["operations", "leave", id], [], code: 3)
        }
    }
}
