import Operations
import Refactoring
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

@Suite("Running plans")
struct ExecutorTests {
    private let plan = Plans.move(["db3", "db4"], from: "db1", to: "db2")

    @Test("a plan runs stage by stage, and the journal tells who, why, what and how it ended")
    func run() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        let events = Mutex<[OperationEvent]>([])
        let executor = Executor(servers: servers, journal: store.journal())
        let report = try await executor.run(plan, reason: "db1 is to be emptied") { event in
            events.withLock { $0.append(event) }
        }
        #expect(report.isDone)
        #expect(report.choices.isEmpty)
        #expect(servers.standing("db3") == "db2:3306 runs")
        #expect(servers.standing("db4") == "db2:3306 runs")
        let log = servers.log
        #expect(log.prefix(2).allSatisfy { $0.contains("STOP") } && log.suffix(2).allSatisfy { $0.contains("START") })
        let record = try #require(try await store.store.operation(report.operation))
        #expect(record.outcome == .done)
        #expect(record.reason == "db1 is to be emptied")
        #expect(record.client == "192.0.2.1 4711 22")
        #expect(record.steps.values.map(\.state) == Array(repeating: .done, count: 6))
        #expect(try await store.journal().openOperations().isEmpty)
        #expect(servers.state.withLock { $0.locks.isEmpty })
        #expect(events.withLock { $0.first } == .began(report.operation))
        #expect(events.withLock { $0.last } == .ended(report))
    }

    @Test("a query that has ended by itself cannot be killed, and leaves nothing to decide")
    func endedQuery() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        servers.state.withLock { $0.refusals["KILL QUERY"] = 1094 }
        let step = Step(
            stage: 0, on: "db1", "kill the query of connection 7", preconditions: [],
            commands: [.killQuery(connection: 7)], proof: [], timeLimit: .seconds(10))
        let executor = Executor(servers: servers, journal: store.journal())
        let report = try await executor.run(
            Plan(intent: "Kill the query of connection 7", verb: "kill-query", method: "-", steps: [step]))
        guard case .failed(let failures) = report.ending else {
            Issue.record("it is not told as a success: \(report.ending)")
            return
        }
        #expect(failures.map(\.wasRefused) == [true])
        #expect(report.choices.isEmpty)
        #expect(try await store.store.operation(report.operation)?.outcome == .notBegun)
        #expect(try await store.journal().openOperations().isEmpty)
    }

    @Test("killed before or after any statement or line of the journal, it is resumed to its end")
    func resume() async throws {
        try await dieAtEveryMoment { executor, servers, id in
            let report = try await executor.resume(id)
            #expect(report.isDone, "\(report.ending)")
            #expect(servers.standing("db3") == "db2:3306 runs")
            #expect(servers.standing("db4") == "db2:3306 runs")
        }
    }

    @Test("killed before or after any statement or line of the journal, it is rolled back to its beginning")
    func rollBack() async throws {
        try await dieAtEveryMoment { executor, servers, id in
            let plan = try await executor.planRollingBack(id)
            let report = try await executor.rollBack(id, by: plan)
            #expect(report.isDone, "\(report.ending)")
            #expect(report.durations.count == plan.steps.count, "the plan that was shown is the one that was run")
            #expect(servers.standing("db3") == "db1:3306 runs")
            #expect(servers.standing("db4") == "db1:3306 runs")
        }
    }

    /// Runs the plan again and again, killed a moment later each time, until it lives to its end.
    private func dieAtEveryMoment(
        _ decide: (Executor, FakeFleetServers, Int64) async throws -> Void
    ) async throws {
        var moment = 1
        while true {
            let store = try await TemporaryStore()
            let mortality = Mortality(moment: moment)
            let dying = FakeFleetServers(Plans.fleet, mortality: mortality)
            let journal = MortalJournal(journal: store.journal(), mortality: mortality)
            _ = try? await Executor(servers: dying, journal: journal).run(plan)
            guard mortality.isDead else { break }
            let servers = FakeFleetServers(after: dying)
            let next = store.journal(after: 60)
            for operation in try await next.openOperations() {
                try await decide(Executor(servers: servers, journal: next), servers, operation.id)
            }
            #expect(try await next.openOperations().isEmpty, "at moment \(moment)")
            for replica in ["db3", "db4"] as [InstanceAddress] {
                #expect(servers.standing(replica).hasSuffix(" runs"), "at moment \(moment)")
            }
            moment += 1
        }
        // Six steps with two lines and one statement each, the beginning and the end: before and after.
        #expect(moment - 1 == 2 * (6 * 3 + 2))
    }

    @Test("killed while it is rolled back, the rollback is resumed")
    func dieTwice() async throws {
        for moment in 1...30 {
            let store = try await TemporaryStore()
            let first = Mortality(moment: 18)
            let dying = FakeFleetServers(Plans.fleet, mortality: first)
            _ = try? await Executor(
                servers: dying, journal: MortalJournal(journal: store.journal(), mortality: first)
            ).run(plan)
            let id = try #require(try await store.journal(after: 60).openOperations().first).id
            let second = Mortality(moment: moment)
            let dyingAgain = FakeFleetServers(
                dying.state.withLock { state in
                    state.facts.map { Instance(address: $0.key, facts: $0.value) }
                }, mortality: second)
            _ = try? await Executor(
                servers: dyingAgain, journal: MortalJournal(journal: store.journal(after: 60), mortality: second)
            ).rollBack(id)
            let servers = FakeFleetServers(after: dyingAgain)
            let next = store.journal(after: 120)
            for operation in try await next.openOperations().reversed() {
                // The first one is decided with the second.
                guard try await next.openOperations().contains(where: { $0.id == operation.id }) else { continue }
                let executor = Executor(servers: servers, journal: next)
                if operation.record.undoes == nil {
                    _ = try await executor.rollBack(operation.id)
                } else {
                    _ = try await executor.resume(operation.id)
                }
            }
            #expect(servers.standing("db3") == "db1:3306 runs", "at moment \(moment)")
            #expect(servers.standing("db4") == "db1:3306 runs", "at moment \(moment)")
            #expect(try await next.openOperations().isEmpty)
        }
    }

    @Test(
        "a statement that is refused stops the plan, and the report says where, why, in what state and what can be done"
    )
    func refusal() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        servers.state.withLock { $0.refusals["CHANGE"] = 1_227 }
        let executor = Executor(servers: servers, journal: store.journal())
        let report = try await executor.run(Plans.move(["db3"], from: "db1", to: "db2"))
        guard case .failed(let failures) = report.ending, let failure = failures.first else {
            Issue.record("it ended with \(report.ending)")
            return
        }
        #expect(failure.step == 1 && failure.instance == "db3" && failure.phase == .statements)
        #expect(failure.message.contains("it will not (error 1227)"))
        #expect(report.states["db3"] == "follows db1:3306, receiver stopped, applier stopped")
        #expect(report.choices == [.resume, .rollBack, .leave])
        #expect(servers.log.count == 2)
        servers.state.withLock { $0.refusals["START"] = 1_227 }
        let undone = try await executor.rollBack(report.operation)
        #expect(undone.isDone == false, "what was stopped can't be started")
        #expect(servers.log.allSatisfy { !$0.contains("db1") }, "what was not changed is not changed back")
        servers.state.withLock { $0.refusals = [:] }
        #expect(try await executor.resume(undone.operation).isDone)
        #expect(servers.standing("db3") == "db1:3306 runs")
        #expect(try await store.store.operation(report.operation)?.outcome == .takenBack)
    }

    @Test("what changed since the plan was made stops it before anything is done")
    func precondition() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        servers.change("db3") { $0.channels[0].source = "db9" }
        let executor = Executor(servers: servers, journal: store.journal())
        let report = try await executor.run(Plans.move(["db3"], from: "db1", to: "db2"))
        guard case .failed(let failures) = report.ending else {
            Issue.record("it ended with \(report.ending)")
            return
        }
        #expect(failures.map(\.phase) == [.precondition])
        #expect(failures[0].message == "the plan expects that db3:3306 follows db1:3306, but it follows db9:3306")
        #expect(servers.log.isEmpty)
        #expect(report.choices == [.resume, .leave])
        try await executor.leave(report.operation)
        #expect(try await store.journal().openOperations().isEmpty)
    }

    @Test("a done operation is undone once, and not when the servers stand otherwise than it left them")
    func undo() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        let executor = Executor(servers: servers, journal: store.journal())
        let first = try await executor.run(plan)
        #expect(try await executor.undo(first.operation).isDone)
        #expect(servers.standing("db3") == "db1:3306 runs")
        await #expect(
            throws: OperationError.notPossible(first.operation, "it is taken back, and only what is done can be undone")
        ) {
            try await executor.undo(first.operation)
        }
        let second = try await executor.run(plan)
        servers.change("db4") { $0.channels[0].source = "db3" }
        let report = try await executor.undo(second.operation)
        guard case .failed(let failures) = report.ending else {
            Issue.record("it ended with \(report.ending)")
            return
        }
        #expect(failures[0].phase == .precondition)
        #expect(failures[0].message.contains("follows db3:3306"))
        #expect(servers.standing("db4") == "db3:3306 runs")
    }

    @Test("a server that another baton has locked is not touched, and its holder is named")
    func locked() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        servers.state.withLock { $0.locks["db4"] = "another baton, anna@bastion" }
        let executor = Executor(servers: servers, journal: store.journal())
        await #expect(throws: OperationError.held("db4", by: "another baton, anna@bastion")) {
            try await executor.run(plan)
        }
        #expect(servers.log.isEmpty)
        #expect(servers.state.withLock { $0.locks } == ["db4": "another baton, anna@bastion"])
        #expect(try await store.journal().openOperations().isEmpty)
    }

    @Test("a lock that is lost stops the plan before its next step")
    func lockLost() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        let executor = Executor(servers: servers, journal: store.journal())
        let report = try await executor.run(Plans.move(["db3"], from: "db1", to: "db2")) { event in
            if case .stepEnded(0, _) = event { servers.state.withLock { $0.locks["db3"] = "somebody else" } }
        }
        guard case .failed(let failures) = report.ending else {
            Issue.record("it ended with \(report.ending)")
            return
        }
        #expect(failures.map(\.phase) == [.lock])
        #expect(servers.log == ["db3: STOP REPLICA FOR CHANNEL ''"])
    }

    @Test("two batons on one store don't run on the same server at once")
    func storeHold() async throws {
        let store = try await TemporaryStore()
        let first = store.journal()
        let id = try await first.begin(plan, on: plan.concerned, reason: "", undoes: nil).id
        let servers = FakeFleetServers(Plans.fleet)
        let second = Executor(servers: servers, journal: store.journal(after: 1))
        let error = await #expect(throws: OperationError.self) {
            try await second.run(Plans.move(["db4"], from: "db1", to: "db2"))
        }
        #expect(error?.description.contains("operation \(id) of") == true)
        #expect(servers.log.isEmpty)
        // Held, so that nobody may decide about it either.
        await #expect(throws: OperationError.self) { try await second.rollBack(id) }
        // Taken up by another, the first may write no more.
        let later = store.journal(after: 60)
        let operation = try #require(try await later.openOperations().first)
        try await later.takeUp(operation, on: plan.concerned, reason: "")
        await #expect(throws: OperationError.self) {
            try await first.note(.done, step: 0, of: id, note: nil, observed: Observed())
        }
        // Nor end what is the other's now, and let its servers go.
        await #expect(throws: OperationError.self) { try await first.end(id, .failed, report: "woken up") }
        // Held now, it can't be left by somebody who looked at it before either.
        await #expect(throws: OperationError.self) { try await later.settle(id, .left, report: nil) }
        #expect(try await store.store.operation(id)?.outcome == .running)
        let held = try await store.store.heldServers(now: .testNow + .seconds(60)).map(\.0)
        #expect(Set(held) == ["db1:3306", "db2:3306", "db3:3306", "db4:3306"])
        try await later.end(id, .done, report: nil)
        await #expect(throws: OperationError.self) { try await first.end(id, .failed, report: "woken up later") }
        #expect(try await store.store.operation(id)?.outcome == .done)
        #expect(try await store.store.heldServers(now: .testNow + .seconds(60)).isEmpty)
    }

    @Test("cancelled, it stops before its next stage, and what was done can be taken back")
    func cancel() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        let executor = Executor(servers: servers, journal: store.journal())
        let plan = plan
        let task = Mutex<Task<OperationReport, any Error>?>(nil)
        let isReady = AsyncStream<Void>.makeStream()
        let running = Task {
            for await _ in isReady.stream { break }
            return try await executor.run(plan) { event in
                if case .stepEnded(0, _) = event { task.withLock { $0?.cancel() } }
            }
        }
        task.withLock { $0 = running }
        isReady.continuation.yield()
        let report = try await running.value
        #expect(report.ending == .stopped(before: 2))
        #expect(servers.standing("db3") == "db1:3306 stands")
        #expect(try await executor.rollBack(report.operation).isDone)
        #expect(servers.standing("db3") == "db1:3306 runs")
    }

    @Test("who resumed it, when and why is kept, with how each attempt ended")
    func resumedByWhom() async throws {
        let store = try await TemporaryStore()
        let first = store.journal()
        let id = try await first.begin(plan, on: plan.concerned, reason: "db1 is to be emptied", undoes: nil).id
        try await first.end(id, .failed, report: "db3 was gone")
        let executor = Executor(servers: FakeFleetServers(Plans.fleet), journal: store.journal(after: 60))
        #expect(try await executor.resume(id, reason: "db3 is back").isDone)
        let record = try #require(try await store.store.operation(id))
        #expect(record.outcome == .done)
        #expect(record.reason == "db1 is to be emptied")
        let lines = try #require(record.report).split(separator: "\n")
        #expect(lines.first == "db3 was gone")
        #expect(lines.count == 2 && lines[1].hasPrefix("resumed at "), "\(lines)")
        #expect(lines.last?.hasSuffix(" from 192.0.2.1: db3 is back") == true, "\(lines)")
    }

    @Test("a step that is not proved in time fails with what was found")
    func timeLimit() async throws {
        let store = try await TemporaryStore()
        let servers = FakeFleetServers(Plans.fleet)
        let step = Step(
            stage: 0, on: "db3", "catch up", commands: [], proof: [.delay(.seconds(60), channel: "")],
            timeLimit: .milliseconds(30), waitsFor: "the delay")
        let plan = Plan(intent: "Wait", verb: "wait", method: "-", steps: [step])
        let report = try await Executor(servers: servers, journal: store.journal()).run(plan)
        guard case .failed(let failures) = report.ending else {
            Issue.record("it ended with \(report.ending)")
            return
        }
        #expect(failures[0].phase == .proof)
        #expect(
            failures[0].message.contains(
                "for the delay: the plan expects that db3:3306 has a delay of 60 s, but its delay is 0 s"))
    }

    @Test("what must not happen twice is not run again when nobody knows whether it ran")
    func onlyOnce() async throws {
        let store = try await TemporaryStore()
        let mortality = Mortality(moment: 6)
        let dying = FakeFleetServers(Plans.fleet, mortality: mortality)
        let step = Step(
            stage: 0, on: "db3", "skip", commands: [.skipEventGroup(channel: "")],
            proof: [.stopped(.both, channel: "")])
        let plan = Plan(intent: "Skip", verb: "skip", method: "-", steps: [step])
        _ = try? await Executor(
            servers: dying, journal: MortalJournal(journal: store.journal(), mortality: mortality)
        ).run(plan)
        let servers = FakeFleetServers(after: dying)
        let journal = store.journal(after: 60)
        let operation = try #require(try await journal.openOperations().first)
        let report = try await Executor(servers: servers, journal: journal).resume(operation.id)
        guard case .failed(let failures) = report.ending else {
            Issue.record("it ended with \(report.ending)")
            return
        }
        #expect(failures[0].message.contains("skipping an event group must not happen twice"))
        #expect(servers.log.count == 1)
    }

    @Test("what must not happen twice is run again where the server said no to it, because then it has not happened")
    func refusedOnce() async throws {
        let store = try await TemporaryStore()
        let step = Step(
            stage: 0, on: "db3", "skip", commands: [.skipEventGroup(channel: "")], proof: [.replicates(channel: "")])
        let plan = Plan(intent: "Skip", verb: "skip", method: "-", steps: [step])
        let servers = FakeFleetServers(Plans.fleet)
        servers.state.withLock { $0.refusals["SET GLOBAL sql_"] = 1_227 }
        let first = try await Executor(servers: servers, journal: store.journal()).run(plan)
        guard case .failed(let failures) = first.ending else {
            Issue.record("it ended with \(first.ending)")
            return
        }
        #expect(failures[0].didNothing)
        servers.state.withLock { $0.refusals = [:] }
        let again = try await Executor(servers: servers, journal: store.journal(after: 60)).resume(first.operation)
        #expect(again.ending == .done, "\(again.ending)")
        #expect(servers.log.filter { $0.contains("SET GLOBAL sql_") }.count == 2)
    }
}
