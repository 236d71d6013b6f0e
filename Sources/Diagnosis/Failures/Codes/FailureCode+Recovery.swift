extension FailureCode {
    /// The recovery that answers it, or why none does.
    public var recovery: RecoveryAnswer {
        switch self {
        case .primaryDead, .primaryDeadWithSomeReplicas: return .by(.primary)
        case .coPrimaryDead, .coPrimaryDeadWithSomeReplicas: return .by(.coPrimary)
        case .intermediateSourceDeadWithFailingReplica, .intermediateSourceDead,
            .intermediateSourceDeadWithSomeReplicas,
            .intermediateSourceReplicasFailingToConnect:
            return .by(.intermediateSource)
        case .groupMemberDeadWithReplicas: return .by(.groupMember)
        case .primaryLockedSemiSync: return .by(.lockedSemiSync)
        case .primaryTooManySemiSync: return .by(.tooManySemiSync)
        case .primaryReturned: return .by(.returnedPrimary)
        case .primaryNotWritable: return .by(.nonWritablePrimary)
        default: return .none(reason: whyNoRecovery)
        }
    }

    private var whyNoRecovery: String {
        switch self {
        case .primaryDeadWithoutReplicas: "there is no replica that could take over"
        case .primaryDeadWithReplicas, .coPrimaryDeadWithReplicas, .intermediateSourceDeadWithReplicas:
            "no replica answers, and it may be baton that is cut off"
        case .primaryUnreachableWithLaggingReplicas, .primaryUnreachable, .coPrimaryUnreachable,
            .intermediateSourceUnreachableWithLaggingReplicas, .intermediateSourceUnreachable:
            "replicas still hear from it: it lives"
        case .primaryUnconfirmed, .coPrimaryUnconfirmed, .intermediateSourceUnconfirmed,
            .intermediateSourceDeadWithSingleReplica:
            "no replica says that it has lost it"
        case .primaryCannotWrite: "it still answers: free its disk or end what hangs, or switch over by hand"
        case .primaryLockedSemiSyncSuspected: "it may still move: it is looked at again"
        case .binlogServerFailingToConnect: "baton knows no binlog servers"
        default:
            isStructureWarning ? "it warns of how the cluster is built" : "it answers: what is broken is its replicas"
        }
    }
}
