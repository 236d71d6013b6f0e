import Diagnosis
import TestSupport
import Topology

/// Every state with the smallest fleet that has it, in the order of orchestrator's table.
///
/// The notes are in the letters of that table: m top, co co-primary, v answers, R replicas, VR that answer, VRR that replicate, F
/// fail to connect, L lag, D delayed.
enum FailureTable {
    private static let primary = Instance.source("db1")
    private static let lost = Instance.source("db1").unreachable()
    private static func replica(_ address: InstanceAddress, of source: InstanceAddress = "db1") -> Instance {
        .replica(address, of: source)
    }
    private static let top = Instance.source("db0")
    private static let middle = Instance.replica("db1", of: "db0")
    private static let lostMiddle = Instance.replica("db1", of: "db0").unreachable()
    private static let co = Instance.replica("db1", of: "db2", writability: .writable)
    private static let partner = Instance.replica("db2", of: "db1")

    /// Marks of a recovery in which db2 took the place of db1.
    static func returned(identity: LastingIdentity?) -> FailureInputs {
        let mark = Mark(Downtime.lostInRecovery, owner: "dba", reason: "lost in recovery 7", begins: .testNow)
        return FailureInputs(
            marks: OperatorMarks(
                downtimes: ["db1": mark],
                replaced: ["db1": ReplacedPrimary(recovery: 7, successor: "db2", identity: identity)]),
            now: .testNow)
    }

    static let primaries: [FailureCase] = [
        FailureCase(.primaryDeadWithoutReplicas, "m, !v, R=0", [lost]),
        FailureCase(
            .primaryDead, "m, !v, VR=R, VRR=0",
            [lost, replica("db2").failingToConnect(), replica("db3").failingToConnect()]),
        FailureCase(
            .primaryDead, "one lost it, the other was stopped",
            [lost, replica("db2").failingToConnect(), replica("db3").stopped()]
        ),
        FailureCase(
            .primaryDeadWithReplicas, "m, !v, R>0, VR=0",
            [lost, replica("db2").unreachable(), replica("db3").unreachable()]),
        FailureCase(
            .primaryDeadWithSomeReplicas, "m, !v, 0<VR<R, VRR=0",
            [lost, replica("db2").failingToConnect(), replica("db3").unreachable()]),
        FailureCase(
            .primaryUnreachableWithLaggingReplicas, "m, !v, L=R, D<R, VRR>0",
            [lost, .replica("db2", of: "db1", lag: .seconds(60)), .replica("db3", of: "db1", lag: .seconds(70))]),
        FailureCase(
            .primaryUnreachable, "m, !v, !ps, VR>0, VRR>0", [lost, replica("db2"), replica("db3").failingToConnect()]),
        FailureCase(
            .primaryUnreachable, "m, !v, ps, F>0, VR>0, VRR>0",
            [primary.closed(), replica("db2"), replica("db3").failingToConnect()]),
        FailureCase(
            .primaryUnreachable, "a replica with a broken applier still receives",
            [lost, replica("db2").applierBroken(), replica("db3").failingToConnect()]),
        FailureCase(
            .primaryUnreachable, "who is turned away hears from it",
            [lost, replica("db2").turnedAway(), replica("db3").failingToConnect()]),
        FailureCase(
            .primaryUnconfirmed, "m, !v, VR=R, VRR=0, all stopped by hand",
            [lost, replica("db2").stopped(), replica("db3").stopped()]),
        FailureCase(
            .primaryReturned, "lost in a recovery, back and writable beside the one that took its place",
            inputs: returned(identity: primary.facts?.identity.lasting),
            [primary, .source("db2"), .replica("db3", of: "db2")]),
        FailureCase(
            .primaryReturned, "what it was is not known", inputs: returned(identity: nil),
            [primary, .source("db2"), .replica("db3", of: "db2")]),
        FailureCase(
            .primaryCannotWrite, "v, a test write fails",
            [
                primary.writing(.failed(since: .testNow, WriteFailure(code: 1021, message: "Disk full"))),
                replica("db2"),
            ]),
        FailureCase(
            .primaryCannotWrite, "v, a test write hangs", [primary.writing(.hangs(since: .testNow)), replica("db2")]),
        FailureCase(
            .primaryLockedSemiSync, "m, semi enabled, ON, wait>0, clients<wait, a test write hangs",
            [primary.semiSync(wait: 1, clients: 0).writing(.hangs(since: .testNow)), replica("db2")]),
        FailureCase(
            .primaryLockedSemiSync, "m, semi enabled, ON, wait>0, clients<wait, coords stale",
            inputs: FailureInputs(
                signals: FailureSignals(standstills: ["db1": .testNow - .seconds(20)]), now: .testNow),
            [primary.semiSync(wait: 1, clients: 0), replica("db2")]),
        FailureCase(
            .primaryLockedSemiSyncSuspected, "the same, not stale yet",
            inputs: FailureInputs(signals: FailureSignals(standstills: ["db1": .testNow - .seconds(2)]), now: .testNow),
            [primary.semiSync(wait: 1, clients: 0), replica("db2")]),
        FailureCase(
            .primaryTooManySemiSync, "exact, m, semi ON, wait>0, clients>wait",
            inputs: FailureInputs(limits: FailureLimits(semiSyncCount: .exact)),
            [primary.semiSync(wait: 1, clients: 2), replica("db2"), replica("db3")]),
        FailureCase(
            .primaryNotWritable, "m, v, read_only, VRR>0, recovery on",
            inputs: FailureInputs(limits: FailureLimits(nonWritablePrimary: .failure)),
            [.source("db1", writability: .superReadOnly), replica("db2")]),
        FailureCase(
            .primarySingleReplicaNotReplicating, "m, v, R=1, VR=R, VRR=0", [primary, replica("db2").stopped()]),
        FailureCase(.primarySingleReplicaDead, "m, v, R=1, VR=0", [primary, replica("db2").unreachable()]),
        FailureCase(
            .primaryReplicasNotReplicating, "m, v, R>1, VR=R, VRR=0",
            [primary, replica("db2").stopped(), replica("db3").applierBroken()]),
        FailureCase(
            .primaryReplicasNotReplicatingOrDead, "m, v, R>1, 0<VR<R, VRR=0",
            [primary, replica("db2").stopped(), replica("db3").unreachable()]),
    ]

