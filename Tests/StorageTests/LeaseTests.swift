import Testing
import Topology

@testable import Storage

@Suite("The lease of the history")
struct LeaseTests {
    let directory: TemporaryDirectory
    let now = Timestamp(seconds: 1_790_000_000)
    let anna = LeaseHolder(id: "a", pid: 1, host: "bastion", user: "anna")
    let bert = LeaseHolder(id: "b", pid: 2, host: "bastion", user: "bert")

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test("who became another is named by both")
    func account() {
        #expect(LeaseHolder.userName("anna", login: nil) == "anna")
        #expect(LeaseHolder.userName("anna", login: "anna") == "anna")
        #expect(LeaseHolder.userName("root", login: "anna") == "anna as root")
        #expect(LeaseHolder.userName("root", login: "an\u{1B}na").contains("\u{1B}") == false)
    }

    @Test("is held by one, renewed by it, and taken over by another only when it has run out")
    func takeover() async throws {
        let one = try await Store.open(at: directory.file("baton.db"))
        let two = try await Store.open(at: directory.file("baton.db"))
        let first = try await one.lease(anna, now: now)
        #expect(try await two.acquireLease(bert, now: now + .seconds(9)) == .heldBy(anna, until: first.expires))
        let renewed = try await one.lease(anna, now: now + .seconds(8))
        #expect(renewed.token == first.token)
        #expect(try await two.leaseHolder(now: now + .seconds(17)) == anna)
        let taken = try await two.lease(bert, now: now + .seconds(18))
        #expect(taken.token > first.token)
        let change = FleetChange(at: now, instances: [Instance(address: InstanceAddress(host: "a"))])
        let error = await #expect(throws: StoreError.self) { try await one.record(change, under: renewed) }
        #expect(error?.code == .leaseLost)
        #expect(try await two.loadFleet().fleet.isEmpty)
    }

    @Test("is free at once when it is given back")
    func release() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let first = try await store.lease(anna, now: now)
        try await store.releaseLease(first)
        #expect(try await store.leaseHolder(now: now) == nil)
        let second = try await store.lease(bert, now: now)
        #expect(second.token > first.token)
        // Giving back what one no longer has takes nothing from the other.
        try await store.releaseLease(first)
        #expect(try await store.leaseHolder(now: now) == bert)
    }

    @Test("is not held for ever by a clock that was ahead")
    func wrongClock() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        _ = try await store.lease(anna, now: now + .seconds(86_400))
        _ = try await store.lease(bert, now: now)
        #expect(try await store.leaseHolder(now: now) == bert)
    }

    @Test("goes to exactly one of many that ask at once")
    func race() async throws {
        let stores = try await [0, 1, 2, 3].mapAsync { _ in try await Store.open(at: directory.file("baton.db")) }
        let won = try await withThrowingTaskGroup(of: Bool.self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask {
                    let holder = LeaseHolder(id: "\(index)", pid: 1, host: "h", user: "u")
                    guard case .held = try await store.acquireLease(holder, now: now) else { return false }
                    return true
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(won == 1)
    }
}

extension Sequence {
    fileprivate func mapAsync<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
