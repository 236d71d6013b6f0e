import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("Servers and clusters named by their aliases")
struct NameAnswerTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        file = try sandbox.write(
            """
            {"baton-snapshot": 1, "taken": "2026-03-01T00:00:00Z", "clusterAliases": {"db1": "shop", "db5": "twins", "db6": "twins"}, "instances": [
              {"address": "db1", "alias": "shop-primary"},
              {"address": "db2", "alias": "standby", "source": "db1"},
              {"address": "db3", "alias": "standby", "source": "db1"},
              {"address": "db5", "alias": "The Archive"},
              {"address": "db6"}
            ]}
            """, to: "fleet.json")
    }

    private func ask(_ arguments: String..., code: Int32 = 0) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments + ["--snapshot", file])
        #expect(run.code == code, "\(run)")
        return run
    }

    /// The store with the same servers.
    private func fill() async throws {
        try await Store.with(sandbox.storePath) { store in
            var fleet = Fleet([.source("db1"), .replica("db2", of: "db1")])
            for (address, alias) in [("db1", "shop-primary"), ("db2", "standby")] as [(InstanceAddress, String)] {
                guard var instance = fleet[address] else { continue }
                instance.alias = alias
                fleet.update(instance)
            }
            guard case .held(let lease) = try await store.acquireLease(.current(), now: .now()) else { return }
            let events = [
                Event(
                    at: .testNow, kind: .clusterNamed, address: "db1", text: "the cluster of db1:3306 is called shop"),
                Event(at: .testNow, kind: .forgotten, address: "db1", text: "db1:3306 stumbled over db1:33060"),
                Event(at: .testNow, kind: .forgotten, address: "db9", text: "was forgotten"),
            ]
            try await store.record(FleetChange(from: Fleet(), to: fleet, at: .now()), events: events, under: lease)
            try await store.releaseLease(lease)
        }
    }

    @Test("answer from a snapshot")
    func snapshot() async throws {
        for command in ["instance", "replicas", "source"] {
            let named = try await ask(command, "shop-primary", "--format", "json")
            let addressed = try await ask(command, "db1", "--format", "json")
            #expect(named.output == addressed.output && !named.output.isEmpty, "\(named)")
        }
        let archive = try await ask("instance", "the archive", "--format", "json")
        #expect(try archive.json["address"]?.text == "db5:3306")
        for cluster in ["shop", "SHOP", "db2", "shop-primary"] {
            let rows = try await ask("topology", "--cluster", cluster, "--format", "json").json.elements
            #expect(rows.compactMap { $0["address"]?.text } == ["db1:3306", "db2:3306", "db3:3306"], "\(cluster)")
        }
    }

    @Test("are refused with the candidates where several have the alias")
    func ambiguous() async throws {
        for command in ["instance", "replicas", "source"] {
            let run = try await ask(command, "standby", code: 1)
            #expect(run.errors.contains("the alias \"standby\" is not one server's: db2:3306, db3:3306 have it"))
        }
        let twins = try await ask("topology", "--cluster", "twins", code: 1)
        #expect(twins.errors.contains("2 clusters are called twins: those of db5:3306, db6:3306"), "\(twins)")
        #expect(try await ask("topology", "--cluster", "standby", code: 1).errors.contains("db2:3306, db3:3306"))
    }

    @Test("say what they were taken for where nobody has them")
    func unknown() async throws {
        let assumption = "\"shop-primry\" was taken for a host name: no known server has this alias"
        let stored = try await ask("instance", "shop-primry", code: 1)
        #expect(stored.errors == "baton: shop-primry:3306 is not known in the snapshot \(file); \(assumption)\n")
        let port = try await ask("instance", "shop-primry:3306", code: 1)
        #expect(!port.errors.contains("alias"), "\(port)")
        let bad = try await ask("instance", "shop primry", code: 64)
        #expect(bad.errors.contains("cannot contain the character U+20; nor is it the alias of a known server"))
    }

    @Test("are looked up in the store")
    func store() async throws {
        try await fill()
        #expect(try await sandbox.baton("replicas", "shop-primary", "--stored").lines == ["db2:3306"])
        let events = try await sandbox.baton("events")
        #expect(
            events.lines == [
                "2026-03-01T00:00:00Z  the cluster of db1:3306 (shop-primary) is called shop  [cluster-named]",
                "2026-03-01T00:00:00Z  db1:3306 (shop-primary)  stumbled over db1:33060  [forgotten]",
                "2026-03-01T00:00:00Z  db9:3306  was forgotten  [forgotten]",
            ], "\(events)")
        #expect(try await sandbox.baton("events", "shop-primary").lines.count == 2)
        #expect(try await sandbox.baton("events", "db9").lines.count == 1)
        #expect(try await sandbox.baton("events", "standby").output == "no events of db2:3306\n")
        let completed = try await sandbox.baton("---completion", "replicas", "--", "positional@0", "1", "0", "s")
        #expect(Set(completed.lines).isSuperset(of: ["shop-primary", "standby"]), "\(completed)")
        #expect(try await sandbox.baton("forget", "standby").output == "db2:3306\n")
        let left = try await sandbox.baton("topology", "--format", "json").json.elements
        #expect(left.map { $0["address"]?.text } == ["db1:3306"])
    }

    @Test("that nobody has are asked for on the network, where they are not known either")
    func live() async throws {
        for command in ["topology", "problems", "clusters", "instance", "doctor", "discover"] {
            let run = try await sandbox.baton(command, "no-such-alias.invalid")
            #expect(run.code == 69, "\(run)")
            #expect(run.errors.contains("\"no-such-alias.invalid\" was taken for a host name"), "\(run)")
        }
    }

    @Test("an empty store and an empty fleet are said to be empty, in one sentence")
    func nothing() async throws {
        let events = try await sandbox.baton("events")
        #expect(events.code == 0 && events.output == "no events\n" && events.errors.isEmpty, "\(events)")
        #expect(try await sandbox.baton("events", "--format", "json").json == [])
        let recent = try await sandbox.baton("events", "db1:3306", "--since", "2h")
        #expect(recent.output == "no events of db1:3306 in the last 2h\n")
        let empty = try sandbox.write(#"{"baton-snapshot": 1, "instances": []}"#, to: "empty.json")
        for (command, sentence) in [
            ("topology", "no servers"), ("clusters", "no clusters"), ("problems", "no problems"),
        ] {
            #expect(try await sandbox.baton(command, "--snapshot", empty).output == sentence + "\n")
            #expect(try await sandbox.baton(command, "--snapshot", empty, "--format", "json").json == [])
        }
    }
}

extension Store {
    /// Runs a body with the store of a file, and closes it.
    fileprivate static func with(_ path: String, _ body: (Store) async throws -> Void) async throws {
        let store = try await Store.open(at: path)
        do {
            try await body(store)
        } catch {
            try? store.close()
            throw error
        }
        try store.close()
    }
}
