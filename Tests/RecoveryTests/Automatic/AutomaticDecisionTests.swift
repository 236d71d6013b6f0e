import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

@testable import Diagnosis

@Suite("Whether baton recovers a failure by itself")
struct AutomaticDecisionTests {
    private static let now = Timestamp(seconds: 1_790_000_000)

    /// What is the matter, what was configured, and what then stands in the way.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var code = FailureCode.primaryDead
        var policy = AutomaticPolicy([.primary, .intermediateSource])
        var age = Duration.seconds(30)
        var unasked = 0
        var answering = 2
        var losing = 2
        var unanswered: [InstanceAddress] = []
        var afterwards: Loss.Afterwards? = .acknowledged(by: ["db2"], aloneAfter: nil)
        let expected: [String]

        var decision: AutomaticDecision { AutomaticDecision(failure, policy: policy) }

        private var failure: Failure {
            var counts = FailureCounts()
            (counts.replicas, counts.answering, counts.failingToConnect) = (3, answering, losing)
            return Failure(
                code: code, subject: "db1", cluster: "db1", clusterName: "shop",
                role: code == .primaryDead ? .primary : .intermediateSource, counts: counts, evidence: [],
                since: AutomaticDecisionTests.now - age, lastSeen: nil, advice: nil, suppressions: [],
                recovery: code.recovery)
        }
    }

    static let cases = [
        Case(testDescription: "all is as it must be", expected: []),
        Case(testDescription: "nothing is configured", policy: AutomaticPolicy(), expected: ["switched-off"]),
        Case(
            testDescription: "only intermediate sources are configured", policy: AutomaticPolicy([.intermediateSource]),
            expected: ["switched-off"]),
        Case(
            testDescription: "an intermediate source where only primaries are configured",
            code: .intermediateSourceDead,
            policy: AutomaticPolicy([.primary]), expected: ["switched-off"]),
        Case(testDescription: "a source that lives", code: .primaryUnreachable, expected: ["no-recovery"]),
        Case(testDescription: "no replica answers", code: .primaryDeadWithReplicas, expected: ["no-recovery"]),
        Case(
            testDescription: "settings are nobody's to change unasked", code: .primaryLockedSemiSync,
            expected: ["switched-off"]),
        Case(
            testDescription: "who acknowledges may be changed where that was chosen, at once and whoever is silent",
            code: .primaryLockedSemiSync, policy: AutomaticPolicy([.semiSync]), age: .zero, losing: 0,
            unanswered: ["db3"], afterwards: nil, expected: []),
        Case(
            testDescription: "too many that acknowledge, where that was chosen", code: .primaryTooManySemiSync,
            policy: AutomaticPolicy([.semiSync]), losing: 0, afterwards: nil, expected: []),
        Case(
            testDescription: "who writes is another choice", code: .primaryNotWritable,
            policy: AutomaticPolicy([.primary, .intermediateSource, .semiSync]), expected: ["switched-off"]),
        Case(
            testDescription: "a primary is made writable where that was chosen", code: .primaryNotWritable,
            policy: AutomaticPolicy([.writability]), losing: 0, afterwards: nil, expected: []),
        Case(
            testDescription: "not at once, as somebody may be at it", code: .primaryNotWritable,
            policy: AutomaticPolicy([.writability]), age: .seconds(1), losing: 0, afterwards: nil, expected: ["grace"]),
        Case(
            testDescription: "not where another may be writable unseen", code: .primaryNotWritable,
            policy: AutomaticPolicy([.writability]), losing: 0, unanswered: ["db3"], afterwards: nil,
            expected: ["unanswered"]),
        Case(testDescription: "the grace has just begun", age: .seconds(1), expected: ["grace"]),
        Case(testDescription: "the grace lasts to its last moment", age: .milliseconds(9_999), expected: ["grace"]),
        Case(testDescription: "and not longer", age: .seconds(10), expected: []),
        Case(
            testDescription: "there is no grace", policy: AutomaticPolicy([.primary], grace: .zero), age: .zero,
            expected: []),
        Case(testDescription: "a server was never asked", unasked: 1, expected: ["warming-up"]),
        Case(testDescription: "a replica that answers has not lost it", losing: 1, expected: ["not-lost-by-all"]),
        Case(testDescription: "a replica has gone silent just now", unanswered: ["db3"], expected: ["unanswered"]),
        Case(testDescription: "the old primary may go on", afterwards: .unknown([]), expected: ["split-brain"]),
        Case(
            testDescription: "the old primary may go on after its timeout",
            afterwards: .acknowledged(by: ["db2"], aloneAfter: .seconds(4)), expected: ["split-brain"]),
        Case(testDescription: "nobody knows whether it may go on", afterwards: nil, expected: ["split-brain"]),
        Case(
            testDescription: "the risk is accepted", policy: AutomaticPolicy([.primary], splitBrain: .accept),
            afterwards: .unknown([]), expected: []),
        Case(
            testDescription: "it is fenced", policy: AutomaticPolicy([.primary], splitBrain: .fence), afterwards: nil,
            expected: []),
        Case(
            testDescription: "a lost intermediate source takes no writes", code: .intermediateSourceDead,
            afterwards: nil,
            expected: []),
    ]

    @Test("by what is the matter, what was configured and what was seen", arguments: cases)
    func conditions(_ example: Case) {
        let decision = example.decision
        var found = decision.objections(unasked: example.unasked, seen: Self.now, now: Self.now)
        if decision.subject != nil, found.isEmpty {
            found =
                decision.objections(fleet: Fleet(), unanswered: example.unanswered)
                + decision.splitBrainObjections(example.afterwards)
        }
        #expect(found.map(\.code) == example.expected)
        #expect(found.allSatisfy { !$0.reason.isEmpty })
    }

    /// Which servers there are, which answer, and what has to be locked.
    struct Majority: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var quorum = AutomaticPolicy.Quorum.majority
        let planned: Set<InstanceAddress>
        let members: Set<InstanceAddress>
        let answering: Set<InstanceAddress>
        /// `nil` where it is refused.
        let further: [InstanceAddress]?
    }

    static let majorities = [
        Majority(
            testDescription: "two of three", planned: ["db2", "db3"], members: ["db1", "db2", "db3"],
            answering: ["db2", "db3"], further: []),
        Majority(
            testDescription: "one of two is not more than half", planned: ["db2"], members: ["db1", "db2"],
            answering: ["db2"], further: nil),
        Majority(
            testDescription: "unless it was configured", quorum: .concerned, planned: ["db2"], members: ["db1", "db2"],
            answering: ["db2"], further: []),
        Majority(
            testDescription: "a replica below a replica is locked too", planned: ["db2"],
            members: ["db1", "db2", "db3"], answering: ["db2", "db3"], further: ["db3"]),
        Majority(
            testDescription: "no more than are needed", planned: ["db2", "db3"],
            members: ["db1", "db2", "db3", "db4", "db5"], answering: ["db2", "db3", "db4", "db5"], further: ["db4"]),
        Majority(
            testDescription: "cut off with the smaller part", planned: ["db2"],
            members: ["db1", "db2", "db3", "db4", "db5"], answering: ["db2", "db3"], further: nil),
        Majority(
            testDescription: "half is not enough", planned: ["db2"], members: ["db1", "db2", "db3", "db4"],
            answering: ["db2", "db3"], further: nil),
        Majority(
            testDescription: "the failed one never counts, even if it answers", planned: ["db2"],
            members: ["db1", "db2"], answering: ["db1", "db2"], further: nil),
    ]

    @Test("with locks on more than half of the cluster's servers", arguments: majorities)
    func majority(_ example: Majority) {
        let example = example
        let decision = Case(
            testDescription: "", policy: AutomaticPolicy([.primary], quorum: example.quorum), expected: []
        ).decision
        let found = decision.quorum(
            planned: example.planned, members: example.members, answering: example.answering)
        switch found {
        case .success(let further): #expect(further == example.further)
        case .failure(let trouble):
            #expect(example.further == nil)
            #expect(trouble.objection.code == "minority")
        }
    }

    @Test("never where something has to be confirmed")
    func confirmation() {
        let decision = Case(testDescription: "", expected: []).decision
        let plan = Plan(intent: "", verb: "failover", method: "gtid", steps: [])
        let warning = Reason(
            FailoverCondition.silentReplica, "db3 does not answer", remedies: [.advice("bring it back")])
        let question = Reason(FailoverCondition.lostReplica, "db3 cannot follow", remedies: [.advice("detach it")])
        #expect(decision.objections(plan: .plan(plan, Verdict([warning]))).isEmpty)
        #expect(decision.objections(plan: .plan(plan, Verdict([warning, question]))) == [.unconfirmed([question])])
        #expect(decision.objections(plan: .refused([question])).map(\.code) == ["no-plan"])
    }
}
