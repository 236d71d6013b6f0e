import Discovery
import Engine
import Foundation
import Operations
import Recovery
import Refactoring
import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("What operators say, in the plans of a console", .timeLimit(.minutes(1)))
struct MarksInPlansTests {
    private let servers = FakeServers()

    init() {
        for instance in [Instance.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db1")] {
            guard var facts = instance.facts else { continue }
            if !instance.isReplica { facts.reportedReplicas = ["db2", "db3"] }
            servers.add(facts, at: instance.address)
        }
    }

    @Test("a rule of promotion, a maintenance and a downtime are in the engine's scene, and count")
    func scene() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "baton-\(UUID().uuidString).db").path
        let store = try await Store.open(at: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let connection = ConnectionSettings(credentials: Credentials(user: "root"))
        let desk = OperationDesk(OperatingSettings(), store: store) { LiveServers(settings: { _ in connection }) }
        try await desk.mark("db2", .promotionRule(.mustNot), for: nil, reason: "small")
        try await desk.mark("db3", .maintenance, for: nil, reason: "ram")
        try await desk.mark("db3", .downtime(.planned), for: nil, reason: "ram")
        var configuration = EngineConfiguration(seeds: ["db1"], recordingInterval: .milliseconds(20))
        configuration.discovery.pollInterval = .milliseconds(200)
        let engine = Engine(configuration, desk: desk) { [servers] in servers.prober(for: $0) }
        let run = Task { await engine.run() }
        for await update in await engine.updates()
        where update.marks != OperatorMarks() && update.fleet.instances.filter(\.contact.isReachable).count == 3 {
            break
        }
        let scene = try #require(await engine.scene())
        #expect(scene.marks.downtime(of: "db3", at: scene.now) != nil)
        func rules(switchingTo candidate: InstanceAddress) -> [RuleID] {
            let wish = Wish.switchover(Switchover(of: "db1", to: .named(candidate)))
            return desk.plan(wish, in: scene).reasons.map(\.rule)
        }
        #expect(rules(switchingTo: "db2").contains(SwitchoverCondition.promotion.id))
        #expect(rules(switchingTo: "db3").contains(SwitchoverCondition.maintenance.id))
        run.cancel()
        await run.value
        try store.close()
    }
}
