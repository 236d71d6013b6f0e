import Diagnosis
import Discovery
import Engine
import Foundation
import Lab
import Operations
import Refactoring
import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("Operations through the engine", .serialized, .timeLimit(.minutes(3)))
struct OperatingTests {
    /// Runs an engine with a desk on real servers and a store of its own.
    private func running(
        _ shape: String, _ settings: OperatingSettings = OperatingSettings(),
        _ body: (Engine, (String) -> InstanceAddress) async throws -> Void
    ) async throws {
        try await LabServers.with(shape) { lab in
            let path = FileManager.default.temporaryDirectory.appending(path: "baton-\(UUID().uuidString).db").path
            let store = try await Store.open(at: path)
            let connection = ConnectionSettings(credentials: Credentials(user: "root"))
            let engine = Engine(
                EngineConfiguration(seeds: [lab.servers[0].address]),
                desk: OperationDesk(settings, store: store) { LiveServers(settings: { _ in connection }) },
                makeProber: InstanceProbers { _ in connection }.callAsFunction)
            let run = Task { await engine.run() }
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await body(engine) { lab[$0].address })
            } catch {
                outcome = .failure(error)
            }
            run.cancel()
            await run.value
            try store.close()
            try? FileManager.default.removeItem(atPath: path)
            try outcome.get()
        }
    }

    /// The scene in which every server of the shape is seen.
    private func scene(_ engine: Engine, of count: Int) async throws -> RuleScene {
        for await update in await engine.updates() {
            let seen = update.fleet.instances.filter { $0.contact.isReachable && $0.facts != nil }
            guard seen.count == count else { continue }
            return try #require(await engine.scene())
        }
        throw CancellationError()
    }

    private func source(_ address: InstanceAddress, in engine: Engine, becomes target: InstanceAddress) async -> Bool {
        for await update in await engine.updates()
        where update.diagnosis.forest.parent(of: address) == target { return true }
        return false
    }

    @Test("a plan of the live scene runs, the fleet shows it, and it is undone")
    func moving() async throws {
        try await running("mariadb: a(b c)") { engine, address in
            let (source, target, replica) = (address("a"), address("b"), address("c"))
            let scene = try await scene(engine, of: 3)
            #expect(Set(scene.lastReads.keys) == [source, target, replica])
            let wish = Wish.move(.relocate(ReplicaChannel(replica), below: target))
            let answer = engine.desk.plan(wish, in: scene)
            let plan = try #require(answer.plan, "\(answer)")
            let report = try await engine.run(plan, reason: "a test")
            #expect(report.isDone, "\(report)")
            #expect(await self.source(replica, in: engine, becomes: target))

            let undoing = try await engine.planUndoing(report.operation)
            let back = try await engine.undo(report.operation, by: try #require(undoing.plan, "\(undoing)"))
            #expect(back.isDone, "\(back)")
            #expect(await self.source(replica, in: engine, becomes: source))
            let outcomes = try await engine.desk.operations().map(\.outcome)
            #expect(outcomes == [.done, .takenBack])
            #expect(try await engine.desk.openOperations().isEmpty)
        }
    }

    @Test("what is needed to run a plan is open before it is confirmed, and is used for it")
    func readiness() async throws {
        try await running("mariadb: a(b c)") { engine, address in
            let scene = try await scene(engine, of: 3)
            let answer = engine.desk.plan(
                .move(.relocate(ReplicaChannel(address("c")), below: address("b"))), in: scene)
            let plan = try #require(answer.plan, "\(answer)")
            await engine.desk.prepare(plan, in: scene)
            let counting = try await Connection.open(
                to: address("c"), settings: ConnectionSettings(credentials: Credentials(user: "root")))
            defer { counting.close() }
            let question = "SHOW GLOBAL STATUS LIKE 'Connections'"
            let before = try await counting.execute(question, timeout: .seconds(5)).text(row: 0, column: 1)
            #expect(try await engine.desk.run(plan, in: scene).isDone)
            let after = try await counting.execute(question, timeout: .seconds(5)).text(row: 0, column: 1)
            // Replication's own two threads are counted as connections too.
            let added = (after.flatMap(Int.init) ?? 0) - (before.flatMap(Int.init) ?? 0)
            #expect(added <= 2, "\(added) connections were opened")
        }
    }

    @Test("a read-only cluster refuses plans, and what was planned before")
    func readOnly() async throws {
        let marked = OperatingSettings(
            readOnly: ReadOnlyPolicy(clusters: [try AddressPattern(#"^127\.0\.0\.1:"#)]))
        try await running("mariadb: a(b c)", marked) { engine, address in
            let scene = try await scene(engine, of: 3)
            let wish = Wish.move(.relocate(ReplicaChannel(address("c")), below: address("b")))
            #expect(engine.desk.plan(wish, in: scene).reasons.first?.rule == "ro.mode")
            let free = OperationDesk(OperatingSettings(), lookingOnly: "a test")
            let plan = try #require(free.plan(wish, in: free.scene(of: scene.fleet)).plan)
            let error = await #expect(throws: OperationError.self) { try await engine.run(plan) }
            guard case .refused(let reasons)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(Set(reasons.map(\.rule)) == ["ro.mode"])
            let stop = engine.desk.plan(.operation(.stopReplica(ReplicaChannel(address("c")))), in: scene)
            #expect(stop.reasons.first?.rule == "ro.mode", "\(stop)")
            let looking = await #expect(throws: OperationError.self) {
                try await free.run(plan, in: free.scene(of: scene.fleet))
            }
            #expect(looking == .noJournal("a test"))
        }
    }

    @Test("a cluster is marked read-only by its name, or by a member's address, and no other with it")
    func marks() throws {
        var fleet = Fleet()
        for instance: Instance in [.source("db1"), .replica("db2", of: "db1"), .source("other1")] {
            fleet.update(instance)
        }
        fleet.setClusterAlias("shop", of: "db1")
        let forest = fleet.forest()
        for text in ["shop", "^db2:"] {
            let policy = ReadOnlyPolicy(clusters: [try AddressPattern(text)])
            let why = "the configuration marks \"\(text)\" read-only"
            #expect(policy.holds(on: forest).clusters == ["db1:3306": why])
        }
        #expect(ReadOnlyPolicy(clusters: [try AddressPattern("nobody")]).holds(on: forest).clusters.isEmpty)
        #expect(ReadOnlyPolicy(everything: "a test").holds(on: forest).everything == "a test")
    }

    @Test("what leads a replica into a read-only cluster is neither resumed nor taken back, as it would not be begun")
    func readOnlySource() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "baton-\(UUID().uuidString).db").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try await Store.open(at: path)
        var fleet = Fleet()
        for instance: Instance in [
            .source("db1"), .replica("db2", of: "db1"), .source("other1"), .replica("other2", of: "other1"),
        ] { fleet.update(instance) }
        func desk(_ marks: String...) throws -> OperationDesk {
            let policy = ReadOnlyPolicy(clusters: try marks.map { try AddressPattern($0) })
            return OperationDesk(OperatingSettings(readOnly: policy), store: store) {
                LiveServers(settings: { _ in ConnectionSettings(credentials: Credentials(user: "root")) })
            }
        }
        let change = Step(
            stage: 0, on: "db2", "follow other1",
            commands: [.changeSource(channel: "", SourceChange(source: "other1"))],
            proof: [.follows("other1", channel: "")],
            inverse: [.changeSource(channel: "", SourceChange(source: "db1"))])
        let plan = Plan(intent: "Move db2 below other1", verb: "repoint", method: "-", steps: [change])
        let journal = StoreJournal(store)
        let id = try await journal.begin(plan, on: plan.concerned, reason: "", undoes: nil).id
        try await journal.end(id, .failed, report: "a test")
        let marked = try desk("^other")
        let scene = marked.scene(of: fleet, now: .testNow)
        #expect(try await marked.planResuming(id, in: scene).reasons.map(\.rule) == ["ro.mode"])
        for begun in [{ try await marked.resume(id, in: scene) }, { try await marked.run(plan, in: scene) }] {
            let error = await #expect(throws: OperationError.self) { _ = try await begun() }
            guard case .refused(let reasons)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(reasons.map(\.rule) == ["ro.mode"])
        }
        #expect(try await desk("^nobody").planResuming(id, in: scene).plan == nil, "the scene holds the marks")
        let free = try desk("^nobody")
        #expect(try await free.planResuming(id, in: free.scene(of: fleet, now: .testNow)).plan != nil)
        // The way back leads to db1.
        let back = plan.inverse()
        #expect(marked.scene(of: fleet, now: .testNow).objectionsToCarryingOut(back).isEmpty)
        let home = try desk("^db1").scene(of: fleet, now: .testNow)
        #expect(home.objectionsToCarryingOut(back).allSatisfy { $0.rule == "ro.mode" })
        #expect(home.objectionsToCarryingOut(back).count == 2)
        try store.close()
    }

    @Test("where clusters are marked read-only, nothing is done on a server before the first look at it")
    func beforeTheFirstLook() throws {
        let marked = OperatingSettings(readOnly: ReadOnlyPolicy(clusters: [try AddressPattern("shop")]))
        let desk = OperationDesk(marked, lookingOnly: "a test")
        #expect(desk.scene(of: Fleet()).objectionsToTouching(["db1"]).map(\.rule) == ["ro.mode"])
        var fleet = Fleet()
        fleet.update(.source("db1"))
        #expect(desk.scene(of: fleet).objectionsToTouching(["db1"]).isEmpty)
        let free = OperationDesk(OperatingSettings(), lookingOnly: "a test")
        #expect(free.scene(of: Fleet()).objectionsToTouching(["db1"]).isEmpty)
    }

    @Test("a plan that needs a password that nobody has is refused before it begins")
    func secrets() throws {
        let replica = ReplicaChannel("db2")
        var fleet = Fleet()
        for instance: Instance in [.source("db1"), .replica("db2", of: "db1")] { fleet.update(instance) }
        func answer(_ knows: Bool) -> PlanAnswer {
            let desk = OperationDesk(OperatingSettings(), lookingOnly: "a test") { _ in knows }
            return desk.plan(.move(.makeCoPrimary(replica)), in: desk.scene(of: fleet, now: .testNow))
        }
        #expect(answer(false).reasons.map(\.rule) == ["cred.secret"], "\(answer(false))")
        #expect(answer(true).plan != nil, "\(answer(true))")
    }

    @Test("a resumed plan that needs a password that nobody has is refused; where all is read-only nothing is decided")
    func deciding() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "baton-\(UUID().uuidString).db").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try await Store.open(at: path)
        var fleet = Fleet()
        for instance: Instance in [.source("db1"), .replica("db2", of: "db1")] { fleet.update(instance) }
        let locked = OperatingSettings(readOnly: ReadOnlyPolicy(everything: "a test"))
        func desk(_ knows: Bool, _ settings: OperatingSettings = OperatingSettings()) -> OperationDesk {
            OperationDesk(settings, store: store, knowsSecret: { _ in knows }) {
                LiveServers(settings: { _ in ConnectionSettings(credentials: Credentials(user: "root")) })
            }
        }
        let scene = desk(true).scene(of: fleet, now: .testNow)
        let answer = desk(true).plan(.move(.makeCoPrimary(ReplicaChannel("db2"))), in: scene)
        let journal = StoreJournal(store)
        let plan = try #require(answer.plan)
        let id = try await journal.begin(plan, on: plan.concerned, reason: "", undoes: nil).id
        try await journal.end(id, .failed, report: "a test")
        #expect(try await desk(false).planResuming(id, in: scene).reasons.map(\.rule) == ["cred.secret"])
        #expect(try await desk(true).planResuming(id, in: scene).plan == plan)
        let told = desk(false)
        told.giveReplicationPassword("typed")
        #expect(try await told.planResuming(id, in: scene).plan == plan)
        let limited = try await desk(true).planResuming(id, in: scene, waitingAtMost: .seconds(7))
        #expect(limited.plan == plan.waiting(atMost: .seconds(7), in: fleet))
        await #expect(throws: OperationError.notPossible(id, "nothing may be decided here: a test")) {
            try await desk(true, locked).leave(id)
        }
        try await desk(true).leave(id, reason: "it is gone")
        #expect(try await store.operation(id)?.report == "a test\nit is gone")
        try store.close()
    }
}
