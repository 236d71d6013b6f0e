import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

@Suite("What was agreed to with a recovery")
struct RecoveryConsentTests {
    /// The consent to a failover of `db1` to `db2` on that fleet.
    private func consent(
        _ fleet: RankingFleet, _ policy: FailoverPolicy = FailoverPolicy(), to candidate: InstanceAddress = "db2"
    ) throws -> RecoveryConsent {
        let planner = RecoveryPlanner()
        let answer = planner.plan(.failover(of: "db1", to: candidate, policy), in: fleet.scene)
        guard case .plan(let plan, let verdict) = answer, let succession = plan.succession else {
            throw PlanRefusal(answer.reasons)
        }
        return RecoveryConsent(
            succession, verdict, planner.ranking(of: "db1", in: fleet.scene)[succession.successor ?? candidate])
    }

    private let level = RankingFleet([("db2", 100, 100), ("db3", 100, 100)])

    @Test("is kept where replicas have received more and the same server takes over")
    func kept() throws {
        let more = RankingFleet([("db2", 100, 104), ("db3", 102, 106)])
        #expect(try consent(level).breaches(by: consent(more)) == [])
        #expect(try consent(level).breaches(by: consent(level)) == [])
    }

    @Test("is not kept by another candidate")
    func candidate() throws {
        let breaches = try consent(level).breaches(by: consent(level, to: "db3"))
        #expect(breaches.contains("db3:3306 would take over, and not db2:3306"))
    }

    @Test("is not kept where somebody else is left behind")
    func left() throws {
        let errant = level.with(
            "db3",
            facts: { facts in
                guard case .mysql(var state) = facts.gtid else { return }
                state.executed = state.executed.union(.test("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-3"))
                facts.gtid = .mysql(state)
            })
        let (old, new) = (try consent(level), try consent(errant))
        #expect(!old.breaches(by: new).isEmpty)
        #expect(new.breaches(by: old) == [], "fewer are no breach")
    }

    @Test("is kept by as much that is given up unapplied, and not by more")
    func unapplied() throws {
        func waiting(_ applied: Int) throws -> RecoveryConsent {
            try consent(
                RankingFleet([("db2", applied, 110), ("db3", 100, 110)]), FailoverPolicy(unapplied: .lose))
        }
        let (five, three, nothing) = (try waiting(105), try waiting(107), try waiting(110))
        func isUnapplied(_ sentence: String) -> Bool { sentence.contains("gives up what it has received") }
        #expect(five.breaches(by: three).contains(where: isUnapplied) == false)
        #expect(three.breaches(by: five).contains(where: isUnapplied))
        #expect(nothing.breaches(by: three).contains(where: isUnapplied))
    }

    /// The consent to a failover of which these things were said.
    private func said(_ reasons: [Reason]) throws -> RecoveryConsent {
        let consent = try consent(level)
        return RecoveryConsent(consent.succession, Verdict(reasons), level.ranking()["db2"])
    }

    private func reason(_ rule: RuleID, _ figure: String, of server: InstanceAddress?) -> Reason {
        Reason(
            rule, .confirm, "\(server.map { "\($0)" } ?? "it") is \(figure) behind",
            measured: server.map { [Measurement("lag", of: $0, figure)] } ?? [], remedies: [.advice("wait")])
    }

    @Test("is kept where only a figure has moved on, and not by another risk, or the same one on another server")
    func figures() throws {
        let read = try said([reason("rec.lag", "12 s", of: "db2"), reason("failover.unread-source", "1", of: nil)])
        #expect(read.breaches(by: try said([reason("rec.lag", "13 s", of: "db2")])) == [])
        #expect(read.breaches(by: try said([reason("failover.unread-source", "2", of: nil)])) == [])
        #expect(read.breaches(by: try said([])) == [], "less is no breach")
        #expect(read.breaches(by: try said([reason("rec.lag", "12 s", of: "db3")])).count == 1)
        #expect(read.breaches(by: try said([reason("rec.delay", "12 s", of: "db2")])).count == 1)
    }

    @Test("of replicas that hear from the lost source is not kept by more of them")
    func hearing() throws {
        func hearing(_ servers: [InstanceAddress]) throws -> RecoveryConsent {
            try consent(servers.reduce(level) { $0.with($1, channel: { $0.receiver = .running }) })
        }
        let (one, both) = (try hearing(["db3"]), try hearing(["db2", "db3"]))
        #expect(both.breaches(by: one) == [])
        #expect(one.breaches(by: both).count == 1)
    }

    @Test("is another one where the lost source answers after all")
    func occasion() throws {
        let living = try consent(level.answering("db1"), FailoverPolicy(livingSource: .fence))
        let breaches = try consent(level).breaches(by: living)
        #expect(breaches == ["it would be another recovery: forced-failover of db1:3306"])
    }
}
