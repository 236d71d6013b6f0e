import Operations
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

@Suite("Old operations")
struct PruningTests {
    @Test("go with the history when they have ended, what was taken back too; those to be decided about stay")
    func age() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        let executor = Executor(servers: servers, journal: store.journal())
        let done = try await executor.run(Plans.move(["db3"], from: "db1", to: "db2"))
        _ = try await executor.undo(done.operation)
        servers.state.withLock { $0.refusals["CHANGE"] = 1_210 }
        let failed = try await executor.run(Plans.move(["db3"], from: "db1", to: "db2"))
        #expect(!failed.isDone)
        let before = try await store.store.operations().count

        var limits = HistoryLimits()
        limits.age = .seconds(3_600)
        let early = try await store.store.prune(limits, now: .testNow + .seconds(60))
        #expect(early.operations == 0)
        let late = try await store.store.prune(limits, now: .testNow + .seconds(7_200))
        let left = try await store.store.operations()
        #expect(left.map(\.id) == [failed.operation], "\(left.map(\.outcome))")
        #expect(late.operations == before - 1)
    }
}
