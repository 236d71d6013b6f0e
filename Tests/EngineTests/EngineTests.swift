import Diagnosis
import Discovery
import Engine
import Servers
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

@Suite("the engine", .timeLimit(.minutes(1))) struct EngineTests {
    private let servers = FakeServers()

    init() {
        add("db1", replicas: ["db2", "db3"])
        add("db2", source: "db1")
        add("db3", source: "db1")
    }

    private func add(_ address: InstanceAddress, source: InstanceAddress? = nil, replicas: [InstanceAddress] = []) {
        let instance = source.map { Instance.replica(address, of: $0) } ?? .source(address)
        guard var facts = instance.facts else { return }
        facts.reportedReplicas = replicas
        servers.add(facts, at: address)
    }

    private func running(
        _ recorder: (any FleetRecorder)? = nil, seeds: [InstanceAddress] = ["db1"],
        limits: DiagnosisLimits = DiagnosisLimits(),
        _ body: (Engine) async throws -> Void
    ) async throws {
        var configuration = EngineConfiguration(seeds: seeds, recordingInterval: .milliseconds(20))
        configuration.discovery.pollInterval = .milliseconds(200)
        configuration.limits = limits
        let engine = Engine(configuration, recorder: recorder) { [servers] in servers.prober(for: $0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            defer { group.cancelAll() }
            try await body(engine)
        }
        #expect(servers.openProbers == 0)
    }

    private struct StreamEnded: Error {}

    /// The first update that satisfies the condition.
    @discardableResult
    private func update(_ engine: Engine, where condition: (EngineUpdate) -> Bool) async throws -> EngineUpdate {
        for await update in await engine.updates() where condition(update) { return update }
        throw StreamEnded()
    }

    private func isWhole(_ update: EngineUpdate) -> Bool {
        update.fleet.instances.filter(\.contact.isReachable).count == 3
    }

    @Test("updates bring the live fleet with its problems and statistics")
    func live() async throws {
        servers.change("db2") { $0.writability = .writable }
        try await running { engine in
            let update = try await update(engine, where: isWhole)
            #expect(update.origin == .live)
            #expect(update.problems.map(\.kind).contains(.writableReplica))
            #expect(update.diagnosis.forest.clusters.count == 1)
            #expect(update.recording == .off)
            servers.kill("db3")
            let later = try await self.update(engine) { $0.problems.contains { $0.kind == .unreachable } }
            #expect(later.fleet["db3"]?.contact.isReachable == false)
            let measured = try await self.update(engine) { $0.statistics?.keptInterval != nil }
            #expect(measured.statistics?.servers == 3)
        }
    }

    @Test("a primary whose commits nobody acknowledges is found by its log, without test writes")
    func locked() async throws {
        servers.change("db1") {
            $0.semiSync.source = SemiSync.SourceSide(
                isEnabled: true, isActive: true, timeout: .seconds(3600), clients: 0)
        }
        var limits = DiagnosisLimits()
        limits.failures.lockedSemiSync = .milliseconds(1500)
        try await running(limits: limits) { engine in
            let suspected = try await update(engine) { $0.diagnosis.failures.failure(of: "db1") != nil }
            #expect(suspected.diagnosis.failures.failure(of: "db1")?.code == .primaryLockedSemiSyncSuspected)
            let locked = try await update(engine) {
                $0.diagnosis.failures.failure(of: "db1")?.code == .primaryLockedSemiSync
            }
            #expect(locked.diagnosis.failures.failure(of: "db1")?.recovery == .by(.lockedSemiSync))
        }
    }

    @Test("the remembered fleet is given first, marked as such, and its servers are asked")
    func remembered() async throws {
        var known = Instance.source("db1")
        known.contact = .remembered(lastSeen: .testNow)
        let recorder = FakeRecorder(
            .init(remembered: RememberedFleet(fleet: Fleet([known]), writtenAt: .testNow)))
        servers.set(.hangs, at: "db1")
        try await running(recorder, seeds: []) { engine in
            let first = try await update(engine) { _ in true }
            #expect(first.origin == .remembered(at: .testNow))
            #expect(first.fleet["db1"]?.contact == .remembered(lastSeen: .testNow))
            servers.set(.answers, at: "db1")
            let whole = try await update(engine, where: isWhole)
            #expect(whole.origin == .live)
        }
    }

    @Test("changes and events go to the recorder, and a quiet fleet writes nothing more")
    func recording() async throws {
        let recorder = FakeRecorder()
        try await running(recorder) { engine in
            try await update(engine, where: isWhole)
            try await eventually("all are recorded") {
                recorder.state.withLock { state in
                    Set(state.changed) == ["db1", "db2", "db3"] && state.events.count { $0.kind == .found } >= 3
                }
            }
            try await update(engine) { $0.recording == .writing }
            // What was under way when the last server answered is written by now, or within one more batch.
            let batches = recorder.state.withLock(\.batches)
            let probes = servers.probes(of: "db1")
            try await eventually { servers.probes(of: "db1") > probes + 3 }
            let batchesLater = recorder.state.withLock(\.batches)
            #expect(batchesLater <= batches + 1)
            servers.kill("db2")
            try await eventually("its death is recorded") {
                recorder.state.withLock { $0.events.contains { $0.kind == .unreachable && $0.address == "db2" } }
            }
        }
        let isFinished = recorder.state.withLock(\.isFinished)
        #expect(isFinished)
    }

    @Test("a store that cannot be written is told, watching goes on, and nothing is lost")
    func brokenRecorder() async throws {
        let recorder = FakeRecorder(.init(isBroken: true))
        try await running(recorder) { engine in
            try await update(engine) { update in
                if case .failing = update.recording { isWhole(update) } else { false }
            }
            recorder.state.withLock { $0.isBroken = false }
            try await eventually("the events of before are recorded") {
                recorder.state.withLock { $0.events.count { $0.kind == .found } } >= 3
            }
            try await update(engine) { $0.recording == .writing }
        }
    }

    @Test("a store that hangs holds up nobody")
    func slowRecorder() async throws {
        let recorder = FakeRecorder()
        try await running(recorder) { engine in
            try await update(engine) { _ in true }
            recorder.state.withLock { $0.hangs = true }
            try await update(engine, where: isWhole)
            servers.kill("db2")
            try await update(engine) { $0.fleet["db2"]?.contact.isReachable == false }
            recorder.state.withLock { $0.hangs = false }
        }
    }

    @Test("wishes: discover, refresh, forget, also from another process")
    func wishes() async throws {
        let recorder = FakeRecorder()
        try await running(recorder, seeds: []) { engine in
            await engine.discover("db2")
            try await update(engine, where: isWhole)
            #expect(await engine.discover("db2") == .known("db2"))
            #expect(await engine.refresh("db3"))
            #expect(await !engine.refresh("db9"))
            guard case .forgotten("db3", _) = await engine.forget("db3") else {
                Issue.record("db3 was not forgotten")
                return
            }
            try await update(engine) { $0.fleet["db3"] == nil }
            recorder.state.withLock { $0.forgotten = ["db2"] }
            try await update(engine) { $0.fleet["db2"] == nil }
        }
    }

    @Test("one reading for commands: the whole tree with its problems")
    func reading() async {
        let reading = await FleetReading.crawl(from: ["db3"]) { [servers] in servers.prober(for: $0) }
        #expect(Set(reading.fleet.addresses) == ["db1", "db2", "db3"])
        #expect(reading.origin == .live)
        #expect(servers.openProbers == 0)
    }

    @Test("one reading for commands asks whom the store remembers around its servers, and keeps who does not answer")
    func rememberedReading() async {
        let past = Timestamp.testNow
        func remembered(_ instance: Instance, _ trouble: RememberedTrouble? = nil) -> Instance {
            var instance = instance
            instance.contact = .remembered(lastSeen: past, trouble: trouble)
            return instance
        }
        var detached = Instance.replica("mem4", of: "mem1")
        detached = detached.withChannel { ($0.source, $0.detachedFrom) = (nil, "mem1") }
        let memory = Fleet([
            remembered(.source("mem1")), remembered(.replica("mem2", of: "mem1")),
            remembered(.replica("mem3", of: "mem1"), .unreachable(since: past)), remembered(detached),
            remembered(.source("other1")), remembered(.replica("other2", of: "other1")),
        ])
        // Nobody lists anybody here: a stopped replica is named by none but itself.
        for address in ["mem1", "mem2", "mem4", "other1", "other2"] as [InstanceAddress] {
            if let facts = memory[address]?.facts { servers.add(facts, at: address) }
        }
        let reading = await FleetReading.crawl(from: ["mem1"], remembering: memory) { [servers] in
            servers.prober(for: $0)
        }
        #expect(reading.fleet.addresses.sorted() == ["mem1", "mem2", "mem3", "mem4"])
        #expect(reading.fleet["mem2"]?.contact.isReachable == true && reading.lastReads["mem2"] != nil)
        #expect(reading.fleet.replicas(of: "mem1") == ["mem2", "mem3"])
        guard case .unreachable(past, past, _)? = reading.fleet["mem3"]?.contact else {
            Issue.record("\(String(describing: reading.fleet["mem3"]?.contact))")
            return
        }
        let unknown = await FleetReading.crawl(from: ["mem1"]) { [servers] in servers.prober(for: $0) }
        #expect(Array(unknown.fleet.addresses) == ["mem1"])

        // A server that nobody remembered leads to one that is, whose other members are asked then.
        if let facts = Instance.replica("new1", of: "other1").facts { servers.add(facts, at: "new1") }
        let led = await FleetReading.crawl(from: ["new1"], remembering: memory) { [servers] in
            servers.prober(for: $0)
        }
        #expect(led.fleet.addresses.sorted() == ["new1", "other1", "other2"])
        #expect(led.fleet["other2"]?.contact.isReachable == true)
        #expect(servers.openProbers == 0)
    }
}
