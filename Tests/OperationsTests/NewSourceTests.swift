import Operations
import Refactoring
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

@Suite("The servers that replicas are led to")
struct NewSourceTests {
    private let down = Plans.move(["db3"], from: "db1", to: "db4")
    private let up = Plans.move(["db4"], from: "db1", to: "db3")

    @Test("a plan concerns the servers that it changes, their new sources and their old ones")
    func concerned() {
        #expect(down.instances == ["db3"])
        #expect(down.concerned.sorted() == ["db1", "db3", "db4"])
        #expect(down.inverse().concerned.sorted() == ["db1", "db3", "db4"])
        #expect(down.steps.flatMap(\.newSources) == ["db4"])
        #expect(down.replicasThatMove == ["db3"])
    }

    @Test("two batons that move siblings below each other at once make no ring, and one is told why", arguments: 1...20)
    func noRing(_: Int) async throws {
        let (first, second) = (try await TemporaryStore(), try await TemporaryStore())
        let servers = FakeFleetServers(Plans.fleet)
        async let one = end(of: down, Executor(servers: servers, journal: first.journal()))
        async let other = end(of: up, Executor(servers: servers, journal: second.journal()))
        let endings = await [one, other]
        #expect(endings.filter { $0 == nil }.count <= 1, "\(endings)")
        for words in endings.compactMap({ $0 }) {
            #expect(words.contains("is held by") || words.contains("would make a ring"), "\(words)")
        }
        let follows = [servers.standing("db3"), servers.standing("db4")]
        #expect(follows != ["db4:3306 runs", "db3:3306 runs"])
        #expect(servers.state.withLock { $0.locks.isEmpty })
    }

    /// Why it did not come to its end, `nil` where it did.
    private func end(of plan: Plan, _ executor: Executor) async -> String? {
        do throws(OperationError) {
            let report = try await executor.run(plan)
            guard case .failed(let failures) = report.ending else { return nil }
            return failures.map(\.description).joined()
        } catch {
            return error.description
        }
    }

