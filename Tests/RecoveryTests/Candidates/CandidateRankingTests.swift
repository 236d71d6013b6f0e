import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

@Suite("Who takes a lost primary's place")
struct CandidateRankingTests {
    private let two = RankingFleet([("db2", executed: 100, received: 100), ("db3", executed: 100, received: 100)])

    @Test("who has received most goes first, though it has applied less")
    func receivedCounts() throws {
        let fleet = RankingFleet([("db2", executed: 90, received: 90), ("db3", executed: 50, received: 99)])
        let ranking = fleet.ranking()
        #expect(ranking.ranked.map(\.instance) == ["db3", "db2"])
        #expect(ranking.mostAdvanced == ["db3"])
        let first = try #require(ranking.best)
        #expect(first.backlog.amount.transactionCount == 49)
        #expect(first.missing == .nothing)
        #expect(ranking["db2"]?.missing.transactionCount == 9)
        #expect(ranking.criterion(after: 0) == .received)
    }

    @Test("by GTID a preferred server goes before one that has more: it is brought level first")
    func preferenceWinsWhereLevelled() throws {
        let fleet = RankingFleet([("db2", executed: 90, received: 90), ("db3", executed: 99, received: 99)])
        let ranking = fleet.ranking(marks: .rules(["db2": .prefer]))
        let best = try #require(ranking.best)
        #expect(best.instance == "db2")
        #expect(best.levelling.donors == ["db3"])
        #expect(best.levelling.remaining == .nothing)
        #expect(best.loss.againstReachable == .nothing)
        #expect(best.verdict == .allowed)
        #expect(best.followers.map(\.replica) == ["db3"])
    }

    @Test("by position only who has received most keeps all, so that it goes before a preferred one")
    func advancementWinsByPosition() throws {
        let fleet = RankingFleet.byPosition([
            ("db2", executed: 400, received: 400), ("db3", executed: 300, received: 500),
        ])
        let ranking = fleet.ranking(marks: .rules(["db2": .prefer]))
        #expect(ranking.method == .position)
        #expect(ranking.ranked.map(\.instance) == ["db3", "db2"])
        let preferred = try #require(ranking["db2"])
        #expect(preferred.levelling.remaining.byteCount == 100)
        #expect(preferred.loss.againstReachable.byteCount == 100)
        #expect(preferred.lost.map(\.replica) == ["db3"])
        #expect(preferred.lost.first?.reasons.contains { $0.rule == "rec.ahead" } == true)
        #expect(preferred.verdict.reasons.map(\.rule).contains("rec.behind"))
    }

    @Test("by position one that has received less finds no place in the candidate's log, and is told as lost")
    func lessReceivedByPosition() throws {
        let fleet = RankingFleet.byPosition([
            ("db2", executed: 500, received: 500), ("db3", executed: 400, received: 400),
        ])
        let best = try #require(fleet.ranking().best)
        #expect(best.instance == "db2")
        #expect(best.lost.map(\.replica) == ["db3"])
        #expect(best.lost.first?.reasons.contains { $0.rule == "rec.ahead" } == true)
    }

    @Test("places in logs of different servers are not compared: below a silent replica nobody knows who has more")
    func otherLogs() throws {
        var fleet = RankingFleet.byPosition([
            ("db2", executed: 500, received: 500), ("db3", executed: 400, received: 400),
            ("db4", executed: 800, received: 800),
        ])
        fleet = fleet.without("db3").with("db4", channel: { $0.source = "db3" })
        let ranking = fleet.ranking()
        #expect(ranking.best?.instance == "db2")
        #expect(ranking["db4"]?.received == .unknown)
        #expect(ranking["db4"]?.verdict.reasons.contains { $0.rule == "rec.unknown" } == true)
        #expect(ranking.best?.lost.map(\.replica) == ["db4"])
    }

    @Test("who is ahead of a candidate that nobody can bring level is told as lost, as MariaDB would refuse it")
    func aheadByGTID() throws {
        let fleet = RankingFleet.mariadb([("db2", applied: 90, received: 90), ("db3", applied: 95, received: 95)])
            .with("db3", facts: { $0.binaryLog?.logsReplicaUpdates = false })
        let candidate = try #require(fleet.ranking()["db2"])
        #expect(!candidate.levelling.remaining.isNothing)
        #expect(candidate.lost.map(\.replica) == ["db3"])
    }

    @Test("a candidate's delay keeps nobody from following it, because it is taken away before")
    func delayedCandidate() throws {
        let fleet = RankingFleet([("db2", executed: 90, received: 100), ("db3", executed: 80, received: 80)])
            .with("db2", channel: { $0.delay = .seconds(3_600) })
        let candidate = try #require(fleet.ranking(policy: CandidatePolicy(waitsForDelayed: true))["db2"])
        #expect(candidate.followers.map(\.replica) == ["db3"])
    }

