import Operations
import Refactoring
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

@Suite("Making GTIDs anew")
struct ErrantResetTests {
    private let kept = "\(InstanceAddress("db1").testUUID):1-10"
    private var all: String { "\(kept),\(InstanceAddress("db3").testUUID):1-2" }

    private var fleet: [Instance] {
        [
            .source("db1", executed: kept),
            .replica("db3", of: "db1", executed: all).withChannel { channel in
                (channel.receiver, channel.applier) = (.stopped, .stopped)
            },
        ]
    }

    private func plan() throws -> Plan {
        let planner = MovePlanner { _, _, _, _ in .allowed }
        let scene = RuleScene(Fleet(fleet), now: .testNow)
        return try #require(planner.plan(.resetErrant("db3"), in: scene).plan)
    }

    /// What is there when baton has died at that moment, and its open operation; `nil` where it lived.
    private func death(
        at moment: Int, _ store: TemporaryStore
    ) async throws -> (servers: FakeFleetServers, operation: JournaledOperation?)? {
        let mortality = Mortality(moment: moment)
        let dying = FakeFleetServers(fleet, mortality: mortality)
        let journal = MortalJournal(journal: store.journal(), mortality: mortality)
        _ = try? await Executor(servers: dying, journal: journal).run(try plan())
        guard mortality.isDead else { return nil }
        return (FakeFleetServers(after: dying), try await store.journal(after: 60).openOperations().first)
    }

    private func executed(_ servers: FakeFleetServers) -> GTIDSet? {
        guard case .mysql(let state)? = servers.state.withLock({ $0.facts["db3"]?.gtid }) else { return nil }
        return state.executed
    }

    @Test("killed at any moment, it is gone on with until exactly the GTIDs are left that were to stay")
    func resume() async throws {
        var moment = 1
        while true {
            let store = try await TemporaryStore()
            guard let (servers, operation) = try await death(at: moment, store) else { break }
            if let operation {
                let report = try await Executor(servers: servers, journal: store.journal(after: 60)).resume(
                    operation.id)
                #expect(report.isDone, "at moment \(moment): \(report.ending)")
                #expect(executed(servers) == .test(kept), "at moment \(moment)")
            }
            moment += 1
        }
        #expect(moment > 8)
    }

    @Test("what was executed since it was broken off is not lost: it is not gone on with")
    func executedSince() async throws {
        let grown = GTIDSet.test("\(InstanceAddress("db1").testUUID):1-900,\(InstanceAddress("db3").testUUID):1-2")
        var refusals = 0
        // Begun in the journal, and nothing said to the server yet.
        for moment in 3...5 {
            let store = try await TemporaryStore()
            guard let (servers, operation) = try await death(at: moment, store), let operation else { continue }
            #expect(servers.log.isEmpty)
            servers.change("db3") { $0.gtid = .mysql(MySQLGTIDState(mode: .on, executed: grown)) }
            let report = try await Executor(servers: servers, journal: store.journal(after: 60)).resume(operation.id)
            guard case .failed(let failures) = report.ending else {
                Issue.record("at moment \(moment) it ended with \(report.ending)")
                continue
            }
            #expect(failures[0].message.contains("it has executed 890 more transactions"))
            #expect(executed(servers) == grown && servers.log.isEmpty)
            refusals += 1
        }
        #expect(refusals > 0)
    }
}
