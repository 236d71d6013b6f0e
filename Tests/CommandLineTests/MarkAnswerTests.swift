import Storage
import TestSupport
import Testing
import Topology

@Suite("What operators say about servers, on the command line")
struct MarkAnswerTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
    }

    private func run(_ line: String, code: Int32 = 0) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(line.split(separator: " ").map(String.init))
        #expect(run.code == code, "\(line): \(run)")
        return run
    }

    @Test("a downtime is set, listed, and ended")
    func downtime() async throws {
        #expect(try await run("downtimes").errors == "no server is downtimed\n")
        let set = try await run("downtime db1 db2:3307 --for 2h --reason disk --owner ann")
        #expect(set.lines.count == 2 && set.lines[0].hasPrefix("db1:3306: downtime planned until "), "\(set)")
        let listed = try await run("downtimes --format json").json.elements
        #expect(listed.map { $0["address"]?.text } == ["db1:3306", "db2:3307"])
        #expect(listed.allSatisfy { $0["owner"]?.text == "ann" && $0["reason"]?.text == "disk" })
        let other = try await run("downtime db1 --for forever --dry-run")
        #expect(other.errors.contains("nothing was written"))
        _ = try await run("end-downtime db1 --reason mended")
        #expect(try await run("end-downtime db1", code: 1).errors.contains("no downtime: db1:3306"))
        #expect(try await run("downtimes").lines.count == 2)
        let past = try await run("downtimes --all --format json").json.elements
        #expect(past.map { $0["endedWhy"]?.text } == ["mended", nil])
        #expect(try await run("downtimes --lost-in-recovery").output.isEmpty)
    }

    @Test("orchestrator's names and options do the same")
    func familiar() async throws {
        _ = try await run("begin-downtime -i db1 -reason disk -duration 30m -owner ann")
        #expect(try await run("which-downtimed-instances").output.contains("ann"))
        _ = try await run("register-candidate -i db1 --promotion-rule prefer_not")
        #expect(try await run("bulk-promotion-rules").output.contains("prefer-not"))
        _ = try await run("-c begin-maintenance -i db1 -reason ram")
        #expect(try await run("in-maintenance -i db1").output.contains("ram"))
        _ = try await run("end-maintenance -i db1")
        #expect(try await run("check-global-recoveries").lines == ["recoveries are not disabled globally"])
        _ = try await run("disable-global-recoveries -reason upgrade")
        #expect(try await run("check-global-recoveries").lines[0] == "recoveries are disabled globally")
        _ = try await run("enable-global-recoveries")
        #expect(try await run("ack-all-recoveries -reason seen").lines == ["0 recoveries acknowledged"])
    }

    @Test("a promotion rule ends after an hour where it is not told otherwise, and only a rule is one")
    func promotionRule() async throws {
        let set = try await run("promotion-rule db1 must --format json").json.elements
        let (begins, ends) = (set.first?["begins"]?.text, set.first?["ends"]?.text)
        let from = try #require(begins.flatMap { try? Timestamp(parsing: $0) })
        let to = try #require(ends.flatMap { try? Timestamp(parsing: $0) })
        #expect(to - from == .seconds(3600))
        let forever = try await run("promotion-rule db1 prefer --for forever --format json").json.elements
        #expect(forever.first?["ends"]?.isNull == true)
        #expect(try await run("promotion-rules --format json").json.elements.map { $0["meaning"]?.text } == ["prefer"])
        _ = try await run("promotion-rule db1 perhaps", code: 64)
        _ = try await run("promotion-rule db1", code: 64)
        _ = try await run("end-promotion-rule db1")
        #expect(try await run("promotion-rules").output.isEmpty)
    }

    @Test("problems of a downtimed server are silent, and the tree shows it")
    func silence() async throws {
        let store = try await Store.open(at: sandbox.storePath)
        let address = InstanceAddress(host: "db1")
        let now = Timestamp(seconds: 1_790_000_000)
        guard case .held(let lease) = try await store.acquireLease(.current(), now: now) else {
            Issue.record("the lease of a new store is taken")
            return
        }
        let failure = ContactFailure(kind: .readTimeout, code: 2013, message: "no answer")
        let lost = Instance(address: address, contact: .unreachable(since: now, lastSeen: now, failure))
        try await store.record(FleetChange(at: now, instances: [lost]), under: lease)
        try store.close()
        #expect(try await run("problems --stored --format json").json.elements.count == 1)
        _ = try await run("downtime db1 --reason disk")
        let silent = try await run("problems --stored")
        #expect(silent.lines == ["no problems"] && silent.errors.contains("1 more of downtimed servers"), "\(silent)")
        #expect(try await run("topology --stored").output.contains("◌"))
    }
}
