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

@Suite("While a server is about to be promoted")
struct SecondPromotionTests {
    private let executed = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"

    /// `a` is lost; its replicas answer. `z` and its replica have nothing to do with them.
    private var fleet: Fleet {
        let servers: [Instance] = [
            .source("a", executed: executed).unreachable(), .replica("b", of: "a", executed: executed),
            .replica("c", of: "a", executed: executed), .replica("d", of: "a", executed: executed),
            .source("z").unreachable(), .replica("y", of: "z"), .replica("x", of: "z"),
        ]
        return Fleet(servers)
    }

    /// As it stands after a failover to `b` died in its promotion: `b` is a primary of its own, and nobody follows it.
    private var split: Fleet {
        var fleet = fleet
        fleet.update(.source("b", executed: executed))
        return fleet
    }

    private struct Bench {
        let desk: OperationDesk
        let journal: StoreJournal
        let fleet: Fleet

        var scene: RuleScene { desk.scene(of: fleet) }

        func failover(of source: InstanceAddress = "a", to candidate: InstanceAddress) -> PlanAnswer {
            desk.plan(.recovery(.failover(of: source, to: candidate, FailoverPolicy())), in: scene)
        }

        /// Writes an operation down that has begun its steps up to one.
        func begin(_ plan: Plan, upTo last: Int) async throws -> Int64 {
            let operation = try await journal.begin(plan, on: plan.instances, reason: "", undoes: nil)
            for step in 0...last {
                try await journal.note(
                    step == last ? .begun : .done, step: step, of: operation.id, note: nil, observed: Observed())
            }
            _ = try await desk.locks()
            return operation.id
        }

        func end(_ id: Int64, _ outcome: OperationRecord.Outcome) async throws {
            try await journal.end(id, outcome, report: nil)
            _ = try await desk.locks()
        }

        func seeing(_ fleet: Fleet) -> Bench { Bench(desk: desk, journal: journal, fleet: fleet) }
    }

    private func withBench(_ body: (Bench) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "baton-\(UUID().uuidString).db").path
        let store = try await Store.open(at: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let connection = ConnectionSettings(credentials: Credentials(user: "root"))
        let desk = OperationDesk(OperatingSettings(), store: store) { LiveServers(settings: { _ in connection }) }
        try await body(Bench(desk: desk, journal: StoreJournal(store), fleet: fleet))
        try store.close()
    }

    private func objection(_ answer: PlanAnswer) -> Reason? {
        guard case .refused(let reasons) = answer else { return nil }
        return reasons.first { $0.rule == PlanMakingCondition.promotionBegun.id }
    }

    @Test("one that has promoted nobody yet is not gone on with once the old primary answers again")
    func returned() async throws {
        try await withBench { bench in
            let plan = try #require(bench.failover(to: "b").plan)
            let promotion = try #require(plan.promotionStep)
            let early = try await bench.begin(plan, upTo: promotion - 1)
            try await bench.end(early, .failed)
            #expect(try await bench.desk.planResuming(early, in: bench.scene).plan != nil)
            var alive = fleet
            alive.update(.source("a", executed: executed))
            let scene = bench.seeing(alive).scene
            let answer = try await bench.desk.planResuming(early, in: scene)
            let reason = try #require(answer.reasons.first { $0.rule == FailoverCondition.sourceAnswers.id })
            #expect(reason.remedies.first == .command("baton operations roll-back \(early)"))
            await #expect(throws: OperationError.self) { try await bench.desk.resume(early, in: scene) }
            // Where the new primary may take writes already, leaving things half done would help nobody.
            let late = try await bench.begin(plan, upTo: promotion)
            try await bench.end(late, .failed)
            #expect(try await bench.desk.planResuming(late, in: scene).plan != nil)
        }
    }

    @Test("nobody else of its cluster is promoted until somebody has decided")
    func refused() async throws {
        try await withBench { bench in
            let plan = try #require(bench.failover(to: "b").plan)
            let second = try #require(bench.failover(to: "c").plan)
            let id = try await bench.begin(plan, upTo: try #require(plan.promotionStep))
            let atWork = try #require(objection(bench.failover(to: "c")))
            #expect(atWork.sentence.contains("still at work"))

            try await bench.end(id, .failed)
            for fleet in [fleet, split] {
                let reason = try #require(objection(bench.seeing(fleet).failover(to: "c")))
                #expect(reason.gravity == .refuse)
                #expect(reason.sentence.contains("operation \(id) has begun to promote b:3306"))
                #expect(reason.remedies.first == .command("baton operations resume \(id)"))
            }
            #expect(bench.failover(of: "z", to: "y").plan != nil, "another cluster")
            // A plan that was made before is looked at once more.
            await #expect {
                _ = try await bench.desk.run(second, in: bench.scene)
            } throws: { error in
                guard case .refused(let reasons)? = error as? OperationError else { return false }
                return reasons.map(\.rule) == [PlanMakingCondition.promotionBegun.id]
            }
            #expect(try await bench.desk.operations().map(\.id) == [id], "nothing was begun")
            let resuming = try await bench.desk.planResuming(id, in: bench.scene)
            #expect(resuming.plan == plan, "it does not stand in its own way: \(resuming)")

            try await bench.desk.leave(id)
            _ = try await bench.desk.locks()
            #expect(bench.failover(to: "c").plan != nil)
        }
    }

    @Test("the same holds after a switchover that died there")
    func switchover() async throws {
        try await withBench { bench in
            var living = fleet
            living.update(.source("a", executed: executed))
            let bench = bench.seeing(living)
            func switchover(to candidate: InstanceAddress) -> PlanAnswer {
                bench.desk.plan(.switchover(Switchover(of: "a", to: .named(candidate))), in: bench.scene)
            }
            let answer = switchover(to: "b")
            let plan = try #require(answer.plan, "\(answer.reasons)")
            let step = try #require(plan.promotionStep)
            #expect(plan.steps[step].purpose == "let clients write here")
            let id = try await bench.begin(plan, upTo: step)
            try await bench.end(id, .failed)
            #expect(objection(switchover(to: "c")) != nil)
            #expect(objection(bench.seeing(fleet).failover(to: "c")) != nil, "nor by a failover")
        }
    }

    @Test("one that has only stopped receivers stands in nobody's way")
    func before() async throws {
        try await withBench { bench in
            let plan = try #require(bench.failover(to: "b").plan)
            let promotion = try #require(plan.promotionStep)
            #expect(plan.steps[promotion].instance == "b" && promotion > 0)
            let id = try await bench.begin(plan, upTo: promotion - 1)
            try await bench.end(id, .stopped)
            #expect(bench.failover(to: "c").plan != nil)
        }
    }

    @Test("an older one is not resumed after another server was promoted")
    func older() async throws {
        try await withBench { bench in
            let plan = try #require(bench.failover(to: "b").plan)
            let other = try #require(bench.failover(to: "c").plan)
            let old = try await bench.begin(plan, upTo: 0)
            try await bench.end(old, .stopped)
            let new = try await bench.begin(other, upTo: try #require(other.promotionStep))
            try await bench.end(new, .done)
            let reason = try #require(objection(try await bench.desk.planResuming(old, in: bench.scene)))
            #expect(reason.sentence.contains("operation \(new) has promoted c:3306 since"))
            await #expect(throws: OperationError.self) { _ = try await bench.desk.resume(old, in: bench.scene) }
        }
    }
}
