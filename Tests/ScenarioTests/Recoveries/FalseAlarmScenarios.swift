import Foundation
import Recovery
import Storage
import TestSupport
import Testing
import Topology

@testable import Lab

/// Fleets of both families, side by side, that are noisy and live: servers restart and freeze for a while, and where the
/// machine allows networks of its own, packets are dropped for a while.
///
/// Three minutes, and thirty with `BATON_SOAK`: `make soak`.
@Suite("A noisy fleet", .timeLimit(.minutes(45)))
struct FalseAlarmScenarios {
    private static let isSoak = ProcessInfo.processInfo.environment["BATON_SOAK"] != nil
    private static var duration: Duration { .seconds(isSoak ? 1_800 : 180) }

    @Test("restarts, short freezes and a network that stutters raise no failover")
    func noise() async throws {
        let fleets = [["a", "b", "c"], ["m", "n", "o"]]
        let names = fleets.flatMap { $0 }
        let shape = "mysql[heartbeat]: a(b c); mariadb[heartbeat]: m(n o)"
        if await HostNetwork.isPossible() {
            try await HostNetwork.with(names + ["baton"]) { network in
                try await Mover.onLab(shape, at: network.sites(of: names)) { _, mover in
                    try await Self.disturb(fleets, mover, network)
                }
            }
        } else {
            print("\(HostNetwork.reason): the network does not stutter")
            try await Mover.onLab(shape) { _, mover in try await Self.disturb(fleets, mover, nil) }
        }
    }

    private static func disturb(_ fleets: [[String]], _ mover: Mover, _ network: HostNetwork?) async throws {
        let end = ContinuousClock.now + duration
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, names) in fleets.enumerated() {
                let fleet = NoisyFleet(names: names, mover: mover, network: network, seed: UInt64(number + 1))
                group.addTask { try await fleet.disturb(until: end) }
            }
            try await group.waitForAll()
        }
    }
}

/// A primary with two replicas and a baton that would recover it.
private struct NoisyFleet {
    /// The primary first.
    let names: [String]
    let mover: Mover
    let network: HostNetwork?
    let seed: UInt64

    private var lab: Lab { mover.lab }
    private var primary: LabServer { lab[names[0]] }

    enum Noise: CaseIterable {
        case crashedReplica, restartedReplica, frozenReplica
        case crashedPrimary, restartedPrimary, frozenPrimary
        case stutterForBaton, stutterForReplica
    }

    func disturb(until end: ContinuousClock.Instant) async throws {
        let path = try lab.scratchFolder() + "/\(names[0]).db"
        // What a busy machine needs to start a server counts too.
        let watch = try await WatchProcess.start(
            "watch-\(names[0])", on: lab, store: path, seeing: names, WatchProcess.Setup(grace: "45s"),
            within: network?.site(of: "baton") ?? LabSite())
        let load = try await lab.startWorkload(on: [primary], rate: 50)
        let store = try await Store.open(at: path)
        var random = SeededGenerator(seed: seed)
        var noises: [Noise: Int] = [:]
        var left: [Noise] = []
        while ContinuousClock.now < end {
            if left.isEmpty { left = Noise.allCases.shuffled(using: &random) }
            let noise = left.removeLast()
            if try await make(noise, &random) { noises[noise, default: 0] += 1 }
            // What came of it is seen, or has passed unseen, before the next.
            try await untilAllReplicate(after: noise, watch)
        }
        try await load.stop()
        try await expectNothingDone(load, watch, store, noises)
        try await watch.end()
        try store.close()
    }

    /// - Returns: whether it can be made here.
    private func make(_ noise: Noise, _ random: inout SeededGenerator) async throws -> Bool {
        let replica = lab[names[Int.random(in: 1..<names.count, using: &random)]]
        // A replica's receiver gives up after 4 s of silence, baton's grace is far longer.
        let pause = Duration.milliseconds(Int.random(in: 500...6_000, using: &random))
        switch noise {
        case .crashedReplica: try await restart(replica, inOrder: false)
        case .restartedReplica: try await restart(replica, inOrder: true)
        case .frozenReplica: try await freeze(replica, for: pause)
        case .crashedPrimary: try await restart(primary, inOrder: false)
        case .restartedPrimary: try await restart(primary, inOrder: true)
        case .frozenPrimary: try await freeze(primary, for: pause)
        case .stutterForBaton: return try await stutter(between: ["baton"], and: [primary.name], &random)
        case .stutterForReplica: return try await stutter(between: [primary.name], and: [replica.name], &random)
        }
        return true
    }

    private func restart(_ server: LabServer, inOrder: Bool) async throws {
        if inOrder { try await server.stop() } else { try await server.kill() }
        try await server.start()
    }

    private func freeze(_ server: LabServer, for pause: Duration) async throws {
        try await server.freeze()
        try await pass(pause)
        try await server.thaw()
    }

    private func stutter(
        between some: [String], and others: [String], _ random: inout SeededGenerator
    ) async throws -> Bool {
        guard let network else { return false }
        for _ in 0..<5 {
            try await network.cut(some, from: others)
            try await pass(.milliseconds(Int.random(in: 100...1_500, using: &random)))
            try await network.mend(some, with: others)
            try await pass(.milliseconds(Int.random(in: 50...500, using: &random)))
        }
        return true
    }

    private func pass(_ time: Duration) async throws {
        _ = try await Patience.wait(within: time) { false }
    }

    /// Waits until each has applied something since it replicates again.
    ///
    /// That threads run is not enough: a MariaDB that is killed between their start and the first event starts none of them the
    /// next time, because its relay-log.info names a relay log that is gone (10.11; `START SLAVE` gives 1201 until `RESET
    /// SLAVE`). That is not the noise that is made here.
    private func untilAllReplicate(after noise: Noise, _ watch: WatchProcess) async throws {
        for name in names.dropFirst() {
            var found: ReplicationChannel?
            var first: BinlogPosition?
            let replicates = try await Patience.wait(within: .seconds(90)) {
                found = try? await mover.channel(of: name)
                guard let found, found.isReplicating else { return false }
                if first == nil { first = found.executed }
                return found.executed != first
            }
            let says = Command.lastLines(ofFile: lab[name].log)
            try #require(replicates, "\(noise): \(name) is left with \(found as Any)\n\(says)\n\(watch.output)")
        }
    }

    private func expectNothingDone(
        _ load: Lab.RunningWorkload, _ watch: WatchProcess, _ store: Store, _ noises: [Noise: Int]
    ) async throws {
        #expect(try await store.recoveries().isEmpty, "\(watch.output)")
        #expect(try await mover.facts(names[0]).writability == .writable)
        for name in names.dropFirst() { #expect(try await mover.source(of: name) == names[0]) }
        let report = try await eventually(within: .seconds(40), "all have all rows") {
            let report = try await load.workload.report(on: lab.servers(names))
            return report.servers.allSatisfy { $0.notYet == 0 && $0.failure == nil } ? report : nil
        }
        #expect(report.servers.map(\.missing) == [0, 0, 0] && report.acknowledged > 500)
        // It was no quiet fleet: baton saw the primary fail, and waited.
        let seen = try await store.detections().filter { $0.failure.subject == primary.address }
        #expect(!seen.isEmpty && seen.allSatisfy { $0.failure.code.hasPrefix("primary.") })
        let counts = noises.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ")
        print("\(primary.flavour.rawValue): \(counts); \(seen.count) detections, no recovery")
    }
}
