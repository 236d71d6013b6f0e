extension FailureCode {
    /// A word or two for a column or a tree.
    public var word: String {
        switch self {
        case .primaryDeadWithoutReplicas, .primaryDead, .primaryDeadWithReplicas, .primaryDeadWithSomeReplicas:
            "dead primary"
        case .primaryUnreachableWithLaggingReplicas, .primaryUnreachable, .coPrimaryUnreachable,
            .intermediateSourceUnreachableWithLaggingReplicas, .intermediateSourceUnreachable:
            "unreachable"
        case .primaryUnconfirmed, .coPrimaryUnconfirmed, .intermediateSourceUnconfirmed: "unreachable, maybe dead"
        case .primaryCannotWrite: "cannot write"
        case .primaryReturned: "old primary, writable"
        case .primaryLockedSemiSync: "commits locked"
        case .primaryLockedSemiSyncSuspected: "commits waiting"
        case .primaryTooManySemiSync: "too many semi-sync"
        case .primaryNotWritable, .noWritablePrimary: "read-only primary"
        case .primarySingleReplicaNotReplicating, .primaryReplicasNotReplicating,
            .primaryReplicasNotReplicatingOrDead, .coPrimaryReplicasNotReplicating,
            .intermediateSourceReplicasNotReplicating:
            "nobody replicates"
        case .primarySingleReplicaDead: "replica dead"
        case .coPrimaryDead, .coPrimaryDeadWithSomeReplicas, .coPrimaryDeadWithReplicas: "dead co-primary"
        case .intermediateSourceDeadWithFailingReplica, .intermediateSourceDeadWithSingleReplica,
            .intermediateSourceDead, .intermediateSourceDeadWithSomeReplicas, .intermediateSourceDeadWithReplicas:
            "dead source"
        case .intermediateSourceReplicasFailingToConnect: "nobody connects"
        case .firstTierReplicaFailingToConnect, .binlogServerFailingToConnect: "connecting"
        case .groupMemberDeadWithReplicas: "dead group member"
        case .noLoggingReplicas: "no logging replica"
        case .noFailoverSupport: "no failover"
        case .statementAndMixedLoggingReplicas, .statementAndRowLoggingReplicas, .mixedAndRowLoggingReplicas:
            "log formats differ"
        case .severalMajorVersionsLoggingReplicas: "versions differ"
        case .differentGTIDModes: "GTID modes differ"
        case .errantGTID: "errant"
        case .notEnoughSemiSyncReplicas: "semi-sync"
        case .severalWritable: "two writable"
        case .writableReplica: "writable replica"
        case .nobodyCanFollow: "nobody can follow"
        }
    }

    /// What it means for whoever runs the servers; a sentence.
    public var meaning: String {
        switch self {
        case .primaryDeadWithoutReplicas: "the primary does not answer, and it has no replica that could be asked"
        case .primaryDead: "the primary is gone, and all replicas are there to take over"
        case .primaryDeadWithReplicas, .coPrimaryDeadWithReplicas, .intermediateSourceDeadWithReplicas:
            "neither it nor any of its replicas answers"
        case .primaryDeadWithSomeReplicas: "the primary is gone, and so are some of its replicas"
        case .primaryUnreachableWithLaggingReplicas, .intermediateSourceUnreachableWithLaggingReplicas:
            "it does not answer, and its replicas are all behind: it may hang, and they not know yet"
        case .primaryUnreachable, .coPrimaryUnreachable, .intermediateSourceUnreachable:
            "it does not answer baton, and its replicas still hear from it: the network between is broken"
        case .primaryUnconfirmed, .coPrimaryUnconfirmed, .intermediateSourceUnconfirmed:
            "it does not answer, and no replica receives, but none says that it has lost it"
        case .primaryReturned:
            "it was given up in a recovery, is back, and clients can write on it: two primaries take writes"
        case .primaryCannotWrite: "the primary answers, and what is written on it is not committed"
        case .primaryLockedSemiSync: "commits wait for more acknowledgements than there are replicas to give them"
        case .primaryLockedSemiSyncSuspected: "commits may be waiting for acknowledgements; it is too early to tell"
        case .primaryTooManySemiSync: "more replicas acknowledge than are asked for"
        case .primaryNotWritable: "the primary answers and replicates, and clients cannot write on it"
        case .primarySingleReplicaNotReplicating: "the only replica does not replicate"
        case .primarySingleReplicaDead: "the only replica does not answer"
        case .primaryReplicasNotReplicating, .coPrimaryReplicasNotReplicating,
            .intermediateSourceReplicasNotReplicating:
            "none of its replicas replicates"
        case .primaryReplicasNotReplicatingOrDead: "none of its replicas replicates, and some do not answer"
        case .coPrimaryDead: "the co-primary is gone"
        case .coPrimaryDeadWithSomeReplicas: "the co-primary is gone, and so are some of its replicas"
        case .intermediateSourceDeadWithFailingReplica: "the intermediate source is gone, and its replica has lost it"
        case .intermediateSourceDeadWithSingleReplica:
            "the intermediate source does not answer, and its only replica stands still for a reason of its own"
        case .intermediateSourceDead: "the intermediate source is gone"
        case .intermediateSourceDeadWithSomeReplicas:
            "the intermediate source is gone, and so are some of its replicas"
        case .intermediateSourceReplicasFailingToConnect: "it answers baton, and none of its replicas can connect to it"
        case .firstTierReplicaFailingToConnect: "a replica of the primary cannot connect to it"
        case .binlogServerFailingToConnect: "a binlog server cannot connect to its source"
        case .groupMemberDeadWithReplicas: "a member of a group is gone, and so is the source of its replicas"
        case .noLoggingReplicas: "no replica keeps a binary log of what it applies, and none could be promoted"
        case .noFailoverSupport: "the replicas find their place neither all by GTID nor by a binlog server"
        case .statementAndMixedLoggingReplicas, .statementAndRowLoggingReplicas, .mixedAndRowLoggingReplicas:
            "replicas log in different formats; not each of them can follow each other"
        case .severalMajorVersionsLoggingReplicas:
            "replicas are of different versions; an older one cannot be followed by all"
        case .differentGTIDModes: "source and replicas have different gtid_mode"
        case .errantGTID: "a replica has transactions that its source does not have"
        case .noWritablePrimary: "clients cannot write on the primary"
        case .notEnoughSemiSyncReplicas: "fewer replicas acknowledge than are asked for, and commits no longer wait"
        case .severalWritable: "clients can write on several servers that replicate from each other"
        case .writableReplica: "clients can write on a replica"
        case .nobodyCanFollow: "no replica has an account by which it could follow"
        }
    }
}
