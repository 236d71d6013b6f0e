import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

@Suite("What is lost with a candidate")
struct LossTests {
    /// `db1` with semi-sync on, last read a second ago; `db2` and `db3` acknowledge.
    private func semiSync(
        wait: Int = 1, clients: Int = 2, isActive: Bool = true, timeout: Duration = .seconds(86_400)
    ) -> RankingFleet {
        var fleet = RankingFleet([("db2", executed: 100, received: 100), ("db3", executed: 100, received: 100)])
        let side = SemiSync.SourceSide(
            isEnabled: true, isActive: isActive, timeout: timeout, waitForReplicas: wait, clients: clients)
        fleet.change("db1") { $0 = $0.changed { $0.semiSync.source = side } }
        for replica in ["db2", "db3"] as [InstanceAddress] {
            fleet.change(replica) {
                $0 = $0.changed { $0.semiSync.replica = SemiSync.ReplicaSide(isEnabled: true, isActive: true) }
            }
        }
        return fleet
    }

    @Test("three figures: among those that answer, what the source had at the last look, and what is unknown")
    func threeFigures() throws {
        let fleet = RankingFleet(
            written: 105, [("db2", executed: 90, received: 95), ("db3", executed: 100, received: 100)])
        let loss = try #require(fleet.ranking()["db2"]?.loss)
        #expect(loss.againstReachable == .nothing)
        #expect(loss.ofSource.missing == .transactions(.test("\(RankingFleet.one):101-105")))
        #expect(loss.ofSource.age == .seconds(11))
        #expect(loss.afterwards == .unknown([]))
        #expect(
            loss.sentences == [
                "against the servers that answer: nothing is lost",
                "what the old source had at the last look, 11 s ago, and nobody who answers has: 5 transactions",
                "what it committed after that look: unknown, and lost",
            ])
    }

    @Test("by position the last figure is a stretch of the lost source's log")
    func byPosition() {
        let fleet = RankingFleet.byPosition([("db2", executed: 400, received: 500)])
        #expect(fleet.ranking().best?.loss.ofSource.missing.byteCount == 400)
    }

    @Test("on MariaDB at most so many, by domain")
    func mariadb() {
        let fleet = RankingFleet.mariadb(written: 107, [("db2", applied: 90, received: 99)])
        let missing = fleet.ranking().best?.loss.ofSource.missing
        #expect(missing?.transactionCount == 8)
        #expect(missing?.isUpperBound == true)
    }

    @Test("a source that was never read says nothing of what it had")
    func neverRead() throws {
        let replica = Instance.replica("db2", of: "db1", executed: "\(RankingFleet.one):1-100")
        let scene = RuleScene(Fleet([.unprobed("db1"), replica]), now: .testNow)
        let loss = try #require(CandidateRanking(of: "db1", in: scene).best?.loss)
        #expect(loss.ofSource.missing == .unknown)
        #expect(loss.ofSource.age == nil)
    }

    @Test("semi-sync in force keeps every acknowledged row")
    func acknowledged() {
        #expect(semiSync().ranking().best?.loss.afterwards == .acknowledged(by: ["db2", "db3"], aloneAfter: nil))
    }

    @Test("one of two may have acknowledged alone: without it nothing is promised, unless both had to")
    func oneIsGone() {
        guard case .unknown(let reasons) = semiSync().without("db3").ranking().best?.loss.afterwards else {
            Issue.record("a guarantee without the server that may have acknowledged")
            return
        }
        #expect(reasons.contains { $0.contains("may have acknowledged alone") })
        let both = semiSync(wait: 2).without("db3").ranking().best?.loss.afterwards
        #expect(both == .acknowledged(by: ["db2"], aloneAfter: nil))
    }

    @Test("a timeout that ends within a day ends the guarantee: it is said when")
    func alone() throws {
        // The last look was 11 seconds ago.
        let loss = try #require(semiSync(timeout: .seconds(60)).ranking().best?.loss)
        #expect(loss.afterwards == .acknowledged(by: ["db2", "db3"], aloneAfter: .seconds(49)))
        #expect(loss.sentences.last?.hasSuffix("if it lives on unseen, it acknowledges alone in 49 s") == true)
        let long = try #require(semiSync().ranking().best?.loss)
        #expect(long.sentences.last?.contains("alone") == false)
    }

    @Test("what takes the guarantee away is said", arguments: [0, 1, 2, 3])
    func obstacles(_ number: Int) {
        let cases: [(RankingFleet, String)] = [
            (semiSync(isActive: false), "asynchronous"),
            (semiSync(timeout: .seconds(10)), "timeout"),
            (semiSync(wait: 3), "2 replicas of 3"),
            (
                semiSync().with("db1") { (facts: inout InstanceFacts) in
                    facts.semiSync.source?.waitsWithoutReplicas = false
                },
                "as soon as a replica is missing"
            ),
        ]
        guard case .unknown(let reasons) = cases[number].0.ranking().best?.loss.afterwards else {
            Issue.record("a guarantee that is none")
            return
        }
        #expect(reasons.contains { $0.contains(cases[number].1) }, "\(reasons)")
    }
}
