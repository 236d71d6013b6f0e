/// What has to be so for a setting of a primary to be put right: how many acknowledge its commits, and whether clients can write.
public enum SettingCondition: String, PlanCondition {
    case noSemiSync = "setting.no-semi-sync"
    case enoughAcknowledge = "setting.enough-acknowledge"
    case tooFewCould = "setting.too-few-could"
    case silentPrimary = "setting.silent-primary"
    case fewerAcknowledge = "setting.fewer-acknowledge"
    case follows = "setting.follows"
    case groupDecides = "setting.group"
    case anotherWritable = "setting.another-writable"
    case unseenWritable = "setting.unseen-writable"
    case lost = "setting.lost"

    public var gravity: Gravity { self == .fewerAcknowledge ? .warn : .refuse }

    public var title: String {
        switch self {
        case .noSemiSync: "The primary must wait for acknowledgements"
        case .enoughAcknowledge: "There must be something to put right"
        case .tooFewCould: "Enough replicas must be able to acknowledge"
        case .silentPrimary: "The primary must answer"
        case .fewerAcknowledge: "As many replicas should acknowledge as commits wait for"
        case .follows: "A server that is made writable must follow nobody"
        case .groupDecides: "Who writes in a group is decided by the group"
        case .anotherWritable: "Nobody else may be writable in the cluster"
        case .unseenWritable: "Nobody may be writable where baton cannot look"
        case .lost: "A server that was given up must not take writes again"
        }
    }

    public var why: String {
        switch self {
        case .noSemiSync:
            "Semi-sync is not installed or switched off at the source's side, so that no commit waits for a replica."
        case .enoughAcknowledge: "As many replicas acknowledge as are asked for."
        case .tooFewCould:
            "A replica can acknowledge where its side of semi-sync is installed and both threads run, and where nobody has said "
                + "otherwise: by maintenance, by the rule `must-not`, or by a priority of 0."
        case .silentPrimary:
            "A setting is put right on a server that works. Of one that is lost the place is taken by a failover."
        case .fewerAcknowledge:
            "Commits on the new primary would wait for more replicas than there are, each for the whole timeout. So it waits for "
                + "as many as there are, which keeps a transaction on fewer servers than before."
        case .follows: "What is written on a replica is missing on its source, and breaks replication sooner or later."
        case .groupDecides:
            "The group makes its primary writable itself; a member that it keeps read-only would make a second history."
        case .anotherWritable: "Two servers that take writes make two histories, of which one is lost."
        case .unseenWritable:
            "A server of the cluster that does not answer took writes when it was last read, and may do so now."
        case .lost: "It was given up in a recovery: another server may have taken its place, and has written since."
        }
    }

    public var remedy: String {
        switch self {
        case .noSemiSync: "Switch it on, if it is wanted: `baton set-semi-sync SERVER --side source --on`."
        case .enoughAcknowledge: "Nothing is to be done."
        case .tooFewCould:
            "Install the replica's side on more of them, start their replication, or let commits wait for fewer: "
                + "`rpl_semi_sync_source_wait_for_replica_count`."
        case .silentPrimary: "`baton analyze` says what is the matter with it."
        case .fewerAcknowledge:
            "When more replicas acknowledge, raise `rpl_semi_sync_source_wait_for_replica_count` again."
        case .follows: "Write on its source, or make a switchover."
        case .groupDecides: "Look at the group: `performance_schema.replication_group_members`."
        case .anotherWritable: "Make the wrong one read-only first: `baton set-read-only`."
        case .unseenWritable: "Bring it back, or `baton forget` it when it will not come back."
        case .lost: "`baton rejoin`, or end its downtime when it is the primary after all."
        }
    }
}