    @Test("MariaDB's received position counts, not only what was applied")
    func mariadbReceived() throws {
        let fleet = RankingFleet.mariadb([("db2", applied: 90, received: 90), ("db3", applied: 80, received: 99)])
        let ranking = fleet.ranking()
        #expect(ranking.method == .mariadbGTID)
        #expect(ranking.best?.instance == "db3")
        let other = try #require(ranking["db2"])
        #expect(other.missing == .domains(atMost: 9, upTo: .init([MariaDBGTID(domain: 0, server: 1, sequence: 99)])))
        #expect(other.levelling.donors == ["db3"])
    }

    @Test("who has received a domain and applied nothing of it yet can be followed: it applies it first")
    func unappliedDomain() throws {
        let fleet = RankingFleet.mariadb([("db2", applied: 99, received: 99), ("db3", applied: 0, received: 99)])
            .with("db3") { (facts: inout InstanceFacts) in facts.gtid = .mariadb(MariaDBGTIDState()) }
        #expect(fleet.ranking()["db3"]?.followers.map(\.replica) == ["db2"])
    }

    @Test("on MariaDB what was not applied is gone where both threads are stopped: starting one drops the relay log")
    func mariadbBothStopped() throws {
        let fleet = RankingFleet.mariadb([("db2", applied: 90, received: 90), ("db3", applied: 80, received: 99)])
            .with("db3") { (channel: inout ReplicationChannel) in
                channel.receiver = .stopped
                channel.applier = .stopped
            }
        let ranking = fleet.ranking()
        #expect(ranking.best?.instance == "db2")
        #expect(ranking["db3"]?.received == .domains(.init([MariaDBGTID(domain: 0, server: 1, sequence: 80)])))
        let reason = try #require(ranking["db3"]?.verdict.reasons.first { $0.rule == "rec.stopped" })
        #expect(reason.sentence.contains("will be dropped"))
    }

    @Test("errant transactions make nobody more advanced, and are fetched by nobody")
    func errantIsNotReceived() throws {
        let own = "00000000-0000-0000-0000-000000000099"
        let fleet = two.with("db3") { (facts: inout InstanceFacts) in
            facts.identity.serverUUID = ServerUUID(own)
            facts.gtid = .mysql(
                MySQLGTIDState(mode: .on, executed: .test("\(RankingFleet.one):1-100,\(own):1-3")))
        }
        let ranking = fleet.ranking()
        #expect(ranking.best?.instance == "db2")
        #expect(ranking.best?.missing == .nothing)
        let errant = try #require(ranking["db3"])
        #expect(errant.errant == .mysql(.test("\(own):1-3")))
        #expect(errant.verdict.reasons.first?.rule == "rec.errant")
        #expect(errant.verdict.isLegal)
        #expect(ranking.best?.followers.map(\.replica) == ["db3"])
    }

    @Test(
        "promotion rules go before places, places before what was received",
        arguments: [
            (OperatorMarks(), ["db3", "db2"], CandidateCriterion.dataCenter),
            (.rules(["db2": .prefer]), ["db2", "db3"], .promotionRule),
            (.rules(["db2": .must, "db3": .prefer]), ["db2", "db3"], .promotionRule),
            (.rules(["db3": .preferNot]), ["db2", "db3"], .promotionRule),
            (.rules(["db3": .mustNot]), ["db2", "db3"], .standing),
        ] as [(OperatorMarks, [InstanceAddress], CandidateCriterion)])
    func order(_ marks: OperatorMarks, _ expected: [InstanceAddress], _ criterion: CandidateCriterion) {
        let fleet = RankingFleet([("db2", executed: 100, received: 100), ("db3", executed: 90, received: 90)])
            .with("db1", in: "ams").with("db2", in: "fra").with("db3", in: "ams")
        let ranking = fleet.ranking(marks: marks)
        #expect(ranking.ranked.map(\.instance) == expected)
        #expect(ranking.criterion(after: 0) == criterion)
    }

    @Test("what only a delayed replica has is told as lost, unless the policy waits for it")
    func delayed() throws {
        let fleet = RankingFleet([("db2", executed: 90, received: 90), ("db3", executed: 40, received: 95)])
            .with("db3") { (channel: inout ReplicationChannel) in channel.delay = .seconds(3600) }
        let losing = try #require(fleet.ranking()["db2"])
        #expect(losing.loss.againstReachable.transactionCount == 5)
        #expect(losing.verdict.reasons.first?.sentence.contains("late on purpose") == true)
        let waiting = try #require(fleet.ranking(policy: CandidatePolicy(waitsForDelayed: true))["db2"])
        #expect(waiting.levelling.donors == ["db3"])
        #expect(waiting.loss.againstReachable == .nothing)
    }

