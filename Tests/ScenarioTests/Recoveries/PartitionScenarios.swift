import Foundation
import Recovery
import Storage
import TestSupport
import Testing
import Topology

@testable import Lab

/// Networks that fall apart between real servers, each on a host of its own.
///
/// One lab for each family goes through all of them, because its servers take longest to start, and both at once, because most
/// of the time is spent waiting.
@Suite(
    "A network that falls apart", .serialized, .timeLimit(.minutes(6)),
    .enabled("\(HostNetwork.reason)") { await HostNetwork.isPossible() })
struct PartitionScenarios {
    @Test("who is cut off replaces nobody, until the majority has lost the primary")
    func partitions() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for flavour in Shape.Flavour.allCases { group.addTask { try await Self.fallApart(flavour) } }
            try await group.waitForAll()
        }
    }

    private static func fallApart(_ flavour: Shape.Flavour) async throws {
        let names = ["a", "b", "c", "d", "e"]
        try await HostNetwork.with(names + ["baton"]) { network in
            try await Mover.onLab("\(flavour.rawValue): a(b c d e)", at: network.sites(of: names)) { lab, mover in
                let path = try lab.scratchFolder() + "/watch.db"
                let watch = try await WatchProcess.start(
                    "watch", on: lab, store: path, seeing: names, within: network.site(of: "baton"))
                let load = try await mover.startWriting(arrivingAt: names, rate: 50)
                let store = try await Store.open(at: path)
                let divided = Divided(
                    network: network, mover: mover, store: store, watch: watch, run: load.workload.run)
                try await divided.batonIsCutOff()
                try await divided.primaryIsCutOff()
                try await divided.halves()
                try await load.stop()
                try await watch.end()
                try store.close()
            }
        }
    }
}

/// Five servers, a(b c d e), and a baton that recovers by itself, whatever it takes, on a host of its own.
private struct Divided {
    let network: HostNetwork
    let mover: Mover
    let store: Store
    let watch: WatchProcess
    /// Rows are written to a all the time, from a place from which nothing is cut off.
    let run: Int64

    private static let replicas = ["b", "c", "d", "e"]

    /// baton does not reach the primary, whose replicas do.
    func batonIsCutOff() async throws {
        try await network.cut(["baton"], from: ["a"])
        try await untilDetected("primary.unreachable")
        let had = try await mover.rows(on: "c", run: run)
        let analysis = try await baton(["analyze", "--explain", name("a"), name("b")])
        #expect(analysis.contains("primary.unreachable"), "\(analysis)")
        let refused = try await baton(["failover", name("a"), "--yes"])
        #expect(refused.contains("failover.receives-still"), "\(refused)")
        #expect(!refused.hasSuffix("exit 0\n"), "\(refused)")
        try await eventually("the primary lives on") { try await mover.rows(on: "c", run: run) > had + 20 }
        try await network.mend(["baton"], with: ["a"])
        try await untilOver()
        try await expectNothingDone()
    }

    /// The replicas do not reach the primary, and baton does.
    func primaryIsCutOff() async throws {
        try await network.cut(["a"], from: Self.replicas)
        try await untilDetected("primary.replicas-not-replicating")
        let refused = try await baton(["failover", name("a"), "--yes"])
        #expect(refused.contains("failover.source-answers"), "\(refused)")
        #expect(!refused.hasSuffix("exit 0\n"))
        let own = try await baton(["failover", name("a"), "--living-primary", "--dry-run"])
        #expect(own.contains("let nobody but replication write"), "\(own)")
        try await network.mend(["a"], with: Self.replicas)
        try await untilOver()
        try await expectNothingDone()
    }

    /// Half of the servers are with the primary, half with baton; then one more is.
    func halves() async throws {
        try await network.cut(["a", "b", "c"], from: ["baton", "d", "e"])
        try await eventually(within: .seconds(60), "a minority is no ground to act on: \(watch.output)") {
            try await store.blockedRecoveries().contains { $0.objection == "minority" }
        }
        try await expectNothingDone()
        #expect(try await mover.source(of: "b") == "a")
        try await network.cut(["c"], from: ["a", "b"])
        try await network.mend(["c"], with: ["baton", "d", "e"])
        let done = try await eventually(within: .seconds(90), "the majority has a new primary: \(watch.output)") {
            try await store.recoveries().first { $0.outcome == .done }
        }
        let three = ["c", "d", "e"]
        let successor = try #require(three.first { mover.address($0) == done.successor })
        try await mover.lab[successor].execute("INSERT INTO baton_lab.workload VALUES (\(run), 1000000, 0)")
        try await mover.expectCluster(successor, three.filter { $0 != successor }, run: run)
        // On the other side nothing was touched.
        #expect(try await mover.facts("a").writability == .writable)
        #expect(try await mover.source(of: "b") == "a")
    }

    // MARK: Looking

    private func name(_ server: String) -> String { mover.address(server).description }

    private func untilDetected(_ code: String) async throws {
        try await eventually(within: .seconds(40), "\(code) is seen: \(watch.output)") {
            try await detections().contains { $0.failure.code == code && $0.endedAt == nil }
        }
    }

    private func detections() async throws -> [DetectionRecord] {
        try await store.detections().filter { $0.failure.subject == mover.address("a") }
    }

    /// Waits until nothing is the matter any more, and all receive.
    private func untilOver() async throws {
        try await eventually(within: .seconds(40), "nothing is the matter: \(watch.output)") {
            try await detections().allSatisfy { $0.endedAt != nil }
        }
        for replica in Self.replicas {
            try await eventually(within: .seconds(40), "\(replica) receives") {
                try await mover.channel(of: replica).receiver == .running
            }
        }
    }

    private func expectNothingDone() async throws {
        #expect(try await store.recoveries().isEmpty, "\(watch.output)")
        #expect(try await mover.facts("a").writability == .writable)
    }

    /// What a baton on that host answers, and its exit code.
    private func baton(_ arguments: [String]) async throws -> String {
        let program = try #require(BuiltProduct.path(of: "baton"))
        let words =
            network.site(of: "baton").command + [program] + arguments + [
                "--store", try mover.lab.scratchFolder() + "/watch.db", "--defaults-file", mover.lab.clientOptionFile,
                "--config", mover.lab.folder + "/watch.toml",
            ]
        return try await Command.run(
            "sh", ["-c", #""$@"; echo "exit $?""#, "sh"] + words, what: arguments.joined(separator: " "))
    }
}
