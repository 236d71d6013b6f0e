/// Who may write on a server, and what commits wait for.
public enum ServerCondition: String, PlanCondition {
    case readOnly = "server.read-only"
    case writable = "server.writable"
    case stopsWrites = "server.stops-writes"
    case replicaWritable = "server.replica-writable"
    case givenUp = "server.given-up"
    case noSemiSync = "server.no-semi-sync"
    case semiSync = "server.semi-sync"
    case semiSyncOff = "server.semi-sync-off"

    public var gravity: Gravity {
        switch self {
        case .stopsWrites, .replicaWritable, .givenUp: .confirm
        case .semiSyncOff: .warn
        default: .refuse
        }
    }

    public var title: String {
        switch self {
        case .readOnly: "A server that is made read-only must not be so already"
        case .writable: "A server that is made writable must not be so already"
        case .stopsWrites: "A read-only primary takes no writes"
        case .replicaWritable: "What is written on a replica is missing on its source"
        case .givenUp: "A primary that was given up takes no writes"
        case .noSemiSync: "A side of semi-sync that is switched must be installed"
        case .semiSync: "A side of semi-sync that is switched must stand otherwise"
        case .semiSyncOff: "Without semi-sync the last commits can be lost with the source"
        }
    }

    public var why: String {
        switch self {
        case .readOnly:
            "Nobody but replication can write on it, as was asked for (on MySQL `super_read_only` is on as well)."
        case .writable: "Every account that has the privileges can write on it, as was asked for."
        case .stopsWrites:
            "It is the primary of its cluster and has replicas: the applications' writes fail from then on, until a server is "
                + "writable again."
        case .replicaWritable:
            "Transactions that begin on a replica are errant: no other server gets them, and by GTID they stand in the way of "
                + "every later move and promotion."
        case .givenUp:
            "Another server took its place in a recovery, and takes the cluster's writes. What is written here the cluster never gets."
        case .noSemiSync:
            "The plug-in of that side (on MariaDB: the variable) is not there, so that there is nothing to switch."
        case .semiSync: "It stands as was asked for."
        case .semiSyncOff:
            "With semi-sync a commit waits until a replica has it. Without, what the source committed last exists only there."
        }
    }

    public var remedy: String {
        switch self {
        case .readOnly: "Nothing needs to be done; `baton set-writable` takes it back."
        case .writable: "Nothing needs to be done; `baton set-read-only` takes it back."
        case .stopsWrites: "Make a switchover, if another server is to take the writes."
        case .replicaWritable: "Write on the source."
        case .givenUp: "Let it come back as a replica: `baton rejoin`."
        case .noSemiSync: "Install the plug-in (MySQL manual, \"Installing Semisynchronous Replication\")."
        case .semiSync: "Nothing needs to be done."
        case .semiSyncOff: "Leave it on, if no transaction may be lost with this server."
        }
    }
}