    @Test("a promotion rule that has ended says nothing")
    func endedRule() {
        var marks = OperatorMarks.rules(["db2": .mustNot])
        marks.promotionRules["db2"]?.ends = .testNow
        #expect(two.ranking(marks: marks).best?.instance == "db2")
    }

    @Test("who does not answer is refused, comes last, and its data counts nowhere")
    func absent() {
        let fleet = RankingFleet([("db2", executed: 90, received: 90), ("db3", executed: 99, received: 99)]).without(
            "db3")
        let ranking = fleet.ranking()
        #expect(ranking.absent == ["db3"])
        #expect(ranking.ranked.map(\.instance) == ["db2", "db3"])
        #expect(ranking.best?.missing == .nothing)
        #expect(ranking.best?.loss.ofSource.missing.transactionCount == 10)
    }

    @Test("below a replica that does not answer, its replicas come into question")
    func belowAbsent() {
        var instances = two.without("db3").instances
        instances.append(
            Instance.replica("db4", of: "db3", executed: "\(RankingFleet.one):1-98").withChannel {
                $0.sourceUUID = .test(1)
            })
        let scene = RuleScene(Fleet(instances), now: .testNow)
        let ranking = CandidateRanking(of: "db1", in: scene)
        #expect(Set(ranking.eligible.map(\.instance)) == ["db2", "db4"])
        #expect(ranking.best?.followers.map(\.replica) == ["db4"])
    }

    @Test("a switchover loses nothing, and judges the replicas of a living source")
    func switchover() throws {
        var fleet = two
        fleet.change("db1") { $0.contact = .reachable(since: .testNow - .seconds(60)) }
        let best = try #require(fleet.ranking(for: .switchover).best)
        #expect(best.loss.againstReachable == .nothing)
        #expect(best.loss.ofSource.missing == .nothing)
        #expect(best.loss.afterwards == .nothing)
        #expect(best.followers.map(\.replica) == ["db3"])
    }

    @Test(
        "for the replicas of an intermediate source a sibling near comes first, then one of them, then those far, then up"
    )
    func intermediate() {
        let executed = "\(RankingFleet.one):1-100"
        func replica(_ address: InstanceAddress, of source: InstanceAddress, in place: String) -> Instance {
            var instance = Instance.replica(address, of: source, executed: executed)
            instance.location.dataCenter = place
            return instance
        }
        var lost = replica("mid", of: "top", in: "ams").unreachable()
        lost.location.dataCenter = "ams"
        let scene = RuleScene(
            Fleet([
                Instance.source("top", executed: executed), lost, replica("far", of: "top", in: "fra"),
                replica("near", of: "top", in: "ams"), replica("leaf1", of: "mid", in: "ams"),
                replica("leaf2", of: "mid", in: "ams"),
            ]), now: .testNow)
        let ranking = CandidateRanking(of: "mid", in: scene, situation: .intermediate)
        #expect(ranking.ranked.map(\.instance) == ["near", "leaf1", "leaf2", "far", "top"])
        #expect(ranking["near"]?.followers.map(\.replica) == ["leaf1", "leaf2"])
        #expect(ranking["top"]?.role == .source)
    }

    @Test("of two co-primaries the other goes before replicas")
    func coPrimary() {
        let executed = "\(RankingFleet.one):1-100"
        let scene = RuleScene(
            Fleet([
                Instance.replica("a", of: "b", writability: .writable, executed: executed).unreachable(),
                Instance.replica("b", of: "a", writability: .readOnly, executed: executed),
                Instance.replica("aa", of: "a", executed: executed),
            ]), now: .testNow)
        let ranking = CandidateRanking(of: "a", in: scene, situation: .coPrimary)
        #expect(ranking.best?.instance == "b")
        #expect(ranking.best?.role == .coPrimary)
    }

    @Test("whether the account works is proven only where somebody replicates by it there")
    func account() {
        #expect(two.ranking().best?.account == .unproven(users: ["repl"]))
        var instances = two.instances
        instances.append(Instance.replica("db4", of: "db2", executed: "\(RankingFleet.one):1-100"))
        let ranking = CandidateRanking(of: "db1", in: RuleScene(Fleet(instances), now: .testNow))
        #expect(ranking["db2"]?.account == .proven(users: ["repl"]))
        #expect(ranking["db3"]?.account == .unproven(users: ["repl"]))
    }
}
