/// What a failure analysis can find. The raw values are stable: they stand in JSON, in the store, in hooks and in filters.
public enum FailureCode: String, Hashable, Sendable, CaseIterable {
    case primaryReturned = "primary.returned"
    case primaryDeadWithoutReplicas = "primary.dead-without-replicas"
    case primaryDead = "primary.dead"
    case primaryDeadWithReplicas = "primary.dead-with-replicas"
    case primaryDeadWithSomeReplicas = "primary.dead-with-some-replicas"
    case primaryUnreachableWithLaggingReplicas = "primary.unreachable-with-lagging-replicas"
    case primaryUnreachable = "primary.unreachable"
    case primaryUnconfirmed = "primary.unconfirmed"
    case primaryCannotWrite = "primary.cannot-write"
    case primaryLockedSemiSync = "primary.locked-semi-sync"
    case primaryLockedSemiSyncSuspected = "primary.locked-semi-sync-suspected"
    case primaryTooManySemiSync = "primary.too-many-semi-sync"
    case primaryNotWritable = "primary.not-writable"
    case primarySingleReplicaNotReplicating = "primary.single-replica-not-replicating"
    case primarySingleReplicaDead = "primary.single-replica-dead"
    case primaryReplicasNotReplicating = "primary.replicas-not-replicating"
    case primaryReplicasNotReplicatingOrDead = "primary.replicas-not-replicating-or-dead"

    case coPrimaryDead = "co-primary.dead"
    case coPrimaryDeadWithSomeReplicas = "co-primary.dead-with-some-replicas"
    case coPrimaryDeadWithReplicas = "co-primary.dead-with-replicas"
    case coPrimaryUnreachable = "co-primary.unreachable"
    case coPrimaryUnconfirmed = "co-primary.unconfirmed"
    case coPrimaryReplicasNotReplicating = "co-primary.replicas-not-replicating"

    case intermediateSourceDeadWithFailingReplica = "intermediate-source.dead-with-failing-replica"
    case intermediateSourceDeadWithSingleReplica = "intermediate-source.dead-with-single-replica"
    case intermediateSourceDead = "intermediate-source.dead"
    case intermediateSourceDeadWithSomeReplicas = "intermediate-source.dead-with-some-replicas"
    case intermediateSourceDeadWithReplicas = "intermediate-source.dead-with-replicas"
    case intermediateSourceUnreachableWithLaggingReplicas = "intermediate-source.unreachable-with-lagging-replicas"
    case intermediateSourceUnreachable = "intermediate-source.unreachable"
    case intermediateSourceUnconfirmed = "intermediate-source.unconfirmed"
    case intermediateSourceReplicasFailingToConnect = "intermediate-source.replicas-failing-to-connect"
    case intermediateSourceReplicasNotReplicating = "intermediate-source.replicas-not-replicating"

    case firstTierReplicaFailingToConnect = "replica.first-tier-failing-to-connect"
    case groupMemberDeadWithReplicas = "group-member.dead-with-replicas"
    /// Never found: baton takes no server for a binlog server. It is here because scripts know orchestrator's name.
    case binlogServerFailingToConnect = "binlog-server.failing-to-connect"

    case noLoggingReplicas = "structure.no-logging-replicas"
    case noFailoverSupport = "structure.no-failover-support"
    case statementAndMixedLoggingReplicas = "structure.statement-and-mixed-logging-replicas"
    case statementAndRowLoggingReplicas = "structure.statement-and-row-logging-replicas"
    case mixedAndRowLoggingReplicas = "structure.mixed-and-row-logging-replicas"
    case severalMajorVersionsLoggingReplicas = "structure.several-major-versions-logging-replicas"
    case differentGTIDModes = "structure.different-gtid-modes"
    case errantGTID = "structure.errant-gtid"
    case noWritablePrimary = "structure.no-writable-primary"
    case notEnoughSemiSyncReplicas = "structure.not-enough-semi-sync-replicas"
    case severalWritable = "structure.several-writable"
    case writableReplica = "structure.writable-replica"
    case nobodyCanFollow = "structure.nobody-can-follow"

    /// Whether it is about how a cluster is built, beside what is the matter with it now.
    public var isStructureWarning: Bool { rawValue.hasPrefix("structure.") }
}

