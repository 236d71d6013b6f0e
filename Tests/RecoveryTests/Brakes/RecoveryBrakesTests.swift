import Recovery
import TestSupport
import Testing
import Topology

@Suite("Whether a failure may be recovered automatically")
struct RecoveryBrakesTests {
    private static let now = Timestamp(seconds: 1_790_000_000)
    private static let primary: InstanceAddress = "db1"
    private static let members: Set<InstanceAddress> = ["db1", "db2", "db3", "db4"]

    /// A past recovery, and how the question that follows it is answered.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var kind = RecoveryKind.failover
        var failed: InstanceAddress = "db1"
        var successor: InstanceAddress?
        var cluster = ClusterName("db1", alias: "shop")
        var age = Duration.seconds(60)
        var state = PastRecovery.State.over
        var isAcknowledged = false
        var asked = RecoveryKind.failover
        var askedOf: InstanceAddress = "db2"
        let expected: [String]

        var past: PastRecovery {
            PastRecovery(
                id: 7, cluster: cluster, kind: kind, failed: failed, successor: successor,
                startedAt: RecoveryBrakesTests.now - age, state: state, isAcknowledged: isAcknowledged)
        }

        var question: RecoveryBrakes.Question {
            RecoveryBrakes.Question(
                asked, of: askedOf, in: ClusterName("db2", alias: "shop"), members: RecoveryBrakesTests.members)
        }
    }

    static let cases = [
        Case(testDescription: "a failover blocks the next one of its cluster", expected: ["recovered-lately"]),
        Case(
            testDescription: "the server that was promoted has failed", successor: "db2",
            expected: ["promoted-failed-again"]),
        Case(
            testDescription: "the block lasts to its last second", age: .seconds(3599), expected: ["recovered-lately"]),
        Case(testDescription: "and not longer", age: .seconds(3600), expected: []),
        Case(testDescription: "an acknowledgement ends it", successor: "db2", isAcknowledged: true, expected: []),
        Case(testDescription: "what was forced blocks too", kind: .forcedFailover, expected: ["recovered-lately"]),
        Case(
            testDescription: "what is forced is told of the block", asked: .forcedFailover,
            expected: ["recovered-lately"]),
        Case(testDescription: "a switchover blocks nothing", kind: .switchover, successor: "db2", expected: []),
        Case(testDescription: "and is kept away by nothing", asked: .switchover, expected: []),
        Case(testDescription: "a rejoin blocks nothing", kind: .rejoin, expected: []),
        Case(
            testDescription: "an intermediate source's recovery does not block a primary's", kind: .intermediateSource,
            failed: "db3", successor: "db2", expected: []),
        Case(
            testDescription: "nor a primary's an intermediate source's", asked: .intermediateSource, askedOf: "db3",
            expected: []),
        Case(
            testDescription: "an intermediate source's blocks another one's", kind: .intermediateSource, failed: "db3",
            asked: .intermediateSource, askedOf: "db4", expected: ["recovered-lately"]),
        Case(
            testDescription: "a setting that was put right blocks no failover", kind: .writability, expected: []),
        Case(testDescription: "a co-primary's blocks a primary's", kind: .coPrimary, expected: ["recovered-lately"]),
        Case(
            testDescription: "one that changed nothing blocks nothing", state: .notBegun, expected: []),
        Case(
            testDescription: "another cluster's blocks nothing", failed: "x1", successor: "x2",
            cluster: ClusterName("x1", alias: "blog"), expected: []),
        Case(
            testDescription: "the cluster is known by its members when it has another name", failed: "db3",
            cluster: ClusterName("db9"), expected: ["recovered-lately"]),
        Case(
            testDescription: "and by its alias when its members are others", failed: "x1",
            cluster: ClusterName("x1", alias: "shop"), expected: ["recovered-lately"]),
        Case(
            testDescription: "one at work keeps all others away, whatever they do", kind: .switchover,
            state: .atWork(by: "anna@bastion"), asked: .intermediateSource, askedOf: "db3", expected: ["at-work"]),
        Case(
            testDescription: "one that was left unfinished does so until somebody decides", age: .seconds(86_400),
            state: .interrupted, expected: ["interrupted"]),
        Case(
            testDescription: "by acknowledging it, for example", age: .seconds(86_400), state: .interrupted,
            isAcknowledged: true, expected: []),
    ]

    @Test("after another recovery", arguments: cases)
    func afterAnother(_ example: Case) {
        let brakes = RecoveryBrakes(recoveries: [example.past])
        #expect(brakes.objections(to: example.question, at: Self.now).map(\.code) == example.expected)
    }

    @Test("the period is the configured one, and its end is told")
    func period() {
        let example = Case(testDescription: "", expected: [])
        let brakes = RecoveryBrakes(blockPeriod: .seconds(61), recoveries: [example.past])
        let objection = brakes.objections(to: example.question, at: Self.now).first
        #expect(objection?.until == Self.now + .seconds(1))
        #expect(objection?.recovery == 7)
        #expect(objection?.reason == "blocked until 2026-09-21T14:13:21Z by recovery 7 of this cluster (failover)")
        #expect(objection?.remedy.contains("baton ack 7") == true)
        #expect(brakes.objections(to: example.question, at: Self.now + .seconds(1)).isEmpty)
    }

    @Test("of two blocks both are told where the promoted server failed again, and else the longer one")
    func two() {
        let promoting = Case(testDescription: "", successor: "db2", age: .seconds(100), expected: []).past
        var later = Case(testDescription: "", successor: "db3", age: .seconds(50), expected: []).past
        later.id = 8
        let question = Case(testDescription: "", expected: []).question
        let both = RecoveryBrakes(recoveries: [promoting, later]).objections(to: question, at: Self.now)
        #expect(both.map(\.code) == ["promoted-failed-again", "recovered-lately"])
        #expect(both.map(\.recovery) == [7, 8])
    }

    @Test("what an operator passes stays in force for what is automatic, and what they did blocks as well")
    func override() {
        let example = Case(testDescription: "", expected: [])
        var brakes = RecoveryBrakes(recoveries: [example.past])
        #expect(brakes.objections(to: example.question, at: Self.now).map(\.isOverridable) == [true])
        var forced = Case(testDescription: "", kind: .forcedFailover, age: .zero, expected: []).past
        forced.id = 8
        brakes.recoveries.append(forced)
        let later = Self.now + .seconds(3550)
        #expect(brakes.objections(to: example.question, at: later).map(\.recovery) == [8])
    }

    @Test("one at work can be passed by nobody")
    func atWork() {
        let example = Case(testDescription: "", state: .atWork(by: "anna"), expected: [])
        let objections = RecoveryBrakes(recoveries: [example.past]).objections(to: example.question, at: Self.now)
        #expect(objections.first?.code == "at-work" && objections.first?.isOverridable == false)
    }

    @Test("where recoveries are switched off, everywhere or for the cluster by whichever of its names")
    func switches() {
        func off(_ cluster: ClusterName?) -> [String] {
            let off = RecoverySwitch(id: 1, cluster: cluster, since: Self.now, owner: "anna", reason: "upgrade")
            let question = Case(testDescription: "", expected: []).question
            let objections = RecoveryBrakes(switches: [off]).objections(to: question, at: Self.now)
            #expect(objections.allSatisfy { $0.reason.contains("anna: upgrade") })
            return objections.map(\.code)
        }
        #expect(off(nil) == ["disabled-everywhere"])
        #expect(off(ClusterName("db4")) == ["disabled-for-cluster"])
        #expect(off(ClusterName("x1", alias: "shop")) == ["disabled-for-cluster"])
        #expect(off(ClusterName("x1", alias: "blog")) == [])
    }

    @Test("of servers that somebody has downtimed or works on")
    func marks() {
        let downtime = Mark(
            Downtime.planned, owner: "anna", reason: "disk", begins: Self.now, ends: Self.now + .seconds(60))
        let maintenance = Mark(Maintenance(), owner: "bert", reason: "", begins: Self.now)
        var marks = OperatorMarks(downtimes: ["db3": downtime, "db2": downtime], maintenances: ["db2": maintenance])
        func codes(
            _ kind: RecoveryKind, _ failed: InstanceAddress, _ replicas: [InstanceAddress] = [], after: Duration = .zero
        ) -> [String] {
            let question = RecoveryBrakes.Question(
                kind, of: failed, in: ClusterName("db1"), members: Self.members, replicas: replicas)
            return RecoveryBrakes(marks: marks).objections(to: question, at: Self.now + after).map(\.code)
        }
        #expect(codes(.failover, "db1", ["db2", "db3"]) == [])
        #expect(codes(.failover, "db2") == ["downtime", "maintenance"])
        #expect(codes(.failover, "db2", after: .seconds(60)) == ["maintenance"])
        #expect(codes(.intermediateSource, "db4", ["db2", "db3"]) == ["downtime-of-replicas"])
        #expect(codes(.intermediateSource, "db4", ["db1", "db3"]) == [])
        #expect(codes(.intermediateSource, "db4") == [])
        marks = OperatorMarks()
        #expect(codes(.failover, "db2") == [])
    }
}
