import Foundation
import Lab
import Operations
import Recovery
import Refactoring
import Servers
import TestSupport
import Testing
import Topology

/// Sources that are lost on purpose, on real servers of both families while rows are written, and what comes of it.
///
/// A lost server is not brought back, so that each test has a lab of its own.
@Suite("Recoveries on real servers", .serialized, .timeLimit(.minutes(4)))
enum RecoveryScenarios {}

extension Mover {
    /// A lab of that shape for the time of `body`; where the family's servers cannot be had the test is skipped.
    static func onLab<Value>(
        _ shape: String, at sites: [String: LabSite] = [:], _ body: (Lab, Mover) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.path + "/baton-recovery-\(UUID().uuidString)"
        let result: Result<Value, any Error>
        do {
            let lab = try await Lab.up(try Shape(parsing: shape), in: folder, lifetime: .thisProcess, at: sites)
            result = .success(try await Mover.on(lab) { mover in try await body(lab, mover) })
        } catch LabError.noInstallation(let flavour) {
            try Test.cancel("\(LabError.noInstallation(flavour))")
        } catch {
            result = .failure(error)
        }
        try await Lab.down(folder: folder)
        try? FileManager.default.removeItem(atPath: folder)
        return try result.get()
    }

    /// What the servers look like, as they were read when all were well, and those that answer now as they are now.
    func scene(after before: RuleScene, losing lost: [String], marks: OperatorMarks = OperatorMarks()) async throws
        -> RuleScene
    {
        var fleet = before.fleet
        let now = Timestamp.now()
        let gone = Set(lost.map(address))
        for var instance in before.fleet.instances {
            if gone.contains(instance.address) {
                instance.contact = .unreachable(
                    since: now, lastSeen: before.now, ContactFailure(kind: .connectionRefused, message: "refused"))
            } else {
                instance.facts = try await servers.probe(instance.address)
                instance.contact = .reachable(since: now)
            }
            fleet.update(instance)
        }
        return RuleScene(fleet, now: now, lastReads: [:], marks: marks)
    }

    /// Waits until no replica of a lost source receives from it any more.
    func untilLost(by replicas: [String]) async throws {
        for name in replicas {
            try await eventually(within: .seconds(30), "\(name) has lost its source") {
                try await channel(of: name).receiver != .running
            }
        }
    }

    /// Carries a wish out on that scene.
    @discardableResult
    func carryOut(_ wish: RecoveryWish, in scene: RuleScene) async throws -> OperationReport {
        let answer = RecoveryPlanner().plan(wish, in: scene)
        let plan = try #require(
            answer.plan, "\(answer.reasons.map { "\($0.rule): \($0.sentence)" }.joined(separator: "; "))")
        let report = try await Executor(servers: servers, journal: journal, fleet: scene.fleet).run(plan)
        try #require(report.isDone, "\(plan.intent): \(report.ending) \(report.states)")
        return report
    }

    /// How many rows of a run a server has.
    func rows(on name: String, run: Int64) async throws -> Int {
        Int(try await lab[name].value("SELECT COUNT(*) FROM baton_lab.workload WHERE run = \(run)") ?? "") ?? 0
    }

    /// Expects that all of these replicate from the new primary, and come to have the same rows.
    func expectCluster(_ primary: String, _ replicas: [String], run: Int64) async throws {
        #expect(try await facts(primary).writability == .writable)
        #expect(try await source(of: primary) == nil)
        for name in replicas {
            #expect(try await source(of: name) == primary)
            #expect(try await facts(name).writability != .writable)
        }
        try await eventually(within: .seconds(30), "\(replicas) have all rows of \(primary)") {
            let wanted = try await rows(on: primary, run: run)
            return try await replicas.asyncMap { try await rows(on: $0, run: run) }.allSatisfy { $0 == wanted }
        }
        let checksums = try await lab.servers([primary] + replicas).asyncMap {
            try await $0.checksum("baton_lab.workload")
        }
        #expect(Set(checksums).count == 1, "\(checksums)")
    }

    /// Starts writing, and waits until the rows come to all of them.
    func startWriting(arrivingAt names: [String], rate: Int = 200) async throws -> Lab.RunningWorkload {
        let load = try await lab.startWorkload(on: lab.servers(names), rate: rate)
        for name in names {
            try await eventually("rows have come to \(name)") {
                (try? await rows(on: name, run: load.workload.run)).map { $0 > 0 } ?? false
            }
        }
        return load
    }
}
