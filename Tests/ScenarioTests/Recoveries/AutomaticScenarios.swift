import Foundation
import Recovery
import Servers
import Storage
import TestSupport
import Testing
import Topology

@testable import Lab

extension RecoveryScenarios {
    @Suite("A baton that recovers by itself")
    struct Automatic {
        @Test(
            "a primary that dies while rows are written is replaced once, though two batons watch",
            arguments: Shape.Flavour.allCases)
        func killed(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue): a(b c d)") { lab, mover in
                let names = ["a", "b", "c", "d"]
                let path = try lab.scratchFolder() + "/watch.db"
                let load = try await mover.startWriting(arrivingAt: names)
                let first = try await WatchProcess.start("first", on: lab, store: path, seeing: names)
                let second = try await WatchProcess.start("second", on: lab, store: path, seeing: names)
                let store = try await Store.open(at: path)
                let killedAt = Timestamp.now()
                try await lab["a"].kill()
                let record = try await Self.recovery(in: store, first)
                try await Self.expectWrites(lab, mover, load, record, killedAt)
                try await Self.expectComplete(record, mover, store)
                try await lab["a"].start()
                // Two batons see it; whoever comes first fences it, and the other one finds nothing left to do.
                try await eventually(within: .seconds(60), "the old primary is fenced: \(first.output)") {
                    try await mover.facts("a").writability != .writable
                }
                try await eventually("that is told: \(first.output) \(second.output)") {
                    try await store.recovery(record.id)?.notes.contains { $0.text.contains("came back") } ?? false
                }
                try await Self.bringBack("a", lab, store: path)
                #expect(try await mover.channel(of: "a").isReplicating)
                #expect(mover.address("a") != record.successor)
                try await first.end()
                try await second.end()
                // The other one was refused, or came to see what was done.
                let all = try await store.recoveries()
                #expect(all.filter { $0.kind == .failover && $0.outcome != .notBegun }.map(\.id) == [record.id])
                try store.close()
            }
        }

        /// As an operator does: nothing but the server is named, and the record of the recovery tells the rest.
        private static func bringBack(_ name: String, _ lab: Lab, store: String) async throws {
            try await Command.run(
                "/usr/bin/env",
                [
                    "\(LabAccounts.replicationPasswordVariable)=\(LabAccounts.replicationPassword)",
                    try #require(BuiltProduct.path(of: "baton")), "rejoin", lab[name].address.description, "--yes",
                    "--config", lab.folder + "/baton.toml", "--store", store,
                ], what: "bringing \(name) back")
        }

        private static func recovery(in store: Store, _ watch: WatchProcess) async throws -> RecoveryRecord {
            try await eventually(within: .seconds(60), "it is recovered: \(watch.output)") {
                try await store.recoveries().first { $0.outcome == .done }
            }
        }

        /// Writes go on at the new primary, and the others follow it.
        private static func expectWrites(
            _ lab: Lab, _ mover: Mover, _ load: Lab.RunningWorkload, _ record: RecoveryRecord, _ killedAt: Timestamp
        ) async throws {
            let names = ["b", "c", "d"]
            let successor = try #require(names.first { mover.address($0) == record.successor })
            let run = load.workload.run
            let had = try await mover.rows(on: successor, run: run)
            try await eventually("rows are written again") {
                try await mover.rows(on: successor, run: run) > had + 10
            }
            try await load.stop()
            try await mover.expectCluster(successor, names.filter { $0 != successor }, run: run)
            let report = try await load.workload.report(on: lab.servers([successor]))
            print(
                "killed, writes go on after a pause of \(report.longestPause) s;",
                "recovery began \(record.startedAt - killedAt) after the kill")
        }

        private static func expectComplete(_ record: RecoveryRecord, _ mover: Mover, _ store: Store) async throws {
            #expect(record.trigger == .automatic && record.kind == .failover)
            #expect(record.failure == "primary.dead" && record.failed == mover.address("a"))
            #expect(record.lost.isEmpty && record.parts.count >= 1)
            let number = try #require(record.detection)
            let detection = try #require(try await store.detection(number))
            #expect(detection.failure.subject == mover.address("a"))
            #expect(detection.failure.evidence.contains(mover.address("b").description))
        }

        @Test("a primary that comes back within the grace stays the primary", arguments: Shape.Flavour.allCases)
        func restarted(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue): a(b c)") { lab, mover in
                let path = try lab.scratchFolder() + "/watch.db"
                let watch = try await WatchProcess.start(
                    "grace", on: lab, store: path, seeing: ["a", "b", "c"], WatchProcess.Setup(grace: "60s"))
                let store = try await Store.open(at: path)
                try await lab["a"].kill()
                try await eventually(within: .seconds(30), "it waits: \(watch.output)") {
                    try await store.blockedRecoveries().contains { $0.objection == "grace" }
                }
                try await lab["a"].start()
                try await eventually(within: .seconds(60), "the failure is over: \(watch.output)") {
                    let found = try await store.detections().filter { $0.failure.subject == mover.address("a") }
                    return !found.isEmpty && found.allSatisfy { $0.endedAt != nil }
                }
                try await watch.end()
                #expect(try await store.recoveries().isEmpty)
                #expect(try await mover.source(of: "b") == "a")
                #expect(try await mover.facts("a").writability == .writable)
                try store.close()
            }
        }

        @Test("a primary that may live unseen is not replaced unless that is accepted")
        func splitBrain() async throws {
            try await Mover.onLab("mariadb: a(b c)") { lab, mover in
                let path = try lab.scratchFolder() + "/watch.db"
                let watch = try await WatchProcess.start(
                    "careful", on: lab, store: path, seeing: ["a", "b", "c"],
                    WatchProcess.Setup(acceptsSplitBrain: false))
                let store = try await Store.open(at: path)
                try await lab["a"].kill()
                let blocked = try await eventually(within: .seconds(30), "it is refused: \(watch.output)") {
                    try await store.blockedRecoveries().first { $0.objection == "split-brain" }
                }
                #expect(blocked.remedy.contains("accept-split-brain"))
                try await watch.end()
                #expect(try await store.recoveries().isEmpty)
                #expect(watch.output.contains("no automatic recovery"))
                #expect(try await mover.facts("b").writability != .writable)
                try store.close()
            }
        }
    }
}