    static let coPrimaries: [FailureCase] = [
        FailureCase(
            .coPrimaryDead, "co, !v, R>0, VR=R, VRR=0",
            [co.unreachable(), partner.failingToConnect(), replica("db3").failingToConnect()]),
        FailureCase(
            .coPrimaryDeadWithSomeReplicas, "co, !v, R>0, 0<VR<R, VRR=0",
            [co.unreachable(), partner.failingToConnect(), replica("db3").unreachable()]),
        FailureCase(.coPrimaryDeadWithReplicas, "co, !v, R>0, VR=0", [co.unreachable(), partner.unreachable()]),
        FailureCase(.coPrimaryUnreachable, "co, !v, !ps, VR>0, VRR>0", [co.unreachable(), partner]),
        FailureCase(.coPrimaryUnconfirmed, "co, !v, VRR=0, stopped by hand", [co.unreachable(), partner.stopped()]),
        FailureCase(.coPrimaryReplicasNotReplicating, "co, v, R>0, VRR=0", [co, partner.stopped()]),
    ]

    static let others: [FailureCase] = [
        FailureCase(
            .intermediateSourceDeadWithFailingReplica, "!m, !v, R=1, VR=R, F=R, VRR=0",
            [top, lostMiddle, replica("db2").failingToConnect()]),
        FailureCase(
            .intermediateSourceDeadWithSingleReplica, "!m, !v, R=1, VR=R, VRR=0",
            [top, lostMiddle, replica("db2").stopped()]),
        FailureCase(
            .intermediateSourceDead, "!m, !v, R>1, VR=R, VRR=0",
            [top, lostMiddle, replica("db2").failingToConnect(), replica("db3").failingToConnect()]),
        FailureCase(
            .intermediateSourceDeadWithSomeReplicas, "!m, !v, 0<VR<R, VRR=0",
            [top, lostMiddle, replica("db2").failingToConnect(), replica("db3").unreachable()]),
        FailureCase(
            .intermediateSourceDeadWithReplicas, "!m, !v, R>0, VR=0", [top, lostMiddle, replica("db2").unreachable()]),
        FailureCase(
            .intermediateSourceUnreachableWithLaggingReplicas, "!m, !v, L=R, D<R, VRR>0",
            [top, lostMiddle, .replica("db2", of: "db1", lag: .seconds(60))]),
        FailureCase(.intermediateSourceUnreachable, "!m, !v, !ps, VR>0, VRR>0", [top, lostMiddle, replica("db2")]),
        FailureCase(
            .intermediateSourceUnconfirmed, "!m, !v, R>1, VRR=0, all stopped by hand",
            [top, lostMiddle, replica("db2").stopped(), replica("db3").stopped()]),
        FailureCase(
            .intermediateSourceReplicasFailingToConnect, "!m, v, R>1, VRR=0, F>0, F=VR",
            [top, middle, replica("db2").failingToConnect(), replica("db3").failingToConnect()]),
        FailureCase(
            .intermediateSourceReplicasNotReplicating, "!m, v, R>0, VRR=0, VR>0",
            [top, middle, replica("db2").stopped()]),
        FailureCase(
            .firstTierReplicaFailingToConnect, "depth=1 and fails to connect", of: "db2",
            [primary, replica("db2").failingToConnect(), replica("db3")]),
        FailureCase(
            .groupMemberDeadWithReplicas, "group member, !v, R>0, VRR=0",
            [
                primary.inGroup("g", primary: "db1").unreachable(), replica("db2").failingToConnect(),
                replica("db3").failingToConnect(),
            ]),
    ]

