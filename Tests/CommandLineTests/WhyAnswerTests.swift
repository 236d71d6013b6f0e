import Foundation
import Storage
import Testing

@Suite("Why a replica may be put somewhere, or not")
struct WhyAnswerTests {
    private let sandbox: Sandbox
    private let file: String

    init() throws {
        sandbox = try Sandbox()
        file = try sandbox.write(
            """
            {"baton-snapshot": 1, "instances": [
              \(SnapshotText.primary("db1")),
              \(SnapshotText.replica("db2", of: "db1")), \(SnapshotText.replica("db3", of: "db1")), \(SnapshotText.replica("db4", of: "db2")),
              \(SnapshotText.replica("db5", of: "db1", #", "binaryLog": {"logsReplicaUpdates": false}"#)),
              {"address": "both", "channels": [{"name": "a", "source": "db1"}, {"name": "b", "source": "db2"}]}
            ]}
            """, to: "fleet.json")
    }

    private func why(_ arguments: String..., code: Int32) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(["why"] + arguments + ["--snapshot", file])
        #expect(run.code == code, "\(run)")
        return run
    }

    @Test("0 where it is legal, with every rule and the verdict in the last line")
    func legal() async throws {
        let run = try await why("db2", "db3", code: 0)
        #expect(run.output.hasSuffix("db2:3306 under db3:3306: allowed\n"), "\(run)")
        #expect(run.output.contains("fits     gtid.purged"), "\(run)")
    }

    @Test("3 where it is refused, with the values and what would help")
    func refused() async throws {
        let ring = try await why("db2", "db4", code: 3)
        #expect(ring.output.contains("refuse   move.cycle"), "\(ring)")
        #expect(ring.output.contains("db4:3306 is fed by db2:3306"), "\(ring)")
        let blind = try await why("db2", "db5", code: 3)
        #expect(blind.output.contains("log_replica_updates of db5:3306: OFF"), "\(blind)")
        #expect(blind.output.contains("in the option file of db5:3306: log_replica_updates = ON"), "\(blind)")
        #expect(blind.errors.isEmpty, "\(blind)")
    }

    @Test("as JSON it has every rule with its reasons, and the verdict as a word")
    func json() async throws {
        let answer = try await why("db2", "db5", "--format", "json", code: 3).json
        #expect(answer["verdict"]?.text == "refuse")
        let rules = try #require(answer["rules"]?.elements)
        #expect(rules.allSatisfy { $0["rule"]?.text != nil && $0["speaks"] != nil && $0["reasons"] != nil })
        let objecting = try #require(rules.first { $0["rule"]?.text == "log.updates-t" })
        #expect(objecting["gravity"]?.text == "refuse")
        let reason = try #require(objecting["reasons"]?.elements.first)
        #expect(reason["measured"]?.elements.first?["value"]?.text == "OFF")
        #expect(reason["remedies"]?.elements.first?["kind"]?.text == "option-file")
    }

    @Test("a replica with several channels is asked about by the name of one")
    func channels() async throws {
        let none = try await why("both", "db3", code: 3)
        #expect(none.output.contains("baton why both:3306 db3:3306 --channel 'a'"), "\(none)")
        let named = try await why("both", "db3", "--channel", "a", code: 3)
        #expect(named.output.contains("fits     chan.multi"), "\(named)")
    }

    @Test("a rule is explained by its page, and a slip of the pen is told")
    func rules() async throws {
        let page = try await sandbox.baton("rules", "gtid.purged")
        #expect(page.code == 0 && page.output.hasPrefix("# gtid.purged\n"), "\(page)")
        #expect(try await sandbox.baton("rules").output.contains("| [gtid.purged](gtid.purged.md) |"))
        let slip = try await sandbox.baton("rules", "gtid.purgd")
        #expect(slip.code == 1 && slip.errors.contains("did you mean \"gtid.purged\"?"), "\(slip)")
    }
}
