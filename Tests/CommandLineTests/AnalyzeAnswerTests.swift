import Foundation
import Storage
import Testing

@Suite("Answers of analyze")
struct AnalyzeAnswerTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        let lost =
            #""receiver": "connecting", "receiverError": {"code": 2003, "message": "error connecting to master"}"#
        file = try sandbox.write(
            """
            {
              "baton-snapshot": 1,
              "taken": "2026-03-01T00:00:00Z",
              "clusterAliases": {"db1:3306": "shop"},
              "instances": [
                {"address": "db1", "contact": {"state": "unreachable", "since": "2026-02-28T23:59:50Z"}},
                {"address": "db2", "channels": [{"source": "db1", "user": "repl", \(lost)}]},
                {"address": "db3", "channels": [{"source": "db1", "user": "repl", \(lost)}]},
                {"address": "stock1"},
                {"address": "stock2", "channels": [{"source": "stock1", "user": "repl"}]}
              ]
            }
            """, to: "fleet.json")
    }

    private func ask(_ arguments: String..., code: Int32 = 0) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments + ["--snapshot", file])
        #expect(run.code == code, "\(run)")
        return run
    }

    @Test("a dead primary is told with its code, orchestrator's name, evidence and recovery")
    func dead() async throws {
        let failures = try await ask("analyze", "--format", "json").json.elements
        #expect(failures.map { $0["code"]?.text } == ["primary.dead"])
        let failure = try #require(failures.first)
        #expect(failure["orchestratorName"]?.text == "DeadMaster")
        #expect(failure["address"]?.text == "db1:3306" && failure["cluster"]?.text == "shop")
        #expect(failure["since"]?.text == "2026-02-28T23:59:50Z")
        #expect(failure["recovery"]?.text == "primary")
        #expect(failure["evidence"]?.elements.map { $0["address"]?.text } == ["db1:3306", "db2:3306", "db3:3306"])
        #expect(failure["counts"]?["failingToConnect"]?.number == "2")
        let text = try await ask("replication-analysis", "--check", code: 1)
        #expect(text.output.contains("db1:3306 is the primary of shop and dead"), "\(text)")
        #expect(text.output.contains("recovery: promote a replica"), "\(text)")
    }

    @Test("a cluster may be named in place of a server, and a quiet one is quiet")
    func quiet() async throws {
        #expect(try await ask("analyze", "stock1", "--check").lines == ["no failures"])
        #expect(try await ask("analyze", "shop", "--format", "json").json.elements.count == 1)
        let warnings = try await ask("analyze", "shop", "--all", "--format", "json").json.elements
        #expect(warnings.map { $0["structureWarning"]?.flag } == [false, true])
        _ = try await ask("analyze", "nobody", code: 1)
    }

    @Test("it is explained why a server is not considered dead, condition by condition")
    func explained() async throws {
        let answer = try await ask("analyze", "--explain", "stock1", "--format", "json").json
        #expect(answer["failures"]?.elements.isEmpty == true && answer["role"]?.text == "primary")
        let dead = try #require(answer["codes"]?.elements.first { $0["code"]?.text == "primary.dead" })
        #expect(dead["holds"]?.flag == false)
        #expect(dead["conditions"]?.elements.first?["measured"]?.text == "it answers")
        let text = try await ask("analyze", "--explain", "stock1")
        #expect(text.output.hasPrefix("no failure of stock1:3306"), "\(text)")
    }

    @Test("the page of codes is printed as docs/failures.md has it")
    func codes() async throws {
        let page = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../docs/failures.md"), encoding: .utf8)
        #expect(try await sandbox.baton(["analyze", "--codes"]).output == page)
    }
}
