import GRDB
import Recovery
import Testing
import Topology

@testable import Storage

@Suite("Records of failures and recoveries")
struct RecoveryRecordTests {
    let directory: TemporaryDirectory
    let now = Timestamp(seconds: 1_790_000_000)
    let anna = LeaseHolder(id: "a", pid: 1, host: "bastion", user: "anna")
    let db1 = InstanceAddress(host: "db1")
    let db2 = InstanceAddress(host: "db2")

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// A recovery of `failed`, of which `db2` became the successor, to its end.
    private func recover(
        _ store: Store, _ failed: InstanceAddress, kind: RecoveryKind = .failover, alias: String? = nil,
        outcome: RecoveryRecord.Outcome = .done, at time: Timestamp
    ) async throws -> Int64 {
        let record = RecoveryRecord(
            kind, of: failed, in: ClusterName(failed, alias: alias), author: Author(user: "anna"), reason: "",
            startedAt: time, holder: anna, expires: time + .seconds(30))
        guard case .held(let id) = try await store.claim(record, members: [], now: time) else { return 0 }
        var progress = RecoveryProgress()
        progress.successor = db2
        try await store.note(progress, ofRecovery: id, holder: anna, expires: time + .seconds(30), at: time)
        try await store.endRecovery(id, outcome, holder: anna, at: time + .seconds(5))
        return id
    }

