/// What has to be so for a primary to hand over to a replica.
public enum SwitchoverCondition: String, PlanCondition {
    case noPrimary = "switch.no-primary"
    case primaryReadOnly = "switch.primary-read-only"
    case primaryIsReplica = "switch.primary-is-replica"
    case member = "switch.member"
    case alreadyPrimary = "switch.already"
    case noCandidate = "switch.no-candidate"
    case candidateUnnamed = "switch.candidate-unnamed"
    case notDirect = "switch.not-direct"
    case otherSources = "switch.other-sources"
    case notReplicating = "switch.not-replicating"
    case lag = "switch.lag"
    case delayed = "switch.delayed"
    case candidateWritable = "switch.candidate-writable"
    case otherWritable = "switch.other-writable"
    case noBinaryLog = "switch.no-binary-log"
    case promotion = "switch.must-not"
    case unwanted = "switch.prefer-not"
    case maintenance = "switch.maintenance"
    case siblingStays = "switch.sibling-stays"
    case restart = "switch.restart"

    public var gravity: Gravity {
        switch self {
        case .lag, .otherWritable, .unwanted: .confirm
        case .siblingStays, .restart: .warn
        default: .refuse
        }
    }

    public var title: String {
        switch self {
        case .noPrimary: "There must be one primary that hands over"
        case .primaryReadOnly: "The primary must be the one that takes the writes"
        case .primaryIsReplica: "The primary must follow nobody"
        case .member: "Groups and Galera clusters elect their primary themselves"
        case .alreadyPrimary: "The candidate must not be the primary already"
        case .noCandidate: "There must be a replica to hand over to"
        case .candidateUnnamed: "Where several replicas could take over, one is named"
        case .notDirect: "The candidate must be a direct replica of the primary"
        case .otherSources: "The candidate must follow the primary only"
        case .notReplicating: "The candidate must be replicating"
        case .lag: "The candidate should be nearly level with the primary"
        case .delayed: "The candidate must not stay behind on purpose"
        case .candidateWritable: "The candidate must be read-only until it takes over"
        case .otherWritable: "Nobody else in the cluster should be writable"
        case .noBinaryLog: "The candidate must log what it replicates"
        case .promotion: "A server that must not be promoted is not"
        case .unwanted: "A server that should not be promoted is promoted only when that is confirmed"
        case .maintenance: "Servers in maintenance are left alone"
        case .siblingStays: "Replicas that cannot be moved go on following the old primary"
        case .restart: "What was set at run time lasts until a restart"
        }
    }

    public var why: String {
        switch self {
        case .noPrimary:
            "A switchover moves the writes of one server to another; without a primary there are none to move."
        case .primaryReadOnly:
            "Nobody writes on it, so that nothing has to be handed over: what is wanted is another server made writable."
        case .primaryIsReplica:
            "What it replicates itself would not reach the candidate while the two change places. Co-primaries are a pair "
                + "first, and a switchover of one of them would leave a ring of three."
        case .member:
            "A member that is made writable from outside is not the primary for the group, and the others refuse its writes."
        case .alreadyPrimary: "It takes the writes already."
        case .noCandidate: "No other server has what the primary has."
        case .candidateUnnamed: "Which of them is to take the writes is not for baton to guess here."
        case .notDirect:
            "Only of a direct replica it is known when it has everything; one further down would have to be moved up first."
        case .otherSources:
            "What comes over its other channels would go on to the whole cluster once it is the primary."
        case .notReplicating: "It does not get what the primary writes, so that it would never come level."
        case .lag:
            "It is let catch up before writes are stopped. With so much to catch up that may take long, and fail."
        case .delayed: "Writes would be stopped for as long as its delay, until it has applied everything."
        case .candidateWritable:
            "Two servers of the cluster could be written to already, and what was written on the candidate is missing on the "
                + "primary."
        case .otherWritable: "After the switchover there would be two servers that take writes."
        case .noBinaryLog: "Without a binary log of what it applies nobody can follow it."
        case .promotion: "An operator has said so (`baton promotion-rule`)."
        case .unwanted: "An operator has said that others come first (`baton promotion-rule`)."
        case .maintenance: "Somebody works on it (`baton maintenance`)."
        case .siblingStays: "They stand one level deeper afterwards, and get everything through the old primary."
        case .restart:
            "`read_only`, the event scheduler and the sides of semi-sync are set on running servers. A server that is "
                + "restarted stands again as its option file says."
        }
    }

    public var remedy: String {
        switch self {
        case .noPrimary: "Name the cluster, or its primary; where the primary is dead, a failover is what is wanted."
        case .primaryReadOnly: "`baton set-writable` on the server that is to take the writes."
        case .primaryIsReplica: "`baton end-co-primary`, or take the primary out of the tree above it first."
        case .member: "Ask the group for another primary, as with `group_replication_set_as_primary`."
        case .alreadyPrimary: "Nothing has to be done."
        case .noCandidate: "Set up a replica first."
        case .candidateUnnamed: "Name the server that is to take over."
        case .notDirect: "`baton move-up` first, or choose a direct replica."
        case .otherSources: "Choose a replica with one source."
        case .notReplicating: "`baton start-replica`, or choose another one."
        case .lag: "Wait until it has caught up."
        case .delayed: "`baton delay-replication` to 0 first, or choose another one."
        case .candidateWritable: "`baton set-read-only` on it, after a look at what was written there."
        case .otherWritable: "`baton set-read-only` on the other one."
        case .noBinaryLog: "`log_replica_updates = ON` in its option file, and a restart; or choose another one."
        case .promotion: "Choose another one, or take the rule away."
        case .unwanted: "Choose another one."
        case .maintenance: "Wait until the maintenance has ended."
        case .siblingStays: "Move them by hand afterwards, when they answer again."
        case .restart: "`SET PERSIST` (MySQL 8.0), or the line in the option file."
        }
    }
}
