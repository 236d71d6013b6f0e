/// Binary logs that are flushed and purged.
public enum LogCondition: String, PlanCondition {
    case off = "log.off"
    case noFile = "log.no-file"
    case placeUnknown = "log.place-unknown"
    case needed = "log.needed"
    case purged = "log.purged"

    public var gravity: Gravity { self == .purged ? .confirm : .refuse }

    public var title: String {
        switch self {
        case .off: "A server whose binary logs are flushed or purged must have some"
        case .noFile: "The file up to which logs are purged must be there"
        case .placeUnknown: "Where each replica stands must be known before logs are purged"
        case .needed: "No replica may need what is purged"
        case .purged: "What is purged is gone"
        }
    }

    public var why: String {
        switch self {
        case .off: "Its binary log is off."
        case .noFile:
            "Files are compared by the numbers at their ends, not by their text: `binlog.1000000` comes after "
                + "`binlog.999999`. A file that the server has yet to write cannot be the first that stays."
        case .placeUnknown:
            "A replica, also a detached one that is to come back, may still need the files that would go. What it needs "
                + "cannot be told."
        case .needed:
            "A replica that finds its file gone stops with error 1236, and has to be made anew from a copy. Detached replicas "
                + "count: they are to come back."
        case .purged:
            "Replicas that baton does not know may need it, and so does restoring a backup to a point in time."
        }
    }

    public var remedy: String {
        switch self {
        case .off: "`log_bin = ON` in its option file, and a restart."
        case .noFile: "Name a file that `SHOW BINARY LOGS` lists; `baton flush-binary-logs` begins a new one."
        case .placeUnknown:
            "`baton doctor` on the replica says why its place cannot be read; start it, if it is stopped."
        case .needed: "Name an earlier file, or wait until the replica has come past it."
        case .purged: "Keep a copy of the files first."
        }
    }
}
