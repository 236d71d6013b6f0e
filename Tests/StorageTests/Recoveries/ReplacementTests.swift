import Recovery
import TestSupport
import Testing
import Topology

@testable import Storage

@Suite("Primaries whose place was taken")
struct ReplacementTests {
    private static let uuid = ServerUUID(high: 1, low: 2)
    private static let moment = Timestamp(seconds: 1_790_000_000)

    /// A recovery of db1 in which db2 took its place, and the mark that it leaves behind.
    private func replace(
        in store: Store, _ kind: RecoveryKind = .failover, _ outcome: RecoveryRecord.Outcome = .done
    ) async throws -> Int64 {
        let id = try await recover(in: store, kind, outcome)
        let mark = Mark(
            MarkMeaning.downtime(.lostInRecovery), owner: "dba", reason: "lost in recovery \(id)", begins: Self.moment)
        try await store.set(mark, on: "db1", at: Self.moment)
        return id
    }

    /// A recovery of db1 to which db2 belongs.
    private func recover(
        in store: Store, _ kind: RecoveryKind, _ outcome: RecoveryRecord.Outcome
    ) async throws -> Int64 {
        let holder = LeaseHolder.current()
        var record = RecoveryRecord(
            kind, of: "db1", in: ClusterName("db1"), author: .current(), reason: "", startedAt: Self.moment,
            holder: holder, expires: Self.moment + .seconds(30))
        record.failedIdentity = .uuid(Self.uuid)
        guard case .held(let id) = try await store.claim(record, members: ["db1", "db2"], now: Self.moment) else {
            throw StoreTestTrouble.notHeld
        }
        var progress = RecoveryProgress()
        progress.successor = "db2"
        try await store.note(
            progress, ofRecovery: id, holder: holder, expires: Self.moment + .seconds(30), at: Self.moment)
        try await store.endRecovery(id, outcome, holder: holder, at: Self.moment)
        return id
    }

    private enum StoreTestTrouble: Error { case notHeld }

    @Test("are told with who took it, in which recovery, and by what they are known")
    func told() async throws {
        let directory = try TemporaryDirectory()
        let store = try await Store.open(at: directory.file("baton.db"))
        let id = try await replace(in: store)
        #expect(try await store.recovery(id)?.failedIdentity == .uuid(Self.uuid))
        let marks = try await store.operatorMarks(now: Self.moment)
        #expect(
            marks.replacement(of: "db1", at: Self.moment)
                == ReplacedPrimary(recovery: id, successor: "db2", identity: .uuid(Self.uuid)))
        try await store.endMark(.downtime, of: "db1", by: nil, at: Self.moment + .seconds(1))
        let later = try await store.operatorMarks(now: Self.moment + .seconds(2))
        #expect(later.replacement(of: "db1", at: Self.moment + .seconds(2)) == nil && later.replaced.isEmpty)
        try store.close()
    }

    @Test(
        "are none where nobody took it: the recovery was taken back, or was of another kind",
        arguments: [(RecoveryKind.failover, RecoveryRecord.Outcome.takenBack), (.intermediateSource, .done)])
    func none(kind: RecoveryKind, outcome: RecoveryRecord.Outcome) async throws {
        let directory = try TemporaryDirectory()
        let store = try await Store.open(at: directory.file("baton.db"))
        _ = try await replace(in: store, kind, outcome)
        #expect(try await store.operatorMarks(now: Self.moment).replaced.isEmpty)
        try store.close()
    }

    @Test("are none where they came back since, and another recovery left them behind as replicas")
    func rejoined() async throws {
        let directory = try TemporaryDirectory()
        let store = try await Store.open(at: directory.file("baton.db"))
        _ = try await replace(in: store)
        _ = try await recover(in: store, .rejoin, .failed)
        #expect(try await store.operatorMarks(now: Self.moment).replaced.count == 1)
        _ = try await recover(in: store, .rejoin, .done)
        #expect(try await store.operatorMarks(now: Self.moment).replaced.isEmpty)
        let again = try await replace(in: store)
        #expect(try await store.operatorMarks(now: Self.moment).replaced["db1"]?.recovery == again)
        try store.close()
    }

    @Test("are told though a replica did not come to follow the one that took the place")
    func unfinished() async throws {
        let directory = try TemporaryDirectory()
        let store = try await Store.open(at: directory.file("baton.db"))
        let id = try await replace(in: store, .failover, .failed)
        #expect(try await store.operatorMarks(now: Self.moment).replaced["db1"]?.recovery == id)
        try store.close()
    }

    @Test("are known by what they were, and not by their address alone")
    func identity() {
        var identity = ServerIdentity(serverID: 7, serverUUID: Self.uuid, hostName: "db1", port: 3306)
        let replaced = ReplacedPrimary(recovery: 1, successor: "db2", identity: identity.lasting)
        #expect(replaced.isSame(identity))
        identity.serverUUID = ServerUUID(high: 9, low: 9)
        #expect(!replaced.isSame(identity))
        for known in [LastingIdentity.uuid(Self.uuid), .serverID(7)] {
            #expect(LastingIdentity(known.description) == known)
        }
        for text in ["", "server_id", "server_id x", "server_uuid 7", "name db1", "server_id 1 2"] {
            #expect(LastingIdentity(text) == nil)
        }
    }
}
