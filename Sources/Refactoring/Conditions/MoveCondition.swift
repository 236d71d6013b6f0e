/// Whether there is anything to move, and a way to do it.
public enum MoveCondition: String, PlanCondition {
    case noMethod = "move.no-method"
    case ring = "move.ring"
    case nothing = "move.nothing"
    case noSourceAbove = "move.no-source-above"
    case notSiblings = "move.not-siblings"
    case noSiblings = "move.no-siblings"
    case noReplicas = "move.no-replicas"
    case nothingToRegroup = "move.nothing-to-regroup"
    case noLeader = "move.no-leader"
    case sourceIsPrimary = "move.source-is-primary"
    case trustedPlace = "move.trusted-place"
    case detached = "move.detached"
    case notDetached = "move.not-detached"

    public var gravity: Gravity { self == .trustedPlace ? .confirm : .refuse }

    public var title: String {
        switch self {
        case .noMethod: "There must be a safe way to find the replica's place below the target"
        case .ring: "Nobody may follow a server that it feeds"
        case .nothing: "There must be something to do"
        case .noSourceAbove: "A replica that moves up needs a source whose source is known"
        case .notSiblings: "A replica is moved below a sibling by having the same source"
        case .noSiblings: "A replica that takes its siblings must have some"
        case .noReplicas: "A server whose replicas are moved must have some"
        case .nothingToRegroup: "A server whose replicas are regrouped must have several"
        case .noLeader: "One of the replicas must be able to feed the others"
        case .sourceIsPrimary: "A replica swaps places with a source that is a replica itself"
        case .trustedPlace: "That a place holds in another server's log is taken on trust"
        case .detached: "A detached replica must be attached again first"
        case .notDetached: "A replica that is attached again must be detached"
        }
    }

    public var why: String {
        switch self {
        case .noMethod:
            "To move a replica without losing or repeating a transaction, its place in the target's log has to be known: by "
                + "GTID, by stopping both at a common point, or by places that an earlier move found to be the same. The message "
                + "says of each method what it lacks."
        case .ring:
            "Transactions would run round for ever, or never arrive. Only co-primaries follow each other, and those are made "
                + "by a command of their own."
        case .nothing: "Everything is as it was asked for. A plan without steps would only look like a change."
        case .noSourceAbove:
            "Moving up means: below the source of the source. The source is the primary, or it has several sources, or baton "
                + "has not read it."
        case .notSiblings:
            "`move-below` is for two replicas of one source, because then a place that is common to both is found by "
                + "stopping them. `relocate` goes anywhere."
        case .noSiblings: "The replica is the only one of its source that could go below it."
        case .noReplicas: "No server that baton knows follows this one, or none that the pattern or list names."
        case .nothingToRegroup: "With one replica or none there is nobody to choose among."
        case .noLeader:
            "A replica can feed the others if it answers, logs what it applies (`log_replica_updates`), and the rules let at "
                + "least one of the others follow it."
        case .sourceIsPrimary:
            "To take the place of a primary means to take its writes over. That is a switchover, which has more to it than a "
                + "change of sources."
        case .trustedPlace:
            "Without GTIDs nothing shows that the same file and position mean the same in two servers' logs. They do where "
                + "one is a copy of the other's files, or behind the same binlog server; elsewhere transactions are lost or "
                + "applied twice without a word."
        case .detached:
            "Its source's name is marked (`//host`), so that it replicates from nobody until the mark is taken away."
        case .notDetached: "Its source's name bears no mark to take away."
        }
    }

    public var remedy: String {
        switch self {
        case .noMethod:
            "What the message names for each method; otherwise make the replica anew from a copy of the target."
        case .ring: "Choose a server that is not below it, or move that one away first."
        case .nothing: "Nothing needs to be done; `baton topology` shows how things stand."
        case .noSourceAbove: "Name the server that it is to follow: `baton relocate`."
        case .notSiblings: "`baton relocate`, which goes over other servers where it has to."
        case .noSiblings: "Choose a replica that has siblings; `baton topology` shows them."
        case .noReplicas: "Look at the pattern and at `baton replicas`."
        case .nothingToRegroup: "Choose a server that has several replicas."
        case .noLeader: "`baton why` about two of them says what is in the way."
        case .sourceIsPrimary: "Make the two co-primaries, and hand the writes over; or choose a replica further down."
        case .trustedPlace: "`baton relocate`, which finds the place itself and proves it."
        case .detached: "`baton reattach-replica` takes the mark away."
        case .notDetached: "`baton detach-replica` sets the mark; `baton start-replica` starts what is only stopped."
        }
    }
}
