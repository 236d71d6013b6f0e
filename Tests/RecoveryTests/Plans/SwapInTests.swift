import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

@Suite("Swapping the preferred server in after a failover")
struct SwapInTests {
    private let swap = SwapIn(of: "db2", for: "db1")

    private func judge(
        _ marks: OperatorMarks = OperatorMarks(), _ change: (inout Fleet) -> Void = { _ in }
    ) -> SwapIn.Judgement {
        let scene = RuleScene(.handingOver(change), now: .testNow, marks: marks)
        return swap.judge(SwitchoverPlanner().plan(swap.wish, in: scene), in: scene)
    }

    private func waits(for condition: SwitchoverCondition, _ judgement: SwapIn.Judgement) -> Bool {
        guard case .waiting(let reasons) = judgement else { return false }
        return reasons.contains { $0.rule == condition.id }
    }

    @Test("a failover whose preferred server is late says whom it should have promoted, and its plan keeps that")
    func planned() throws {
        let late = RankingFleet(written: 100, [("db2", 100, 100), ("db3", 100, 100)])
            .with("db3", channel: { $0.delay = .seconds(3_600) })
        let wish = RecoveryWish.failover(of: "db1", to: "db2", FailoverPolicy())
        let plan = try #require(
            RecoveryPlanner().plan(wish, in: late.scene(marks: .rules(["db3": .must]))).plan)
        #expect(plan.succession?.preferred == "db3")
        let swap = try #require(SwapIn(after: plan.succession))
        #expect(swap == SwapIn(of: "db3", for: "db2"))
        #expect(swap.command == "baton switchover db2:3306 --to db3:3306")
        let other = try #require(RecoveryPlanner().plan(wish, in: late.scene()).plan)
        #expect(other.succession?.preferred == nil && SwapIn(after: other.succession) == nil)
    }

    @Test("it is ready where a switchover has nothing against it, and carries out that plan")
    func ready() throws {
        guard case .ready(let plan, _) = judge() else {
            Issue.record("\(judge())")
            return
        }
        #expect(plan.verb == Switchover.verb)
        #expect(plan.succession == Succession(.switchover, of: "db1", by: "db2"))
    }

    @Test("it waits while the server is delayed, behind, stopped, silent, in maintenance, or says nothing of its lag")
    func waiting() {
        func with(_ change: @escaping (inout ReplicationChannel) -> Void) -> SwapIn.Judgement {
            judge { $0.update(Instance.replica("db2", of: "db1").withChannel(change)) }
        }
        #expect(waits(for: .delayed, with { $0.delay = .seconds(60) }))
        #expect(waits(for: .lag, with { $0.lag = Lag(measured: .seconds(900)) }))
        #expect(waits(for: .lag, with { $0.lag = nil }))
        #expect(waits(for: .notReplicating, with { $0.applier = .stopped }))
        if case .waiting = judge(.init(), { $0.update(Instance.replica("db2", of: "db1").unreachable()) }) {
        } else {
            Issue.record("a server that does not answer may come back")
        }
        let maintenance = OperatorMarks(
            maintenances: ["db2": Mark(Maintenance(), owner: "ann", reason: "disk", begins: .testNow - .seconds(1))])
        #expect(waits(for: .maintenance, judge(maintenance)))
    }

    @Test("it confirms nothing in anybody's place")
    func unconfirmed() {
        #expect(
            waits(for: .otherWritable, judge { $0.update(.replica("db3", of: "db1", writability: .writable)) }))
    }

    @Test("what no waiting mends ends it, and so does another primary; what is done needs nothing")
    func over() {
        let rule = OperatorMarks.rules(["db2": .mustNot])
        guard case .over(let reason) = judge(rule) else {
            Issue.record("\(judge(rule))")
            return
        }
        #expect(reason.contains("must-not"))
        let replaced = judge { fleet in
            fleet = Fleet([.source("db3"), .replica("db1", of: "db3"), .replica("db2", of: "db1")])
        }
        #expect(replaced == .over("db3:3306 is the primary by now, and not db1:3306"))
        let made = judge { $0 = Fleet([.source("db2"), .replica("db1", of: "db2"), .replica("db3", of: "db2")]) }
        #expect(made == .needless)
    }
}
