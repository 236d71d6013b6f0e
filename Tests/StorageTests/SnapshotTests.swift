import Storage
import Testing
import Topology

@Suite("Snapshot files")
struct SnapshotTests {
    static let now = Timestamp(seconds: 1_790_000_000)

    static func read(_ text: String) throws -> Snapshot {
        try Snapshot(parsing: Array(text.utf8), file: "fleet.json", now: now)
    }

    @Test("a minimal file gives a healthy source with its replica")
    func minimal() throws {
        let snapshot = try Self.read(
            #"{"baton-snapshot": 1, "instances": [{"address": "db1:3306"}, {"address": "db2", "source": "db1"}]}"#)
        let source = try #require(snapshot.fleet[InstanceAddress(host: "db1")])
        let replica = try #require(snapshot.fleet[InstanceAddress(host: "db2")])
        #expect(source.contact == .reachable(since: Self.now))
        #expect(source.facts?.writability == .writable)
        #expect(source.facts?.binaryLog?.logsReplicaUpdates == true)
        #expect(replica.facts?.writability == .readOnly)
        #expect(replica.channels.map(\.source) == [InstanceAddress(host: "db1")])
        #expect(replica.channels.allSatisfy { $0.isReplicating && $0.lag == Lag(measured: .zero) })
        #expect(source.facts?.identity.serverID != replica.facts?.identity.serverID)
        #expect(snapshot.fleet.replicas(of: source.address) == [replica.address])
    }

    @Test("text in a file is made as safe as text from servers")
    func hostileText() throws {
        let snapshot = try Self.read(
            #"""
            {"baton-snapshot": 1, "clusterAliases": {"db1": "sh\u001b[2Jop"}, "instances": [{"address": "db1",
              "alias": "pri\u0007mary", "source": "db2", "channels": [{"source": "db2", "applier": "stopped",
              "applierError": {"code": 1062, "message": "Dup\u202elicate\nentry\u001b]0;x\u0007"}}]}]}
            """#)
        let instance = try #require(snapshot.fleet[InstanceAddress(host: "db1")])
        #expect(instance.alias == "primary")
        #expect(instance.channels.first?.applierError?.message == "Duplicate entry]0;x")
        #expect(!snapshot.text().unicodeScalars.contains { $0.value == 0x1B })
        let error = #expect(throws: DocumentError.self) {
            _ = try Self.read(#"{"baton-snapshot": 1, "inst\u001b[2Jances": []}"#)
        }
        #expect(error?.description.contains("\u{1B}") == false)
    }

    @Test("whatever a fleet holds is the same after writing and reading", arguments: 0..<150 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = RandomDocuments(seed: seed)
        let fleet = random.fleet()
        let text = Snapshot(taken: Self.now, fleet: fleet).text()
        let read = try Snapshot(parsing: Array(text.utf8), now: Timestamp(seconds: 1))
        #expect(read.fleet.content == fleet.content)
        #expect(read.taken == Self.now)
        #expect(read.text() == text)
    }
}
