import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

@Suite("Rankings of random fleets")
struct RankingPropertyTests {
    @Test("are total, stable, with no refused one before one that may be chosen, and lose never less than nothing")
    func invariants() {
        var random = SeededGenerator(seed: 41)
        for _ in 0..<150 {
            let fleet = Fleet.random(count: Int.random(in: 2...14, using: &random), using: &random)
            let sources = Set(fleet.instances.flatMap { $0.channels.compactMap { fleet.source(of: $0) } })
            let scene = RuleScene(fleet, now: .testNow)
            let mixed = Fleet(fleet.instances.shuffled(using: &random))
            for source in sources.sorted() {
                for situation in RecoverySituation.allCases {
                    check(
                        CandidateRanking(of: source, in: scene, situation: situation),
                        again: CandidateRanking(of: source, in: RuleScene(mixed, now: .testNow), situation: situation),
                        fleet)
                }
            }
        }
    }

    private func check(_ ranking: CandidateRanking, again: CandidateRanking, _ fleet: Fleet) {
        #expect(ranking.ranked.map(\.instance) == again.ranked.map(\.instance))
        #expect(Set(ranking.ranked.map(\.instance)).count == ranking.ranked.count)
        let firstRefused = ranking.ranked.firstIndex { !$0.isEligible } ?? ranking.ranked.endIndex
        #expect(ranking.ranked[firstRefused...].allSatisfy { !$0.isEligible })
        for (place, candidate) in ranking.ranked.enumerated() {
            let others = candidate.followers.map(\.replica) + candidate.lost.map(\.replica)
            #expect(Set(others).count == others.count)
            #expect(!others.contains(candidate.instance))
            #expect(others.allSatisfy { fleet[$0]?.contact.isReachable == true })
            #expect(candidate.lost.allSatisfy { !$0.reasons.isEmpty })
            #expect(!candidate.isEligible || fleet[candidate.instance]?.contact.isReachable == true)
            // What is lost is part of what is missing.
            if let lost = candidate.loss.againstReachable.transactionCount,
                let missing = candidate.missing.transactionCount
            {
                #expect(lost <= missing)
            }
            for later in ranking.ranked[(place + 1)...] {
                let decision = candidate.decision(
                    against: later, in: ranking.situation, policy: CandidatePolicy())
                #expect(decision?.isFirst == true, "\(candidate.instance) and \(later.instance)")
            }
        }
    }

    @Test("after levelling a candidate misses nothing that its donors had")
    func levelling() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let replicas = (2...6).map { number -> (InstanceAddress, executed: Int, received: Int) in
                let executed = Int.random(in: 1...100, using: &random)
                return (InstanceAddress(host: "db\(number)"), executed, Int.random(in: executed...100, using: &random))
            }
            let ranking = RankingFleet(replicas).ranking()
            let most = replicas.map(\.received).max() ?? 0
            for candidate in ranking.ranked {
                #expect(candidate.levelling.remaining == .nothing)
                #expect(candidate.lost.isEmpty, "\(candidate.lost)")
                let own = replicas.first { $0.0 == candidate.instance }?.received ?? 0
                #expect(candidate.missing.transactionCount == UInt64(most - own))
                #expect(candidate.levelling.donors.isEmpty == (own == most))
            }
            #expect(ranking.best.map { $0.missing.isNothing } == true)
        }
    }
}
