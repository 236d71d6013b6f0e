import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

/// What random disasters and broken networks have found in failovers.
@Suite("Failovers in detail")
struct FailoverDetailTests {
    private func answer(_ fleet: RankingFleet, _ policy: FailoverPolicy = FailoverPolicy()) -> PlanAnswer {
        RecoveryPlanner().plan(.failover(of: "db1", to: "db2", policy), in: fleet.scene)
    }

    /// How a replica is told to follow the new primary.
    private func following(_ replica: InstanceAddress, _ answer: PlanAnswer) -> SourceChange? {
        answer.plan?.steps.filter { $0.instance == replica }.flatMap(\.commands).lazy.compactMap { command in
            if case .changeSource(_, let change) = command, change.source == "db2" { change } else { nil }
        }.first
    }

    @Test("a delay that was taken away, to find a place in the new log, comes back with the new source")
    func delay() throws {
        let fleet = RankingFleet.byPosition([("db2", 900, 900), ("db3", 700, 900)])
            .with("db3", channel: { $0.delay = .seconds(5) })
        let change = try #require(following("db3", answer(fleet)))
        #expect(change.delay == .seconds(5))
    }

    @Test("by position, where nobody waits, one that has applied less than the new primary is left")
    func notWaiting() {
        let fleet = RankingFleet.byPosition([("db2", 900, 900), ("db3", 700, 900)])
            .with("db3", channel: { $0.applier = .stopped })
        let answer = answer(fleet, FailoverPolicy(unapplied: .lose))
        #expect(following("db3", answer) == nil)
        #expect(answer.reasons.contains { $0.rule == FailoverCondition.lostReplica.id && $0.gravity == .confirm })
    }

    @Test("by position nobody follows one that also has what comes from elsewhere")
    func severalSources() {
        let fleet = RankingFleet.byPosition([("db2", 900, 900), ("db3", 900, 900)])
        #expect(following("db3", answer(fleet)) != nil)
        let mixed = fleet.with("db2") { facts in
            var second = facts.channels[0]
            (second.name, second.source) = ("second", "db9")
            facts.channels.append(second)
        }
        let answer = answer(mixed)
        #expect(following("db3", answer) == nil)
        #expect(answer.reasons.contains { $0.sentence.contains("db2:3306 also has what comes from db9:3306") })
    }

    @Test("a primary that a replica hears from may live, unless its heartbeats stay away")
    func heard() {
        let fleet = RankingFleet([("db2", 100, 100), ("db3", 100, 100)])
        let rule = FailoverCondition.receivesStill.id
        #expect(!answer(fleet).reasons.contains { $0.rule == rule })
        let heard = fleet.with("db3", channel: { $0.receiver = .running })
        #expect(answer(heard).reasons.first { $0.rule == rule }?.gravity == .confirm)
        let silent = heard.with("db3") { channel in
            channel.silence = SourceSilence(since: .testNow - .seconds(3), period: .seconds(1))
        }
        #expect(!answer(silent).reasons.contains { $0.rule == rule })
    }
}