    private static let older = ServerVersion(flavor: .mysql, major: 8, minor: 0, patch: 36)
    private static func errant(_ address: InstanceAddress) -> Instance {
        let own = "\(InstanceAddress("db1").testUUID):1-5,\(address.testUUID):1"
        return .replica(address, of: "db1", executed: own)
    }

    static let structures: [FailureCase] = [
        FailureCase(
            .noLoggingReplicas, "m, R>1, logging R=0",
            [primary, replica("db2").logging(nil), replica("db3").logging(.row, updates: false)]),
        FailureCase(
            .noFailoverSupport, "m, R>1, no ImmediateTopology flag",
            [primary, replica("db2").withChannel { $0.positioning = .binlogPosition }, replica("db3")]),
        FailureCase(
            .statementAndMixedLoggingReplicas, "m, statement>0, mixed>0",
            [primary, replica("db2").logging(.statement), replica("db3").logging(.mixed)]),
        FailureCase(
            .statementAndRowLoggingReplicas, "m, statement>0, row>0",
            [primary, replica("db2").logging(.statement), replica("db3")]),
        FailureCase(
            .mixedAndRowLoggingReplicas, "m, mixed>0, row>0", [primary, replica("db2").logging(.mixed), replica("db3")]),
        FailureCase(
            .severalMajorVersionsLoggingReplicas, "m, distinct logging majors>1",
            [primary, replica("db2"), .replica("db3", of: "db1", version: older)]),
        FailureCase(
            .differentGTIDModes, "R>0, gtid_mode differs, any level",
            [
                top, middle,
                replica("db2").changed { $0.gtid = .mysql(MySQLGTIDState(mode: .onPermissive, executed: GTIDSet())) },
            ]),
        FailureCase(
            .errantGTID, "errant, of the source",
            [.source("db1", executed: "\(InstanceAddress("db1").testUUID):1-5"), errant("db2")]),
        FailureCase(
            .noWritablePrimary, "m, read_only", [.source("db1", writability: .readOnly), replica("db2")]),
        FailureCase(
            .notEnoughSemiSyncReplicas, "m, semi enabled, OFF, wait>0, clients<wait",
            [primary.semiSync(wait: 1, clients: 0, isActive: false), replica("db2")]),
        FailureCase(
            .severalWritable, "both co-primaries are writable",
            [co, .replica("db2", of: "db1", writability: .writable)]),
        FailureCase(
            .writableReplica, "a replica is writable", of: "db2",
            [primary, .replica("db2", of: "db1", writability: .writable)]),
        FailureCase(
            .nobodyCanFollow, "every account is refused or missing",
            [primary, replica("db2").turnedAway(), replica("db3").stopped().withChannel { $0.user = nil }]),
    ]

    /// Fleets with which nothing is the matter, though they look a little like it.
    static let wellEnough: [(note: String, instances: [Instance])] = [
        ("a healthy cluster", [primary, replica("db2"), replica("db3")]),
        ("a primary that turns baton away", [primary.closed(), replica("db2"), replica("db3")]),
        ("a primary that was restarted", [primary, replica("db2"), replica("db3").failingToConnect()]),
        ("a primary that was not asked yet", [primary.remembered(), replica("db2").failingToConnect()]),
        ("a lost primary with replicas that were not asked yet", [lost, replica("db2").remembered()]),
        (
            "a lost primary with one replica that was not asked yet",
            [lost, replica("db2").failingToConnect(), replica("db3").remembered()]
        ),
        ("a single server never read", [Instance(address: "db1").unreachable(.unknownHost)]),
        ("a lost leaf", [primary, replica("db2"), replica("db3").unreachable()]),
        ("some replicas stand still", [primary, replica("db2"), replica("db3").stopped()]),
        (
            "a write check without its table",
            [
                primary.writing(.failed(since: .testNow, WriteFailure(code: 1146, message: "no such table"))),
                replica("db2"), replica("db3"),
            ]
        ),
        ("enough semi-sync replicas", [primary.semiSync(wait: 1, clients: 2), replica("db2"), replica("db3")]),
        ("a healthy chain", [top, middle, replica("db2")]),
        ("a healthy pair", [co, partner]),
        ("sources of one replica", [.source("a"), .source("b"), .multiSourceReplica("c", of: ["a", "b"])]),
    ]
}
