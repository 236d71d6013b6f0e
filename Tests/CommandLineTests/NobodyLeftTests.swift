import Lab
import Storage
import TestSupport
import Testing
import Topology

@Suite("A source of which no replica answers", .serialized, .timeLimit(.minutes(3)))
struct NobodyLeftTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
    }

    private func run(_ arguments: [String], _ login: [String], code: Int32 = 0) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments + login)
        #expect(run.code == code, "\(arguments): \(run)")
        return run
    }

    @Test(
        "is refused with who is known, that none of them answers, and what to do", arguments: ["failover", "recover"])
    func recovering(verb: String) async throws {
        try await LabServers.with("mariadb: a(b c)") { lab in
            let (a, b, c) = (lab["a"].address.description, lab["b"].address.description, lab["c"].address.description)
            let login = ["--defaults-file", lab.clientOptionFile]
            _ = try await run(["discover", a], login)
            for name in ["a", "b", "c"] { try await lab[name].kill() }
            for way in ["--yes", "--dry-run"] {
                let refused = try await run([verb, a, way], login, code: 3)
                let head = "refuse   failover.no-replica: none of the known replicas of \(a) answers: "
                #expect(refused.errors.contains(head), "\(refused)")
                for server in [b, c] { #expect(refused.errors.contains("; \(server) "), "\(refused)") }
                #expect(refused.errors.contains("nothing was changed"), "\(refused)")
                #expect(refused.errors.contains("baton doctor \(b)"), "\(refused)")
                #expect(refused.errors.contains("ask from another place"), "\(refused)")
            }
            let json = try await run([verb, a, "--dry-run", "--format", "json"], login, code: 3).json
            let reason = try #require(json["reasons"]?.elements.first)
            #expect(reason["rule"]?.text == "failover.no-replica" && json["reasons"]?.elements.count == 1, "\(json)")
            #expect(reason["measured"]?.elements.map { $0["address"]?.text } == [b, c].sorted(), "\(reason)")
        }
    }

    @Test("has no candidate, which its ranking says with the same words")
    func candidates() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            let (a, b) = (lab["a"].address.description, lab["b"].address.description)
            let login = ["--defaults-file", lab.clientOptionFile]
            _ = try await run(["discover", a], login)
            for name in ["a", "b"] { try await lab[name].kill() }
            let answer = try await run(["candidates", a], login, code: 1)
            #expect(answer.output.contains("failover.no-replica"), "\(answer)")
            #expect(answer.output.contains("rec.contact: \(b)"), "\(answer)")
            let json = try await run(["candidates", a, "--format", "json"], login, code: 1).json
            #expect(json["nobodyLeft"]?["rule"]?.text == "failover.no-replica", "\(json)")
            #expect(json["best"]?.isNull == true, "\(json)")
            let ready = try await run(["readiness", a], login, code: 69)
            #expect(ready.errors.contains("nobody in the cluster of \(a) answers"), "\(ready)")
        }
    }

    @Test(
        "and of which no replica is known either, is one that nobody reaches",
        arguments: ["failover", "recover", "candidates"])
    func unknown(verb: String) async throws {
        // Nobody listens on port 1, which is kept for tcpmux.
        let run = try await run([verb, "127.0.0.1:1"], [], code: 69)
        #expect(run.errors.contains("no replica of it is known"), "\(run)")
        #expect(run.errors.contains("baton discover REPLICA"), "\(run)")
    }
}
