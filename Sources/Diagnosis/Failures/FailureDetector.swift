import Topology

/// A rule that finds one failure on one server: it holds where all its conditions do.
struct FailureDetector: Sendable {
    let code: FailureCode
    /// The roles in which it is looked for.
    let roles: Set<FailureRole>
    let conditions: [FailureCondition]
    /// What speaks for it besides what everyone sees; empty for failures that what everyone sees tells wholly.
    let particulars: @Sendable (FailureScene) -> [FailureEvidence]

    init(
        _ code: FailureCode, of roles: Set<FailureRole>, when conditions: [FailureCondition],
        particulars: @escaping @Sendable (FailureScene) -> [FailureEvidence] = { _ in [] }
    ) {
        self.code = code
        self.roles = roles
        self.conditions = conditions
        self.particulars = particulars
    }

    func holds(_ scene: FailureScene) -> Bool { conditions.allSatisfy { $0.holds(scene) } }

    /// What can be the matter with a server, in the order in which it is asked: the first that holds is it.
    static let states: [FailureDetector] = [
        .primaryReturned,
        .primaryDeadWithoutReplicas, .primaryDead, .primaryDeadWithReplicas, .primaryDeadWithSomeReplicas,
        .primaryUnreachableWithLaggingReplicas, .primaryUnreachable, .primaryUnreachableInPart, .primaryUnconfirmed,
        .primaryLockedSemiSync, .primaryCannotWrite, .primaryLockedSemiSyncSuspected, .primaryTooManySemiSync,
        .primaryNotWritable,
        .primarySingleReplicaNotReplicating, .primarySingleReplicaDead, .primaryReplicasNotReplicating,
        .primaryReplicasNotReplicatingOrDead,
        .coPrimaryDead, .coPrimaryDeadWithSomeReplicas, .coPrimaryDeadWithReplicas, .coPrimaryUnreachable,
        .coPrimaryUnconfirmed, .coPrimaryReplicasNotReplicating,
        .intermediateSourceDeadWithFailingReplica, .intermediateSourceDeadWithSingleReplica, .intermediateSourceDead,
        .intermediateSourceDeadWithSomeReplicas, .intermediateSourceDeadWithReplicas,
        .intermediateSourceUnreachableWithLaggingReplicas, .intermediateSourceUnreachable,
        .intermediateSourceUnconfirmed, .intermediateSourceReplicasFailingToConnect,
        .intermediateSourceReplicasNotReplicating,
        .firstTierReplicaFailingToConnect, .groupMemberDeadWithReplicas,
    ]

    /// How a cluster is built: all that hold are told.
    static let structures: [FailureDetector] = [
        .noLoggingReplicas, .noFailoverSupport, .statementAndMixedLoggingReplicas, .statementAndRowLoggingReplicas,
        .mixedAndRowLoggingReplicas, .severalMajorVersionsLoggingReplicas, .differentGTIDModes, .errantGTID,
        .noWritablePrimary, .notEnoughSemiSyncReplicas, .severalWritable, .writableReplica, .nobodyCanFollow,
    ]

    /// The states by the role of the server, in their order.
    static let statesByRole = byRole(states)
    /// The structure warnings by the role of the server.
    static let structuresByRole = byRole(structures)

    private static func byRole(_ detectors: [FailureDetector]) -> [FailureRole: [FailureDetector]] {
        Dictionary(
            uniqueKeysWithValues: FailureRole.allCases.map { role in
                (role, detectors.filter { $0.roles.contains(role) })
            })
    }
}
