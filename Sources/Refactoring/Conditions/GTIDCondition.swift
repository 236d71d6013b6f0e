/// Following by GTID, and ceasing to.
public enum GTIDCondition: String, PlanCondition {
    case used = "gtid.used"
    case unused = "gtid.unused"
    case mode = "gtid.mode"
    case none = "gtid.none"
    case emptyPosition = "gtid.empty-position"
    case domainFilters = "gtid.domain-filters"
    case ownWrites = "gtid.own-writes"

    public var gravity: Gravity { .refuse }

    public var title: String {
        switch self {
        case .used: "A channel that is to follow by GTID must not do so already"
        case .unused: "A channel that is to leave GTIDs must follow by them"
        case .mode: "Both servers must have GTIDs switched on"
        case .none: "Both servers must have GTIDs of one kind"
        case .emptyPosition: "A MariaDB replica must know its place by GTID"
        case .domainFilters: "A channel that filters GTID domains must stay with GTIDs (MariaDB)"
        case .ownWrites: "The source must know what the replica asks to go on after (MariaDB)"
        }
    }

    public var why: String {
        switch self {
        case .used: "It finds its place by GTID, as was asked for."
        case .unused: "It finds its place by file and position, as was asked for."
        case .mode:
            "Auto-positioning asks for `gtid_mode = ON` on both sides (MySQL manual, \"Enabling GTID Transactions Online\"): "
                + "transactions without a GTID would have no place."
        case .none: "MySQL's and MariaDB's GTIDs have nothing in common, and without any there is nothing to follow by."
        case .emptyPosition:
            "An empty `gtid_slave_pos` means: from the beginning. Everything would be applied once more."
        case .domainFilters:
            "MariaDB refuses to leave GTIDs while domains are filtered, but has half switched when it says so, and refuses "
                + "every further change (measured on 10.11)."
        case .ownWrites:
            "With `current_pos` a MariaDB server asks to go on after its own last write. A source that does not have that "
                + "answers with error 1236, but only when the replica connects anew: it runs until somebody stops it."
        }
    }

    public var remedy: String {
        switch self {
        case .used: "Nothing needs to be done; `baton disable-gtid` goes back to file and position."
        case .unused: "Nothing needs to be done; `baton enable-gtid` goes over to GTIDs."
        case .mode: "Switch `gtid_mode` step by step up to ON on both servers, and set it in their option files."
        case .none: "Switch GTIDs on, or stay with file and position."
        case .emptyPosition: "Let it replicate a transaction that has a GTID: then the position is set."
        case .domainFilters: "Take the filters off first, or stay with GTIDs."
        case .ownWrites: "Mend the tables that the write concerns, and let the replica ask by `slave_pos`."
        }
    }
}
