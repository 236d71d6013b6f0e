/// What has to be so for a primary that was given up to come back as a replica.
public enum RejoinCondition: String, PlanCondition {
    case noPrimary = "rejoin.no-primary"
    case follows = "rejoin.follows"
    case feeds = "rejoin.feeds"
    case member = "rejoin.member"
    case noGTIDs = "rejoin.no-gtids"
    case diverged = "rejoin.diverged"
    case forgotten = "rejoin.forgotten"
    case nothingInCommon = "rejoin.nothing-in-common"
    case noAccount = "rejoin.account"
    case primaryReadOnly = "rejoin.primary-read-only"

    public var gravity: Gravity {
        switch self {
        case .primaryReadOnly, .nothingInCommon: .confirm
        case .noPrimary, .follows, .feeds, .member, .noGTIDs, .diverged, .forgotten, .noAccount: .refuse
        }
    }

    public var title: String {
        switch self {
        case .noPrimary: "It must be clear which server is the primary now"
        case .follows: "A server that comes back must follow nobody"
        case .feeds: "The primary must not follow the server that comes back"
        case .member: "Groups and Galera clusters take their members back themselves"
        case .noGTIDs: "Both must say by GTID which transactions they have"
        case .diverged: "A server that comes back must have nothing that the primary lacks"
        case .forgotten: "A server that comes back must still have what it once wrote itself (MariaDB)"
        case .nothingInCommon: "A server that comes back should have something by GTID"
        case .noAccount: "It must be known with which account it is to replicate"
        case .primaryReadOnly: "The primary should be the one that takes the writes"
        }
    }

    public var why: String {
        switch self {
        case .noPrimary:
            "Below a server with other data it would replicate into a data set that is not its own. Without a name baton takes "
                + "a primary only where it is the only one that has transactions of the same server UUIDs; the numbers of MariaDB's "
                + "servers may be the same in two clusters."
        case .follows: "It has a source already, and moving it is another operation, which knows its present place."
        case .feeds:
            "The two would replicate in a circle. As long as the other one follows it, it is the primary still."
        case .member: "The members agree among themselves who is in, and on which transactions."
        case .noGTIDs:
            "Without GTIDs nothing tells whether its last transactions came to the new primary, or at which place it would go on."
        case .diverged:
            "Those transactions were committed on the old primary and had not come to the server that was promoted, or were written "
                + "after that. Its data differs by them. Replication would go on and hide that until a row is missing or twice; a later "
                + "failover to it would spread them."
        case .forgotten:
            "A MariaDB replica leaves out all events that bear its own server id, as its source has them from it. A server that was made "
                + "anew, or lost the end of its log in a crash, would leave out for ever what it wrote before, without an error."
        case .nothingInCommon:
            "A server that never logged anything begins with the first transaction of the primary. Whatever data it holds, written "
                + "without the log or before its logs were reset, is in no GTID, and rows would collide."
        case .noAccount:
            "The account and how it connects are taken over from a replica that follows the primary; there is none that was read."
        case .primaryReadOnly: "The failover or switchover may not have come to its end."
        }
    }

    public var remedy: String {
        switch self {
        case .noPrimary: "Name it: `baton rejoin SERVER --below PRIMARY`."
        case .follows: "`baton relocate`, or `baton reset-replica` first."
        case .feeds: "Make a switchover, or end the ring: `baton end-co-primary`."
        case .member: "Start the member, and let it join."
        case .noGTIDs: "Make it anew from a backup or a clone of the primary."
        case .diverged:
            "Leave it, read-only, as long as somebody may need what it has; look at the transactions in its binary log, and write what "
                + "matters on the primary; then make it anew from a clone or a backup of the primary."
        case .forgotten:
            "Give it a server id that nobody has had (`SET GLOBAL server_id`, and its option file), or make it anew from a backup of the "
                + "primary as it is now."
        case .nothingInCommon: "Confirm that it holds no data of its own, or make it anew from a backup of the primary."
        case .noAccount: "Name the account: `--replication-user`."
        case .primaryReadOnly: "Look at `baton operations`; then `baton set-writable`."
        }
    }
}
