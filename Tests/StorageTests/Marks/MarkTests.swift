import Testing
import Topology

@testable import Storage

@Suite("Marks in the store")
struct MarkTests {
    let directory: TemporaryDirectory
    let now = Timestamp(seconds: 1_790_000_000)
    let db1 = InstanceAddress(host: "db1")

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func mark(_ meaning: MarkMeaning, for length: Duration?, by owner: String = "anna") -> Mark<MarkMeaning> {
        Mark(meaning, owner: owner, reason: "disk", begins: now, ends: length.map { now + $0 })
    }

    @Test("are one of a kind for a server, and the new one takes the place of the old")
    func replacing() async throws {
        let path = directory.file("baton.db")
        let store = try await Store.open(at: path)
        try await store.set(mark(.downtime(.planned), for: .seconds(600)), on: db1, client: "10.0.0.1", at: now)
        try await store.set(mark(.maintenance, for: nil), on: db1, at: now)
        try await store.set(mark(.promotionRule(.mustNot), for: nil), on: db1, at: now)
        try await store.set(
            mark(.downtime(.lostInRecovery), for: nil, by: "bert"), on: db1, at: now + .seconds(1))
        try store.close()
        let again = try await Store.open(at: path)
        let marks = try await again.operatorMarks(now: now + .seconds(700))
        #expect(marks.downtime(of: db1, at: now + .seconds(700))?.meaning == .lostInRecovery)
        #expect(marks.downtime(of: db1, at: now)?.owner == "bert")
        #expect(marks.maintenance(of: db1, at: now)?.reason == "disk")
        #expect(marks.promotionRule(of: db1, at: now) == .mustNot)
        var filter = MarkFilter()
        filter.kinds = [.downtime]
        filter.includesPast = true
        let downtimes = try await again.marks(filter, now: now)
        #expect(downtimes.map(\.mark.owner) == ["anna", "bert"])
        #expect(downtimes[0].end == .init(at: now + .seconds(1), user: nil, reason: "replaced"))
        #expect(downtimes[0].client == "10.0.0.1")
    }

    @Test("end when somebody ends them, or by themselves when their time is over")
    func ending() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let author = Author(user: "be\u{1B}rt")
        try await store.set(mark(.maintenance, for: .seconds(60)), on: db1, at: now)
        let ended = try await store.endMark(.maintenance, of: db1, by: author, reason: "done", at: now + .seconds(9))
        #expect(ended?.end?.at == now + .seconds(9) && ended?.end?.reason == "done")
        #expect(ended?.end?.user?.contains("\u{1B}") == false)
        #expect(try await store.endMark(.maintenance, of: db1, by: author, at: now) == nil)
        try await store.set(mark(.maintenance, for: .seconds(60)), on: db1, at: now)
        // There is nothing left to end, and that its time was over is what the record says.
        #expect(try await store.endMark(.maintenance, of: db1, by: author, at: now + .seconds(61)) == nil)
        try await store.set(mark(.downtime(.planned), for: .seconds(60)), on: db1, at: now)
        #expect(try await store.marks(now: now + .seconds(59)).count == 1)
        #expect(try await store.marks(now: now + .seconds(60)).isEmpty)
        #expect(try await store.expireMarks(at: now + .seconds(60)) == 1)
        var filter = MarkFilter()
        filter.includesPast = true
        let past = try await store.marks(filter, now: now + .seconds(61))
        #expect(past.map(\.end?.reason) == ["done", "its time was over", "its time was over"])
        #expect(past.map(\.end?.at) == [9, 60, 60].map { now + .seconds($0) })
    }

    @Test("follow a server that the fleet keeps under another address")
    func renamed() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let other = InstanceAddress(host: "10.0.0.7")
        try await store.set(mark(.maintenance, for: nil), on: other, at: now)
        var fleet = Fleet([Instance(address: db1)])
        fleet.addName(other, of: db1)
        #expect(try await store.operatorMarks(in: fleet, now: now).maintenance(of: db1, at: now) != nil)
    }
}
