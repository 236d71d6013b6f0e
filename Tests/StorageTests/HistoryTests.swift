import GRDB
import Testing
import Topology

@testable import Storage

@Suite("The history")
struct HistoryTests {
    let directory: TemporaryDirectory
    let start = Timestamp(seconds: 1_790_000_000)
    let address = InstanceAddress(host: "db2")

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func replica(offset: UInt64, lag: Int = 0, applier: ApplierState = .running) -> Instance {
        let position = BinlogPosition(file: "binlog.000001", offset: offset)
        let channel = ReplicationChannel(
            source: InstanceAddress(host: "db1"), applier: applier, received: position, executed: position,
            lag: Lag(measured: .seconds(lag)))
        let facts = InstanceFacts(
            version: ServerVersion(parsing: "8.4.3"),
            identity: ServerIdentity(serverID: 2, hostName: "db2", port: 3306),
            binaryLog: BinaryLog(format: .row, logsReplicaUpdates: true, position: position), channels: [channel])
        return Instance(address: address, contact: .reachable(since: start), facts: facts)
    }

    @Test("samples what always changes, and takes what matters at once")
    func sampling() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let recorder = HistoryRecorder(store)
        var fleet = Fleet([replica(offset: 1)])
        #expect(try await recorder.record(fleet, changed: [address], at: start) == .recorded(1))
        for second in 1..<10 {
            fleet.update(replica(offset: UInt64(second + 1), lag: second))
            let status = try await recorder.record(fleet, changed: [address], at: start + .seconds(second))
            #expect(status == .recorded(0), "second \(second)")
        }
        // Ten seconds have passed: what waited is written, also where nothing new was seen.
        #expect(try await recorder.record(fleet, changed: [], at: start + .seconds(10)) == .recorded(1))
        fleet.update(replica(offset: 11, applier: .stopped))
        #expect(try await recorder.record(fleet, changed: [address], at: start + .seconds(11)) == .recorded(1))
        #expect(try await store.loadFleet().fleet.content == fleet.content)
        let changes = try await store.changes(from: start, to: start + .seconds(60))
        #expect(changes.map(\.at) == [start, start + .seconds(10), start + .seconds(11)])
        fleet.update(replica(offset: 12, applier: .stopped))
        _ = try await recorder.record(fleet, changed: [address], at: start + .seconds(12))
        try await recorder.finish(fleet, at: start + .seconds(13))
        #expect(try await store.loadFleet().fleet.content == fleet.content)
        #expect(try await store.leaseHolder(now: start + .seconds(13)) == nil)
    }

    @Test("keeps what is stored of servers that this run has not heard of")
    func unasked() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        var lost = replica(offset: 1)
        let failure = ContactFailure(kind: .readTimeout, code: 2013, message: "no answer")
        lost.contact = .unreachable(since: start, lastSeen: start - .seconds(1), failure)
        let first = HistoryRecorder(store)
        _ = try await first.record(Fleet([lost]), changed: [address], at: start)
        try await first.finish(Fleet([lost]), at: start)

        for contact in [try await store.loadFleet().remembered[address]?.contact, .neverTried] {
            var memory = lost
            memory.contact = try #require(contact)
            #expect(!memory.contact.isAnswerOfThisRun)
            let later = HistoryRecorder(store)
            let status = try await later.record(Fleet([memory]), changed: [address], at: start + .seconds(60))
            #expect(status == .recorded(0))
            try await later.finish(Fleet([memory]), at: start + .seconds(60))
            #expect(try await store.loadFleet().fleet[address]?.contact == lost.contact)
        }
        #expect(
            try await store.loadFleet().remembered[address]?.contact
                == .remembered(lastSeen: start - .seconds(1), trouble: .unreachable(since: start)))
    }

    @Test("remembers of each server when it last answered, also where a later run did not ask it")
    func sightings() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let second = InstanceAddress(host: "db3")
        var other = replica(offset: 1)
        other.address = second
        let fleet = Fleet([replica(offset: 1), other])
        let first = HistoryRecorder(store)
        func lastSeen(_ address: InstanceAddress) async throws -> Timestamp? {
            try await store.loadFleet().remembered[address]?.contact.lastSeen
        }
        _ = try await first.record(fleet, changed: [address, second], at: start)
        #expect(try await lastSeen(address) == start)
        // No row for each look: a baton that was killed now would have been seen a minute ago at the most.
        #expect(try await first.record(fleet, changed: [], at: start + .seconds(59)) == .recorded(0))
        #expect(try await lastSeen(address) == start)
        #expect(try await first.record(fleet, changed: [], at: start + .seconds(60)) == .recorded(0))
        #expect(try await lastSeen(address) == start + .seconds(60))
        try await first.finish(fleet, at: start + .seconds(100))
        #expect(try await lastSeen(address) == start + .seconds(100))

        // A short run that asks one of them.
        var memory = try await store.loadFleet().remembered
        other.contact = .reachable(since: start + .seconds(1000))
        memory.update(other)
        let later = HistoryRecorder(store)
        _ = try await later.record(memory, changed: [second], at: start + .seconds(1000))
        try await later.finish(memory, at: start + .seconds(1001))
        #expect(try await lastSeen(second) == start + .seconds(1001))
        #expect(try await lastSeen(address) == start + .seconds(100))

        // Of a server that failed meanwhile its contact tells.
        let failure = ContactFailure(kind: .readTimeout, code: 2013, message: "no answer")
        other.contact = .unreachable(since: start + .seconds(2001), lastSeen: start + .seconds(2000), failure)
        memory.update(other)
        let last = HistoryRecorder(store)
        _ = try await last.record(memory, changed: [second], at: start + .seconds(2002))
        try await last.finish(memory, at: start + .seconds(2003))
        #expect(try await lastSeen(second) == start + .seconds(2000))
        #expect(try await store.changes(from: start, to: start + .seconds(3000)).count == 4)
    }

    @Test("of a store that an older baton wrote takes the last record for the last answer")
    func olderLayout() async throws {
        let path = directory.file("baton.db")
        let recorder = HistoryRecorder(try await Store.open(at: path))
        _ = try await recorder.record(Fleet([replica(offset: 1)]), changed: [address], at: start)
        let queue = try DatabaseQueue(path: path)
        let newer = [
            "recovery_switch", "blocked_recovery", "recovery_hold", "recovery_note", "recovery_operation", "recovery",
            "detection", "mark", "operation_hold", "operation_step", "operation", "sighting",
        ].map { "DROP TABLE \($0);" }.joined()
        try await queue.write { try $0.execute(sql: newer + "PRAGMA user_version = 1") }
        try queue.close()
        let store = try await Store.open(at: path)
        #expect(try await store.loadFleet().remembered[address]?.contact == .remembered(lastSeen: start))
        #expect(try await store.check().isEmpty)
    }

    @Test("is followed by a second baton, and written on by it after the first")
    func following() async throws {
        let first = HistoryRecorder(try await Store.open(at: directory.file("baton.db")))
        let store = try await Store.open(at: directory.file("baton.db"))
        let second = HistoryRecorder(store)
        var fleet = Fleet([replica(offset: 1), Instance(address: InstanceAddress(host: "db1"))])
        let all = Array(fleet.addresses)
        #expect(try await first.record(fleet, changed: all, at: start) == .recorded(2))
        guard case .following = try await second.record(fleet, changed: all, at: start) else {
            Issue.record("two wrote at once")
            return
        }
        try await first.finish(fleet, at: start + .seconds(1))
        fleet.update(replica(offset: 1, applier: .stopped))
        #expect(try await second.record(fleet, changed: [address], at: start + .seconds(2)) == .recorded(1))
        #expect(try await store.loadFleet().fleet.content == fleet.content)
    }

    @Test("keeps every moment within its age when it is pruned, and gives space back")
    func pruning() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let lease = try await store.lease(now: start)
        var past: [Fleet.Content] = []
        let steps = 600
        for step in 0..<steps {
            var instances = [replica(offset: UInt64(step), lag: step % 7)]
            if step == 0 { instances.append(Instance(address: InstanceAddress(host: "still"))) }
            let at = start + .seconds(step)
            let events = [Event(at: at, kind: Event.Kind(rawValue: "test"), text: "\(step)")]
            let removed = step == 10 ? [InstanceAddress(host: "gone")] : []
            if step == 5 { instances.append(Instance(address: InstanceAddress(host: "gone"))) }
            let change = FleetChange(
                at: at, instances: instances, removed: removed, clusterAliases: [address: .some("name \(step / 100)")])
            try await store.record(change, events: events, under: lease)
            past.append(try await store.fleet(at: at).content)
        }
        var limits = HistoryLimits()
        limits.age = .seconds(100)
        limits.events = 50
        let before = try await store.usedBytes()
        let report = try await store.prune(limits, now: start + .seconds(steps))
        #expect(report.changes > 400 && report.events == steps - 50)
        #expect(report.bytes < before)
        for step in 500..<steps {
            #expect(try await store.fleet(at: start + .seconds(step)).content == past[step], "step \(step)")
        }
        #expect(try await store.loadFleet().fleet.content == past[steps - 1])
        #expect(try await store.changes(from: start, to: start + .seconds(500)).count <= 2)
        limits.bytes = 1
        try await store.prune(limits, now: start + .seconds(steps))
        #expect(try await store.loadFleet().fleet.content == past[steps - 1])
        #expect(try await store.fleet(at: start + .seconds(steps)).content == past[steps - 1])
        #expect(try await store.check().isEmpty)
    }

    @Test("tells the writer when another baton forgets a server")
    func forgetting() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let lease = try await store.lease(now: start)
        var fleet = Fleet([replica(offset: 1)])
        fleet.addName(InstanceAddress(host: "other"), of: address)
        try await store.record(FleetChange(from: Fleet(), to: fleet, at: start), under: lease)
        let other = try await Store.open(at: directory.file("baton.db"))
        #expect(try await other.forget(address, at: start + .seconds(1)))
        #expect(try await !other.forget(address, at: start + .seconds(1)))
        #expect(try await store.loadFleet().fleet.content == Fleet().content)
        var filter = EventFilter()
        filter.after = 0
        #expect(try await store.events(filter).map(\.kind) == [.forgotten])
        #expect(try await store.fleet(at: start).content == fleet.content)
        try await other.setClusterAlias("shop", of: address, at: start + .seconds(2))
        filter.kinds = [.clusterNamed]
        #expect(try await store.events(filter).map(\.cluster) == ["shop"])
    }

    @Test("is written as patches that turn one document into the other", arguments: 0..<100 as Range<UInt64>)
    func patches(seed: UInt64) throws {
        var random = RandomDocuments(seed: seed)
        let (old, new) = (random.instance(address), random.instance(address))
        let (before, after) = (InstanceDocument(old).json, InstanceDocument(new).json)
        let patch = DocumentPatch.between(before, after)
        let result = patch.map { DocumentPatch.apply($0, to: before) } ?? before
        #expect(try InstanceDocument.read(result, context: InstanceDocument.Context()).instance == new)
        #expect(DocumentPatch.between(before, before) == nil)
    }
}