    @Test("are acknowledged one by one, by server, by cluster, or all")
    func acknowledging() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let author = Author(user: "bert")
        let db3 = InstanceAddress(host: "db3")
        let ids = [
            try await recover(store, db1, alias: "shop", at: now), try await recover(store, db2, at: now),
            try await recover(store, db3, at: now), try await recover(store, db3, at: now),
        ]
        func acknowledge(_ selection: RecoverySelection) async throws -> [Int64] {
            try await store.acknowledge(selection, by: author, reason: "seen", at: now).map(\.id)
        }
        #expect(try await acknowledge(.one(ids[3])) == [ids[3]])
        #expect(try await acknowledge(.one(ids[3])) == [])
        #expect(try await acknowledge(.failed(db1)) == [ids[0]])
        #expect(try await acknowledge(.cluster(members: [db3], alias: "shop")) == [ids[2]])
        #expect(try await acknowledge(.all) == [ids[1]])
        let read = try #require(try await store.recovery(ids[0]))
        #expect(read.acknowledgement == .init(at: now, user: "bert", reason: "seen"))
        var filter = RecoveryFilter()
        filter.isUnacknowledged = true
        #expect(try await store.recoveries(filter).isEmpty)
        filter.isUnacknowledged = false
        filter.members = [db3]
        #expect(try await store.recoveries(filter).map(\.id) == [ids[3], ids[2]])
        filter.alias = "shop"
        #expect(try await store.recoveries(filter).map(\.id) == [ids[3], ids[2], ids[0]])
    }

    @Test("give the brakes what is recent, unsettled, switched off and marked")
    func brakes() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        _ = try await recover(store, db1, at: now - .seconds(7200))
        let failed = try await recover(store, db1, outcome: .failed, at: now - .seconds(7100))
        let recent = try await recover(store, db1, at: now - .seconds(60))
        _ = try await store.disableRecoveries(
            of: ClusterName(db1), by: Author(user: "bert"), reason: "upgrade", at: now)
        try await store.set(Mark(.downtime(.planned), owner: "bert", reason: "", begins: now), on: db2, at: now)
        let brakes = try await store.brakes(now: now)
        #expect(brakes.recoveries.map(\.id) == [failed, recent])
        #expect(brakes.switches.map(\.reason) == ["upgrade"])
        #expect(brakes.marks.downtime(of: db2, at: now) != nil)
        let question = RecoveryBrakes.Question(.failover, of: db2, in: ClusterName(db2), members: [db1, db2])
        #expect(
            brakes.objections(to: question, at: now).map(\.code)
                == ["disabled-for-cluster", "downtime", "promoted-failed-again"])
    }

    @Test("of a failure have one row from its beginning until its end, however often it is seen")
    func detections() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        func failure(_ code: String, evidence: String = "[]") -> SeenFailure {
            SeenFailure(
                code, of: db1, in: ClusterName(db1, alias: "shop"), role: "primary", began: now - .seconds(1),
                evidence: evidence)
        }
        func see(_ failures: [SeenFailure], after seconds: Int, watching: Set<InstanceAddress>? = nil) async throws
            -> [String]
        {
            try await store.note(failures, watching: watching ?? [db1], at: now + .seconds(seconds)).map(\.failure.code)
        }
        #expect(try await see([failure("primary.unreachable")], after: 0) == ["primary.unreachable"])
        #expect(try await see([failure("primary.unreachable")], after: 1) == [])
        // It is the same failure with more to it, and the other one begins.
        #expect(try await see([failure("primary.dead", evidence: "[1]")], after: 2) == ["primary.dead"])
        #expect(try await see([failure("primary.dead", evidence: "[1]")], after: 12) == [])
        // Somebody who watches other servers says nothing about this one.
        #expect(try await see([], after: 20, watching: [db2]) == [])
        var found = try await store.detections()
        #expect(found.map(\.failure.code) == ["primary.dead", "primary.unreachable"])
        #expect(found.map(\.endedAt) == [nil, now + .seconds(2)])
        #expect(found[0].seenAt == now + .seconds(12) && found[0].failure.evidence == "[1]")
        #expect(found[0].failure.cluster.alias == "shop" && found[0].failure.began == now - .seconds(1))
        // Nobody looked for a long time: what was seen then is over, and this one is new.
        #expect(try await see([failure("primary.dead")], after: 500) == ["primary.dead"])
        found = try await store.detections()
        #expect(found.map(\.endedAt) == [nil, now + .seconds(12), now + .seconds(2)])
        var filter = DetectionFilter()
        filter.isLasting = true
        #expect(try await store.detections(filter).count == 1)
        filter.members = [db2]
        #expect(try await store.detections(filter).isEmpty)
    }

    @Test("say why nothing was done, once for each reason while it lasts")
    func blocked() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        func block(_ objection: String, _ seconds: Int, by recovery: Int64? = nil) -> BlockedRecovery {
            BlockedRecovery(
                "primary.dead", of: db1, in: ClusterName(db1), objection: objection, blocker: recovery,
                reason: "because of \(objection)", at: now + .seconds(seconds))
        }
        for second in 0..<5 {
            try await store.note([block("downtime", second), block("recovered-lately", second, by: 3)])
        }
        try await store.note([block("downtime", 400)])
        let found = try await store.blockedRecoveries()
        #expect(found.map(\.objection) == ["downtime", "recovered-lately", "downtime"])
        #expect(found.map(\.lastAt) == [400, 4, 4].map { now + .seconds($0) })
        #expect(found.map(\.firstAt) == [400, 0, 0].map { now + .seconds($0) })
        #expect(found[1].blocker == 3 && found[1].reason == "because of recovered-lately")
        #expect(try await store.blockedRecoveries(members: [db2]).isEmpty)
        #expect(try await store.blockedRecoveries(since: now + .seconds(100)).count == 1)
    }

    @Test("of a switch say who switched it off and on again, for a cluster by whichever of its names")
    func switches() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let (anna, bert) = (Author(user: "anna"), Author(user: "bert"))
        let shop = ClusterName(db1, alias: "shop")
        let first = try await store.disableRecoveries(of: shop, by: anna, reason: "upgrade", at: now)
        #expect(first.isNew)
        let second = try await store.disableRecoveries(
            of: ClusterName(db2), members: [db1, db2], by: bert, reason: "", at: now)
        #expect(!second.isNew && second.state.owner == "anna")
        #expect(try await store.disableRecoveries(of: nil, by: bert, reason: "all", at: now).isNew)
        #expect(try await store.recoverySwitches().map(\.state.cluster) == [shop, nil])
        let on = try await store.enableRecoveries(
            of: ClusterName(db2, alias: "shop"), by: bert, reason: "done", at: now + .seconds(1))
        #expect(on == [first.state])
        #expect(try await store.enableRecoveries(of: shop, by: bert, reason: "", at: now).isEmpty)
        #expect(try await store.recoverySwitches().map(\.state.cluster) == [nil])
        let past = try await store.recoverySwitches(includingPast: true)
        #expect(past[0].end == .init(at: now + .seconds(1), user: "bert", reason: "done"))
    }

    @Test("go when they are too old, but for those that still matter")
    func pruning() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let old = now - .seconds(100 * 86_400)
        _ = try await recover(store, db1, at: old)
        let failed = try await recover(store, db1, outcome: .failed, at: old)
        let recent = try await recover(store, db1, at: now)
        let author = Author(user: "anna")
        _ = try await store.disableRecoveries(of: nil, by: author, reason: "", at: old)
        _ = try await store.disableRecoveries(of: ClusterName(db1), by: author, reason: "", at: old)
        try await store.enableRecoveries(of: ClusterName(db1), by: author, reason: "", at: old)
        try await store.set(Mark(.maintenance, owner: "anna", reason: "", begins: old), on: db1, at: old)
        try await store.set(
            Mark(.downtime(.planned), owner: "anna", reason: "", begins: old, ends: old + .seconds(1)), on: db1, at: old
        )
        let failure = SeenFailure("a.b", of: db1, in: ClusterName(db1), role: "", began: old, evidence: "[]")
        try await store.note([failure], watching: [], at: old)
        let block = BlockedRecovery("a.b", of: db1, in: ClusterName(db1), objection: "x", reason: "", at: old)
        try await store.note([block])
        #expect(try await store.prune(HistoryLimits(), now: now).recoveries == 5)
        #expect(try await store.recoveries().map(\.id) == [recent, failed])
        #expect(try await store.recoverySwitches(includingPast: true).map(\.state.cluster) == [nil])
        var filter = MarkFilter()
        filter.includesPast = true
        #expect(try await store.marks(filter, now: now).map(\.mark.meaning) == [.maintenance])
        #expect(try await store.detections().isEmpty)
        #expect(try await store.blockedRecoveries().isEmpty)
    }

    @Test("find their tables in a store that an older baton wrote, which keeps what it had")
    func olderLayout() async throws {
        let path = directory.file("baton.db")
        let before = try await Store.open(at: path)
        let operation = OperationRecord(
            startedAt: now, user: "anna", reason: "", verb: "relocate", intent: "db2 below db1", plan: "{}",
            holder: anna, expires: now)
        _ = try await before.begin(operation, on: [db1], now: now)
        try before.close()
        let queue = try DatabaseQueue(path: path)
        let newer = [
            "recovery_switch", "blocked_recovery", "recovery_hold", "recovery_note", "recovery_operation", "recovery",
            "detection", "mark",
        ].map { "DROP TABLE \($0);" }.joined()
        try await queue.write { try $0.execute(sql: newer + "PRAGMA user_version = 3") }
        try queue.close()
        let store = try await Store.open(at: path)
        #expect(try await store.operations().map(\.intent) == ["db2 below db1"])
        #expect(try await store.recoveries().isEmpty)
        _ = try await recover(store, db1, at: now)
        #expect(try await store.recoveries().count == 1)
        #expect(try await store.check().isEmpty)
    }
}
