/// Transactions that a replica has and its source does not.
public enum ErrantCondition: String, PlanCondition {
    case none = "errant.none"
    case mariadb = "errant.mariadb"
    case noPrimary = "errant.no-primary"
    case tooMany = "errant.too-many"
    case hasReplicas = "errant.has-replicas"
    case notAtRest = "errant.not-at-rest"
    case dataDiffer = "errant.data-differ"

    public var gravity: Gravity { self == .dataDiffer ? .confirm : .refuse }

    public var title: String {
        switch self {
        case .none: "There must be errant transactions to mend"
        case .mariadb: "Errant transactions can be mended by GTID on MySQL only"
        case .noPrimary: "Empty transactions need a writable primary"
        case .tooMany: "Empty transactions are injected for a limited number"
        case .hasReplicas: "A replica whose binary logs are made anew must have no replicas"
        case .notAtRest: "A replica whose GTIDs are made anew must be stopped and read-only"
        case .dataDiffer: "The data differ also when the GTIDs agree again"
        }
    }

    public var why: String {
        switch self {
        case .none:
            "baton knows of none: everything that the replica has executed is on its source too, or the source's GTIDs could "
                + "not be read."
        case .mariadb:
            "MariaDB's GTIDs are positions in a sequence. A transaction in the middle of it can be neither filled in elsewhere "
                + "nor taken out."
        case .noPrimary:
            "They are written to the primary's binary log, from which all replicas get them, and to no other server's."
        case .tooMany:
            "Each is a transaction of its own in the primary's log. That many differences are no slip but another history."
        case .hasReplicas: "They read from the logs that would go, and would stop with error 1236."
        case .notAtRest:
            "What it executes between looking and setting would be applied once more (MySQL manual, \"gtid_purged\"). Nothing "
                + "may be written meanwhile, neither by replication nor by clients."
        case .dataDiffer:
            "Only the bookkeeping is mended, so that the replica can be moved or promoted. What the transactions did to its "
                + "tables is still there, and on no other server."
        }
    }

    public var remedy: String {
        switch self {
        case .none:
            "Nothing needs to be done; `baton errant` shows what is known, and `baton doctor` what cannot be read."
        case .mariadb: "Make the replica anew from a copy of its source."
        case .noPrimary: "Make the primary writable, or take the GTIDs from the replica: `baton gtid-errant-reset`."
        case .tooMany: "Make the replica anew from a copy of its source."
        case .hasReplicas:
            "Move its replicas away first, or inject empty transactions: `baton gtid-errant-inject-empty`."
        case .notAtRest: "`baton stop-replica` and `baton set-read-only` first."
        case .dataDiffer: "Read the transactions with mysqlbinlog, and compare and mend the tables."
        }
    }
}
