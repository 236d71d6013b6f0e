import Engine
import Lab
import Operations
import Recovery
import Refactoring
import Servers
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

extension RecoveryScenarios {
    @Suite("A failover whose replicas have received more than it was planned by")
    struct Outrun {
        @Test("goes on by a new plan that keeps what was confirmed", arguments: Shape.Flavour.allCases)
        func kept(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue): a(b c)") { lab, mover in
                let outrun = try await mover.outrun(of: "a", replicas: ["b", "c"])
                let events = Mutex<[OperationEvent]>([])
                let report = try await mover.fail(over: outrun) { event in events.withLock { $0.append(event) } }
                #expect(report.isDone, "\(report)")
                #expect(report.operation == 2)
                let planned = events.withLock { $0 }.contains { if case .plannedAnew = $0 { true } else { false } }
                #expect(planned)
                for name in ["b", "c"] {
                    #expect(try await lab[name].value("SELECT COUNT(*) FROM outrun.t") == "2", "nothing is lost")
                }
                #expect(try await mover.source(of: "c") == "b")
                let operations = try await mover.store.operations(limit: 2)
                #expect(operations.map(\.outcome) == [.done, .left])
                let recovery = try #require(try await mover.store.recoveries(RecoveryFilter()).first)
                #expect(recovery.outcome == .done)
                #expect(recovery.successor == mover.address("b"))
            }
        }

        @Test("stops with nobody promoted where a new plan asks for more than was confirmed")
        func notKept() async throws {
            try await Mover.onLab("mariadb: a(b c)") { lab, mover in
                let outrun = try await mover.outrun(of: "a", replicas: ["b", "c"])
                // What only c has keeps it from following b, and nobody has agreed to that.
                try await lab["c"].execute("SET GLOBAL read_only = OFF")
                try await lab["c"].execute("INSERT INTO outrun.t VALUES (100)")
                try await lab["c"].execute("SET GLOBAL read_only = ON")
                let report = try await mover.fail(over: outrun)
                guard case .failed(let failures) = report.ending else {
                    Issue.record("it came to its end: \(report)")
                    return
                }
                let words = failures.map(\.message).joined(separator: "; ")
                #expect(words.contains("Nobody was promoted: planned anew it is not what was confirmed"), "\(words)")
                #expect(words.contains("\(mover.address("c")) has transactions"), "\(words)")
                #expect(report.choices.contains(.rollBack))
                for name in ["b", "c"] {
                    #expect(try await mover.facts(name).writability != .writable)
                    #expect(try await mover.source(of: name) == "a")
                }
                #expect(try await mover.store.operations(limit: 2).map(\.outcome) == [.failed])
            }
        }
    }
}

/// A failover that was planned before the last row came to the replicas.
private struct PlannedTooEarly {
    let plan: Plan
    let verdict: Verdict
    let scene: RuleScene
    let lost: InstanceAddress
}

extension Mover {
    private func desk() throws -> OperationDesk {
        let settings = try lab.settings()
        return OperationDesk(OperatingSettings(), store: store) { LiveServers(settings: { _ in settings }) }
    }

    /// Reads the servers, lets one more row come to the replicas, kills their source, and plans by what was read.
    fileprivate func outrun(of primary: String, replicas: [String]) async throws -> PlannedTooEarly {
        try await lab[primary].execute("CREATE DATABASE outrun")
        try await lab[primary].execute("CREATE TABLE outrun.t (id INT PRIMARY KEY)")
        try await lab[primary].execute("INSERT INTO outrun.t VALUES (1)")
        try await untilRows(1, on: replicas)
        let before = try await scene()
        try await lab[primary].execute("INSERT INTO outrun.t VALUES (2)")
        try await untilRows(2, on: replicas)
        try await lab[primary].kill()
        try await untilLost(by: replicas)
        var fleet = before.fleet
        let lost = address(primary)
        var instance = try #require(fleet[lost])
        instance.contact = .unreachable(
            since: .now(), lastSeen: before.now, ContactFailure(kind: .connectionRefused, message: "refused"))
        fleet.update(instance)
        let stale = RuleScene(fleet, now: .now())
        let wish = RecoveryWish.failover(of: lost, to: address(replicas[0]), FailoverPolicy())
        let answer = try desk().plan(.recovery(wish), in: stale)
        guard case .plan(let plan, let verdict) = answer else {
            throw OperationError.refused(answer.reasons)
        }
        return PlannedTooEarly(plan: plan, verdict: verdict, scene: stale, lost: lost)
    }

    private func untilRows(_ count: Int, on names: [String]) async throws {
        for name in names {
            try await eventually(within: .seconds(30), "\(count) rows have come to \(name)") {
                (try? await lab[name].value("SELECT COUNT(*) FROM outrun.t")) == "\(count)"
            }
        }
    }

    /// Carries it out as the command does.
    fileprivate func fail(
        over planned: PlannedTooEarly, progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws -> OperationReport {
        let (desk, wish) = (try desk(), RecoveryWish.failover(of: planned.lost, to: nil, FailoverPolicy()))
        let lost = try #require(lab.servers.first { $0.address == planned.lost }).name
        let order = RecoveryOrder(confirmed: planned.verdict) { succession in
            let scene = try await self.scene(after: planned.scene, losing: [lost])
            return (desk.plan(.recovery(wish.keeping(succession)), in: scene), scene)
        }
        return try await desk.run(planned.plan, in: planned.scene, order: order, progress: progress)
    }
}
