import Foundation
import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

/// Plans of failovers and adoptions as they are printed, word for word.
@Suite("Plans of recoveries as printed")
struct RecoveryPlanTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden")

    /// A disaster and what is wanted about it.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let fleet: RankingFleet
        var candidate: InstanceAddress?
        var policy = FailoverPolicy()
        var candidates = CandidatePolicy()
        /// `nil` for a failover of `db1`.
        var adopting: InstanceAddress?

        var testDescription: String { name }

        var answer: PlanAnswer {
            let wish: RecoveryWish =
                adopting.map { .adopt(replicasOf: $0, below: nil) } ?? .failover(of: "db1", to: candidate, policy)
            return RecoveryPlanner(candidates: candidates).plan(wish, in: fleet.scene)
        }
    }

    static let cases: [Case] = [
        Case(
            name: "failover-mysql-gtid",
            fleet: RankingFleet([("db2", 98, 100), ("db3", 95, 100), ("db4", 100, 100)])),
        Case(
            name: "failover-mysql-gtid-levelling",
            fleet: RankingFleet([("db2", 95, 96), ("db3", 99, 100)]), candidate: "db2"),
        Case(
            name: "failover-mysql-gtid-not-waiting",
            fleet: RankingFleet([("db2", 95, 96), ("db3", 99, 100)]), candidate: "db2",
            policy: FailoverPolicy(unapplied: .lose)),
        Case(
            name: "failover-mysql-gtid-delayed",
            fleet: RankingFleet([("db2", 60, 100), ("db3", 90, 90)]).with(
                "db2", channel: { $0.delay = .seconds(3_600) }),
            candidate: "db2", candidates: CandidatePolicy(waitsForDelayed: true)),
        Case(
            name: "failover-mysql-gtid-broken-donor",
            fleet: RankingFleet([("db2", 95, 95), ("db3", 97, 100)]).with(
                "db3",
                channel: { channel in
                    channel.applier = .stopped
                    channel.applierError = ReplicationError(code: 1062, message: "Duplicate entry", at: nil)
                }), candidate: "db2"),
        Case(
            name: "failover-mariadb-gtid-levelling",
            fleet: .mariadb([("db2", 95, 96), ("db3", 99, 100)]), candidate: "db2"),
        Case(
            name: "failover-mariadb-gtid-stopped-applier",
            fleet: RankingFleet.mariadb([("db2", 95, 100), ("db3", 95, 98)]).with(
                "db2", channel: { $0.applier = .stopped })),
        Case(
            name: "failover-position",
            fleet: .byPosition([("db2", 700, 900), ("db3", 900, 900)])),
        Case(
            name: "failover-position-lost-replica",
            fleet: .byPosition([("db2", 700, 800), ("db3", 900, 900), ("db4", 800, 800)]), candidate: "db2"),
        Case(
            name: "failover-living-primary",
            fleet: RankingFleet([("db2", 100, 100), ("db3", 100, 100)]).answering("db1"),
            policy: FailoverPolicy(livingSource: .fence)),
        Case(
            name: "adoption-mysql-gtid",
            fleet: RankingFleet([("db2", 100, 100)]).answering("db1").followed(by: ["db3", "db4"], below: "db2")
                .without("db2"), adopting: "db2"),
    ]

    @Test("each plan is as it was looked at, with all that was objected", arguments: cases)
    func plans(_ disaster: Case) throws {
        var text = ""
        switch disaster.answer {
        case .plan(let plan, let verdict):
            text += verdict.reasons.map { "\($0.gravity): \($0.rule) \($0.sentence)\n" }.joined()
            text += try PlanDocument(plan, on: disaster.fleet.scene.fleet).text
        case .refused(let reasons): text += reasons.map { "refused: \($0.rule) \($0.sentence)\n" }.joined()
        }
        try Golden.check(text + "\n", file: Self.folder.appending(path: "\(disaster.name).txt"))
    }

    @Test("nobody waits for what a broken applier will never apply")
    func brokenDonor() throws {
        let disaster = try #require(Self.cases.first { $0.name == "failover-mysql-gtid-broken-donor" })
        let plan = try #require(disaster.answer.plan)
        #expect(!plan.steps.contains { $0.instance == "db3" && $0.purpose == "apply what was received" })
    }

    @Test("where nobody waits, what others have more is told as lost")
    func notWaiting() throws {
        let disaster = try #require(Self.cases.first { $0.name == "failover-mysql-gtid-not-waiting" })
        #expect(disaster.answer.reasons.contains { $0.rule == FailoverCondition.behind.id && $0.gravity == .confirm })
        #expect(disaster.answer.reasons.contains { $0.rule == FailoverCondition.unapplied.id })
    }

    @Test("what only a broken applier has received is told, because following another source drops it")
    func dropped() throws {
        let disaster = try #require(Self.cases.first { $0.name == "failover-mysql-gtid-broken-donor" })
        let told = disaster.answer.reasons.first { $0.sentence.contains("it cannot apply") }
        #expect(told?.gravity == .confirm)
        #expect(told?.sentence.contains("3 transactions") == true)
    }

    @Test("a delay is taken away while the receiver runs, or MySQL would drop the relay log with the change")
    func delayTakenAway() throws {
        let disaster = try #require(Self.cases.first { $0.name == "failover-mysql-gtid-delayed" })
        let plan = try #require(disaster.answer.plan)
        let step = try #require(plan.steps.first { $0.instance == "db2" })
        let change = step.commands.firstIndex { if case .changeSource = $0 { true } else { false } }
        let stop = step.commands.firstIndex(of: .stopReplication(channel: "", threads: .receiver))
        #expect(try #require(change) < (try #require(stop)))
        #expect(!plan.steps.contains { $0.purpose == "detach from the lost source" })
    }

    @Test("where the receiver is stopped already, the delay is waited for")
    func delayWaitedFor() throws {
        let fleet = RankingFleet([("db2", 60, 100), ("db3", 90, 90)]).with(
            "db2",
            channel: { channel in
                channel.delay = .seconds(3_600)
                channel.receiver = .stopped
            })
        let disaster = Case(
            name: "", fleet: fleet, candidate: "db2", candidates: CandidatePolicy(waitsForDelayed: true))
        let plan = try #require(disaster.answer.plan)
        let changes = plan.steps.filter { $0.instance == "db2" }.flatMap(\.commands).filter {
            if case .changeSource = $0 { true } else { false }
        }
        #expect(changes.isEmpty)
    }

    @Test("a stopped MariaDB applier is started before its receiver is stopped, which would cost its relay log")
    func stoppedApplier() throws {
        let disaster = try #require(Self.cases.first { $0.name == "failover-mariadb-gtid-stopped-applier" })
        let plan = try #require(disaster.answer.plan)
        let step = try #require(plan.steps.first { $0.instance == "db2" && $0.purpose == "stop receiving" })
        #expect(
            step.commands == [
                .startReplication(channel: "", threads: .applier), .stopReplication(channel: "", threads: .receiver),
            ])
        #expect(
            step.inverse == [
                .startReplication(channel: "", threads: .receiver), .stopReplication(channel: "", threads: .applier),
            ])
    }
}

extension RankingFleet {
    /// The fleet with a server that answers after all.
    func answering(_ address: InstanceAddress) -> RankingFleet {
        var copy = self
        copy.change(address) { $0.contact = .reachable(since: .testNow - .seconds(60)) }
        return copy
    }

    /// The fleet with more replicas, below one of its own.
    fileprivate func followed(by replicas: [InstanceAddress], below source: InstanceAddress) -> RankingFleet {
        var copy = self
        copy.add(
            replicas.map { address in
                Instance.replica(address, of: source, executed: "\(Self.one):1-100").withChannel { channel in
                    channel.receiver = .connecting
                    channel.retrieved = .test("\(Self.one):1-100")
                }
            })
        return copy
    }
}
