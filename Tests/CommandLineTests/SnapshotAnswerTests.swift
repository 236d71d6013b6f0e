import Foundation
import Storage
import Testing

@Suite("Answers from a snapshot")
struct SnapshotAnswerTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        file = try sandbox.write(
            """
            {
              "baton-snapshot": 1,
              "taken": "2026-03-01T00:00:00Z",
              "clusterAliases": {"db1:3306": "shop"},
              "instances": [
                {"address": "db1:3306"},
                {"address": "db2", "source": "db1"},
                {"address": "db3", "channels": [{"source": "db2", "applier": "stopped",
                  "applierError": {"code": 1062, "message": "Duplicate entry"}}]},
                {"address": "stock1"},
                {"address": "both", "channels": [
                  {"name": "a", "source": "db1"}, {"name": "b", "source": "db2"}]}
              ]
            }
            """, to: "fleet.json")
    }

    private func ask(_ arguments: String..., code: Int32 = 0) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments + ["--snapshot", file])
        #expect(run.code == code, "\(run)")
        #expect(!FileManager.default.fileExists(atPath: sandbox.storePath), "a snapshot needs no store")
        return run
    }

    @Test("topology has address, source, depth and cluster of each instance, in the order of the trees")
    func topology() async throws {
        let rows = try await ask("topology", "--cluster", "shop", "--format", "json").json.elements
        #expect(rows.map { $0["address"]?.text } == ["db1:3306", "both:3306", "db2:3306", "db3:3306"])
        #expect(rows.map { $0["source"]?.text } == [nil, "db1:3306", "db1:3306", "db2:3306"])
        #expect(rows.first?["source"]?.isNull == true)
        #expect(rows.map { $0["depth"]?.number } == ["0", "1", "1", "2"])
        #expect(rows.allSatisfy { $0["cluster"]?.text == "shop" })
        let all = try await ask("topology", "--format", "json").json.elements
        #expect(Set(all.compactMap { $0["address"]?.text }).count == 5 && all.count == 5)
        let shown = try await sandbox.baton("snapshot", "show", file, "--format", "json")
        #expect(try shown.json.elements == all)
    }

    @Test("topology as text has a line for each instance, as a table one with its columns")
    func topologyForPeople() async throws {
        let text = try await ask("topology")
        for name in ["db1:3306", "db2:3306", "db3:3306", "stock1:3306", "both:3306"] {
            #expect(text.output.contains(name), "\(text)")
        }
        #expect(!text.output.contains("\u{1B}"), "no escape sequences where no terminal is")
        let table = try await ask("topology", "--format", "table")
        #expect(table.lines.count == 6, "\(table)")
        #expect(table.lines.first?.hasPrefix("ADDRESS") == true)
        #expect(
            table.lines.contains { $0.hasPrefix("db2:3306 ") && $0.contains(" db1:3306 ") && $0.contains(" shop ") })
        let shown = try await sandbox.baton("snapshot", "show", file)
        #expect(shown.output == text.output)
    }

    @Test("clusters has the alias, the primary and the members")
    func clusters() async throws {
        let rows = try await ask("clusters", "--format", "json").json.elements
        let shop = try #require(rows.first { $0["cluster"]?.text == "shop" })
        #expect(shop.keys == ["cluster", "alias", "primary", "instances", "problems"])
        #expect(shop["primary"]?.text == "db1:3306" && shop["alias"]?.text == "shop")
        #expect(shop["instances"]?.elements.contains(.string("db3:3306")) == true)
        let text = try await ask("clusters")
        #expect(text.lines.contains { $0.hasPrefix("shop ") && $0.contains("db1:3306") }, "\(text)")
    }

    @Test("problems has the stopped applier, by severity, and --check makes it an exit code")
    func problems() async throws {
        let rows = try await ask("problems", "--format", "json").json.elements
        let row = try #require(rows.first { $0["address"]?.text == "db3:3306" })
        #expect(
            row.keys == [
                "kind", "severity", "address", "channel", "since", "lastSeen", "partners", "summary", "evidence",
                "remedy",
            ])
        #expect(row["severity"]?.text == rows.first?["severity"]?.text, "worst first")
        let checked = try await ask("problems", "--check", "--severity", "broken", code: 1)
        #expect(checked.output.contains("Duplicate entry"), "\(checked)")
        #expect(checked.output.contains("[\(row["kind"]?.text ?? "?")]"), "\(checked)")
        #expect(checked.errors.isEmpty, "\(checked)")
    }

    @Test("instance, replicas and source speak of the server that is named")
    func neighbours() async throws {
        let instance = try await ask("instance", "db2", "--format", "json").json
        #expect(instance["address"]?.text == "db2:3306" && instance["depth"]?.number == "1")
        #expect(try await ask("instance", "db2").output.contains("db1:3306"))
        #expect(try await ask("replicas", "db1").lines.sorted() == ["both:3306", "db2:3306"])
        let replicas = try await ask("replicas", "db2", "--format", "json").json.elements
        #expect(replicas.map { $0["address"]?.text } == ["both:3306", "db3:3306"])
        #expect(try await ask("source", "db2").output == "db1:3306\n")
        let root = try await ask("source", "db1")
        #expect(root.output.isEmpty && root.errors == "db1:3306 has no source\n", "\(root)")
        let leaf = try await ask("replicas", "db3")
        #expect(leaf.output.isEmpty && leaf.errors == "db3:3306 has no replicas\n", "\(leaf)")
        let list = try await ask("replicas", "db3", "--format", "json")
        #expect(try list.json == [] && list.errors.isEmpty, "\(list)")
        let sources = try await ask("source", "both", "--format", "json").json
        #expect(
            sources == [
                ["channel": "a", "source": "db1:3306"], ["channel": "b", "source": "db2:3306"],
            ])
    }

    @Test("snapshot save writes what it read, and leaves a file alone unless it is forced")
    func save() async throws {
        let copy = sandbox.path("copy.json")
        let saved = try await ask("snapshot", "save", copy)
        #expect(saved.output.isEmpty && saved.errors == "5 instances saved to \(copy)\n", "\(saved)")
        let printed = try await ask("snapshot", "save", "-")
        let text = try String(contentsOfFile: copy, encoding: .utf8)
        func body(_ text: String) -> Substring {
            text[(text.range(of: "\"instances\"")?.lowerBound ?? text.startIndex)...]
        }
        #expect(body(printed.output) == body(text))
        _ = try await ask("snapshot", "save", copy, code: 64)
        _ = try await ask("snapshot", "save", copy, "--force")
        let again = try await sandbox.baton("topology", "--snapshot", copy, "--format", "json")
        #expect(try await ask("topology", "--format", "json").json == (try again.json))
    }
}