extension FailureCode {
    /// orchestrator's name for it, letter by letter, as hooks and scripts know it; `nil` for what orchestrator does not
    /// look for.
    public var orchestratorName: String? {
        switch self {
        case .primaryDeadWithoutReplicas: "DeadMasterWithoutReplicas"
        case .primaryDead: "DeadMaster"
        case .primaryDeadWithReplicas: "DeadMasterAndReplicas"
        case .primaryDeadWithSomeReplicas: "DeadMasterAndSomeReplicas"
        case .primaryUnreachableWithLaggingReplicas: "UnreachableMasterWithLaggingReplicas"
        case .primaryUnreachable: "UnreachableMaster"
        case .primaryLockedSemiSync: "LockedSemiSyncMaster"
        case .primaryLockedSemiSyncSuspected: "LockedSemiSyncMasterHypothesis"
        case .primaryTooManySemiSync: "MasterWithTooManySemiSyncReplicas"
        case .primaryNotWritable, .noWritablePrimary: "NoWriteableMasterStructureWarning"
        case .primarySingleReplicaNotReplicating: "MasterSingleReplicaNotReplicating"
        case .primarySingleReplicaDead: "MasterSingleReplicaDead"
        case .primaryReplicasNotReplicating: "AllMasterReplicasNotReplicating"
        case .primaryReplicasNotReplicatingOrDead: "AllMasterReplicasNotReplicatingOrDead"
        case .coPrimaryDead: "DeadCoMaster"
        case .coPrimaryDeadWithSomeReplicas: "DeadCoMasterAndSomeReplicas"
        case .coPrimaryUnreachable: "UnreachableCoMaster"
        case .coPrimaryReplicasNotReplicating: "AllCoMasterReplicasNotReplicating"
        case .intermediateSourceDeadWithFailingReplica: "DeadIntermediateMasterWithSingleReplicaFailingToConnect"
        case .intermediateSourceDeadWithSingleReplica: "DeadIntermediateMasterWithSingleReplica"
        case .intermediateSourceDead: "DeadIntermediateMaster"
        case .intermediateSourceDeadWithSomeReplicas: "DeadIntermediateMasterAndSomeReplicas"
        // orchestrator has no name of its own for a co-primary that is gone with all its replicas.
        case .intermediateSourceDeadWithReplicas, .coPrimaryDeadWithReplicas: "DeadIntermediateMasterAndReplicas"
        case .intermediateSourceUnreachableWithLaggingReplicas: "UnreachableIntermediateMasterWithLaggingReplicas"
        case .intermediateSourceUnreachable: "UnreachableIntermediateMaster"
        case .intermediateSourceReplicasFailingToConnect: "AllIntermediateMasterReplicasFailingToConnectOrDead"
        case .intermediateSourceReplicasNotReplicating: "AllIntermediateMasterReplicasNotReplicating"
        case .firstTierReplicaFailingToConnect: "FirstTierReplicaFailingToConnectToMaster"
        case .groupMemberDeadWithReplicas: "DeadReplicationGroupMemberWithReplicas"
        case .binlogServerFailingToConnect: "BinlogServerFailingToConnectToMaster"
        case .noLoggingReplicas: "NoLoggingReplicasStructureWarning"
        case .noFailoverSupport: "NoFailoverSupportStructureWarning"
        case .statementAndMixedLoggingReplicas: "StatementAndMixedLoggingReplicasStructureWarning"
        case .statementAndRowLoggingReplicas: "StatementAndRowLoggingReplicasStructureWarning"
        case .mixedAndRowLoggingReplicas: "MixedAndRowLoggingReplicasStructureWarning"
        case .severalMajorVersionsLoggingReplicas: "MultipleMajorVersionsLoggingReplicasStructureWarning"
        case .differentGTIDModes: "DifferentGTIDModesStructureWarning"
        case .errantGTID: "ErrantGTIDStructureWarning"
        case .notEnoughSemiSyncReplicas: "NotEnoughValidSemiSyncReplicasStructureWarning"
        case .primaryUnconfirmed, .coPrimaryUnconfirmed, .intermediateSourceUnconfirmed, .primaryCannotWrite,
            .primaryReturned,
            .severalWritable, .writableReplica, .nobodyCanFollow:
            nil
        }
    }
}
