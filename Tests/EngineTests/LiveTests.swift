import Diagnosis
import Discovery
import Engine
import Foundation
import Lab
import Servers
import TestSupport
import Testing
import Topology

@Suite("the engine on real servers", .serialized, .timeLimit(.minutes(3))) struct LiveTests {
    private let probers = InstanceProbers { _ in
        ConnectionSettings(
            credentials: Credentials(user: "root"), tls: TLSSettings(mode: .disabled), connectTimeout: .seconds(2))
    }

    private func withLab(_ shape: String, _ body: (Lab) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/baton-engine-\(UUID().uuidString)"
        let lab = try await Lab.up(try Shape(parsing: shape), in: folder, lifetime: .thisProcess)
        do {
            try await body(lab)
        } catch {
            try? await lab.down()
            throw error
        }
        try await lab.down()
    }

    @Test("a tree of three levels is crawled from its root and from a leaf")
    func crawl() async throws {
        try await withLab("mariadb: a(b(c d) e)") { lab in
            let all = Set(lab.servers.map(\.address))
            for seed in ["a", "d"] {
                let start = ContinuousClock.now
                let reading = await FleetReading.crawl(from: [lab[seed].address]) { probers($0) }
                #expect(ContinuousClock.now - start < .seconds(2), "far more than the tenths of a second it takes")
                #expect(Set(reading.fleet.addresses) == all)
                #expect(reading.fleet.instances.allSatisfy { $0.contact.isReachable })
                #expect(reading.diagnosis.forest.clusters.count == 1)
                #expect(reading.diagnosis.forest.depth(of: lab["c"].address) == 2)
            }
        }
    }

    @Test("a killed server is gone at once and comes back, a frozen one is found out, the others go on")
    func faults() async throws {
        try await withLab("mariadb: a(b(c) d)") { lab in
            let (a, c, d) = (lab["a"].address, lab["c"].address, lab["d"].address)
            let engine = Engine(EngineConfiguration(seeds: [a])) { probers($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await engine.run() }
                defer { group.cancelAll() }
                func wait(_ condition: (EngineUpdate) -> Bool) async {
                    for await update in await engine.updates() where condition(update) { return }
                }
                await wait { $0.fleet.instances.filter(\.contact.isReachable).count == 4 }

                // Nothing else is to happen while the time is taken: the signal itself, not the wait for the process.
                let process = try #require(lab["d"].process)
                let start = ContinuousClock.now
                kill(process.pid, SIGKILL)
                await wait { $0.fleet[d]?.contact.isReachable == false }
                #expect(ContinuousClock.now - start < .milliseconds(900), "that was a turn, not the lost connection")

                try await lab["c"].freeze()
                await wait { $0.fleet[c]?.contact.failure?.kind == .readTimeout }
                await wait { update in
                    guard let kept = update.statistics?.keptInterval, kept.count > 6 else { return false }
                    return kept.mean.inSeconds < 1.2
                }
                try await lab["c"].thaw()
                try await lab["d"].start()
                await wait { $0.fleet.instances.filter(\.contact.isReachable).count == 4 }
            }
        }
    }
}