    @Test("while another baton has locked the new source or the old one, nothing is done", arguments: ["db4", "db1"])
    func locked(host: String) async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        let address = InstanceAddress(host: host)
        servers.state.withLock { $0.locks[address] = "another baton, anna@bastion" }
        let executor = Executor(servers: servers, journal: store.journal())
        await #expect(throws: OperationError.held(address, by: "another baton, anna@bastion")) {
            try await executor.run(down)
        }
        #expect(servers.log.isEmpty)
        #expect(servers.state.withLock { $0.locks.keys.sorted() } == [address])
    }

    @Test("batons on one store hold the new source too")
    func storeHold() async throws {
        let store = try await TemporaryStore()
        let journal = store.journal()
        let id = try await journal.begin(down, on: down.concerned, reason: "", undoes: nil).id
        let servers = FakeFleetServers(Plans.fleet)
        let second = Executor(servers: servers, journal: store.journal(after: 1))
        let error = await #expect(throws: OperationError.self) { try await second.run(up) }
        #expect(error?.description.contains("operation \(id) of") == true)
        #expect(servers.log.isEmpty)
    }

    @Test("a new source that has begun to follow the replica since the plan was made stops it before anything is done")
    func ring() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        servers.change("db4") { $0.channels[0].source = "db-three" }
        var fleet = Fleet(Plans.fleet)
        fleet.addName("db-three", of: "db3")
        let executor = Executor(servers: servers, journal: store.journal(), fleet: fleet)
        let report = try await executor.run(down)
        guard case .failed(let failures) = report.ending, let failure = failures.first else {
            Issue.record("it ended with \(report.ending)")
            return
        }
        #expect(failure.phase == .precondition && failure.step == 1 && failure.instance == "db3")
        #expect(failure.message == "db4:3306 follows db3:3306 by now, so that this would make a ring")
        #expect(servers.log.isEmpty)
        #expect(report.choices == [.resume, .leave])
    }

    /// Two branches of two each.
    private let branches: [Instance] = [
        .source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db2"), .replica("db4", of: "db1"),
        .replica("db5", of: "db4"),
    ]

    @Test("two moves that have no server in common, each legal by itself, make no ring together", arguments: 1...20)
    func branchesAtOnce(_: Int) async throws {
        let (first, second) = (try await TemporaryStore(), try await TemporaryStore())
        let servers = FakeFleetServers(branches)
        let fleet = Fleet(branches)
        let left = Plans.move(["db2"], from: "db1", to: "db5")
        let right = Plans.move(["db4"], from: "db1", to: "db3")
        async let one = end(of: left, Executor(servers: servers, journal: first.journal(), fleet: fleet))
        async let other = end(of: right, Executor(servers: servers, journal: second.journal(), fleet: fleet))
        let endings = await [one, other]
        #expect(endings.filter { $0 == nil }.count <= 1, "\(endings)")
        let follows = [servers.standing("db2"), servers.standing("db4")]
        #expect(follows != ["db5:3306 runs", "db3:3306 runs"])
        #expect(servers.state.withLock { $0.locks.isEmpty })
    }

    @Test("a server far above the new source that came below the replica since then stops it, and a resume too")
    func farAbove() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(branches)
        let executor = Executor(servers: servers, journal: store.journal(), fleet: Fleet(branches))
        servers.change("db4") { $0.channels[0].source = "db2" }
        let report = try await executor.run(Plans.move(["db2"], from: "db1", to: "db5"))
        guard case .failed(let failures) = report.ending else {
            Issue.record("it ended with \(report.ending)")
            return
        }
        let words = "db4:3306 follows db2:3306 by now, so that this would make a ring"
        #expect(failures.map(\.message) == [words])
        #expect(servers.log.isEmpty)
        let again = try await executor.resume(report.operation)
        guard case .failed(let failures) = again.ending else {
            Issue.record("it ended with \(again.ending)")
            return
        }
        #expect(failures.map(\.message) == [words])
        servers.change("db4") { $0.channels[0].source = "db1" }
        #expect(try await executor.resume(report.operation).isDone)
    }

    @Test("a dead old source does not stop a move, a dead new one does")
    func dead() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        let executor = Executor(servers: servers, journal: store.journal())
        servers.state.withLock { $0.unreachable = ["db4"] }
        let error = await #expect(throws: OperationError.self) { try await executor.run(down) }
        guard case .notLocked("db4", _)? = error else {
            Issue.record("it ended with \(String(describing: error))")
            return
        }
        #expect(servers.log.isEmpty)
        servers.state.withLock { $0.unreachable = ["db1"] }
        let report = try await executor.run(down)
        #expect(report.isDone, "\(report.ending)")
        // Back to a source that has died meanwhile it is led all the same: that is for the operator to judge.
        #expect(try await executor.undo(report.operation).isDone)
        #expect(servers.standing("db3").hasPrefix("db1:3306"))
    }

    @Test(
        "a lock of another tool, or a lost one, on the new source stops the plan before its replica is led there",
        arguments: ["MaxScale's monitor, max@scale (connection 7)", nil])
    func intruder(tool: String?) async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        let executor = Executor(servers: servers, journal: store.journal())
        let report = try await executor.run(down) { event in
            guard case .stepEnded(0, _) = event else { return }
            servers.state.withLock { state in
                if let tool { state.intruders["db4"] = tool } else { state.locks["db4"] = "somebody else" }
            }
        }
        guard case .failed(let failures) = report.ending else {
            Issue.record("it ended with \(report.ending)")
            return
        }
        #expect(failures.map(\.phase) == [.lock])
        let words = tool.map { "db4:3306 is locked by \($0) since" } ?? "the lock on db4:3306 was lost"
        #expect(failures.first?.message.contains(words) == true, "\(failures)")
        #expect(servers.log == ["db3: STOP REPLICA FOR CHANNEL ''"])
    }
}
