import Foundation
import Storage
import Testing

@Suite("Operations planned on a snapshot")
struct OperationPlanTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        file = try sandbox.write(
            """
            {"baton-snapshot": 1, "instances": [
              \(SnapshotText.primary("db1")),
              \(SnapshotText.replica("db2", of: "db1")), \(SnapshotText.replica("db3", of: "db1")), \(SnapshotText.replica("db4", of: "db2"))
            ]}
            """, to: "fleet.json")
    }

    private func plan(_ arguments: String..., code: Int32) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments + ["--dry-run", "--snapshot", file])
        #expect(run.code == code, "\(arguments): \(run)")
        return run
    }

    @Test("a dry run prints the way, the statements for each server, and the trees before and after")
    func text() async throws {
        let run = try await plan("relocate", "db3", "db2", code: 0)
        #expect(run.lines.first == "Move db3:3306 below db2:3306", "\(run)")
        #expect(run.output.contains("  method: gtid\n"), "\(run)")
        #expect(run.output.contains("SOURCE_HOST = 'db2', SOURCE_PORT = 3306"), "\(run)")
        let after = try #require(run.output.range(of: "\nafter\n"), "\(run)").upperBound
        #expect(run.output[after...].range(of: "[├└]─● db3:3306", options: .regularExpression) != nil, "\(run)")
        #expect(run.errors.isEmpty, "\(run)")
        #expect(!FileManager.default.fileExists(atPath: sandbox.storePath))
    }

    @Test("as JSON it has the plan, the verdict, and who follows whom before and after")
    func json() async throws {
        let answer = try await plan("relocate", "-i", "db3", "-d", "db2", "--format", "json", code: 0).json
        #expect(
            answer.keys == [
                "outcome", "intent", "verb", "plan", "standstills", "loss", "verdict", "confirm", "reasons", "before",
                "after",
            ])
        let standstill = try #require(answer["standstills"]?.elements.first)
        #expect(standstill["address"]?.text == "db3:3306" && standstill["limitSeconds"]?.number != nil)
        let said = try #require(standstill["text"]?.text)
        let text = try await plan("relocate", "db3", "db2", code: 0)
        #expect(text.lines.contains("standstill: \(said)"), "\(text)")
        #expect(answer["outcome"]?.text == "planned" && answer["plan"]?["method"]?.text == "gtid")
        let step = try #require(answer["plan"]?["steps"]?.elements.first)
        #expect(step["server"]?.text == "db3:3306" && step["statements"]?.elements.isEmpty == false)
        func source(_ tree: String) -> String? {
            answer[tree]?.elements.first { $0["address"]?.text == "db3:3306" }?["source"]?.text
        }
        #expect(source("before") == "db1:3306" && source("after") == "db2:3306")
    }

    @Test("a refusal ends with 3, and has the rule, the reason and what would help, as text and as JSON")
    func refusal() async throws {
        let text = try await plan("relocate", "db2", "db4", code: 3)
        #expect(text.output.isEmpty && text.errors.hasPrefix("baton: relocate is refused:\nrefuse   move.cycle: "))
        #expect(text.errors.contains("to mend it: "), "\(text)")
        let answer = try await plan("relocate", "db2", "db4", "--format", "json", code: 3).json
        #expect(answer["outcome"]?.text == "refused" && answer["verdict"]?.text == "refuse")
        #expect(answer["reasons"]?.elements.first?["rule"]?.text == "move.cycle")
    }

    @Test("--read-only, the configuration and a read-only cluster refuse every operation")
    func readOnly() async throws {
        let all = try sandbox.write("[operations]\nread-only = true\n", to: "all.toml")
        let one = try sandbox.write("[operations]\nread-only-clusters = [\"^db1:\"]\n", to: "one.toml")
        let other = try sandbox.write("[operations]\nread-only-clusters = [\"^shop\"]\n", to: "other.toml")
        for command in [
            ["relocate", "db3", "db2"], ["stop-replica", "db3"], ["set-read-only", "db1"], ["take-siblings", "db2"],
        ] {
            for mark in [["--read-only"], ["--config", all], ["--config", one]] {
                let run = try await sandbox.baton(command + ["--dry-run", "--snapshot", file] + mark)
                #expect(run.code == 3 && run.errors.contains("refuse   ro.mode: "), "\(command) \(mark): \(run)")
            }
        }
        _ = try await plan("relocate", "db3", "db2", "--config", other, code: 0)
        let why = try await sandbox.baton("why", "db3", "db2", "--snapshot", file, "--read-only")
        #expect(why.code == 3 && why.output.contains("refuse   ro.mode"), "\(why)")
    }

    @Test("some of a server's replicas are chosen by pattern or by name")
    func some() async throws {
        let one = try await plan("relocate-replicas", "db1", "db2", "--pattern", "db3", code: 0)
        #expect(one.lines.first == "Move db3:3306, a replica of db1:3306, below db2:3306", "\(one)")
        _ = try await plan("relocate-replicas", "db1", "db2", "--only", "db3", code: 0)
        let none = try await plan("relocate-replicas", "db1", "db2", "--pattern", "nobody", code: 1)
        #expect(none.errors.contains("no replica of db1:3306 has \"nobody\" in its address"), "\(none)")
        let wrong = try await plan("relocate-replicas", "db1", "db2", "--only", "db4", code: 1)
        #expect(wrong.errors.contains("db4:3306 is no replica of db1:3306"), "\(wrong)")
    }

    @Test("only by the way that was asked for, or refused with the reason why not")
    func method() async throws {
        _ = try await plan("move-gtid", "-i", "db3", "-d", "db2", code: 0)
        let run = try await plan("relocate", "db3", "db2", "--method", "equivalent", code: 3)
        #expect(run.errors.contains("equivalent"), "\(run)")
    }

    @Test("a snapshot can't be changed, and a dry run can't be carried out")
    func arguments() async throws {
        let run = try await sandbox.baton("relocate", "db3", "db2", "--snapshot", file, "--yes")
        #expect(run.code == 64 && run.errors.contains("--snapshot needs --dry-run"), "\(run)")
        let both = try await sandbox.baton("relocate", "db3", "db2", "--dry-run", "--yes")
        #expect(both.code == 64, "\(both)")
        let missing = try await sandbox.baton("relocate", "db3")
        #expect(missing.code == 64 && missing.errors.contains("Missing expected argument '<target>'"), "\(missing)")
        let none = try await sandbox.baton("operations", "show", "7")
        #expect(none.code == 1, "\(none)")
        let empty = try await sandbox.baton("operations")
        #expect(empty.code == 0 && empty.output.isEmpty && empty.errors == "no operations\n", "\(empty)")
    }
}
