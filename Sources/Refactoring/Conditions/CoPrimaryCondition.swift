/// Two servers that follow each other.
public enum CoPrimaryCondition: String, PlanCondition {
    case already = "move.co-primaries"
    case sourceIsReplica = "move.source-is-replica"
    case otherChannels = "move.co-primary-channels"
    case writable = "move.co-primary-writable"
    case noBinaryLog = "move.no-binary-log"
    case notOne = "move.no-co-primaries"
    case partnerWritable = "move.partner-writable"

    public var gravity: Gravity { self == .partnerWritable ? .confirm : .refuse }

    public var title: String {
        switch self {
        case .already: "The two must not be co-primaries already"
        case .sourceIsReplica: "The source of a future co-primary must follow nobody"
        case .otherChannels: "A future co-primary must have no other sources"
        case .writable: "A future co-primary must be read-only"
        case .noBinaryLog: "A future co-primary must log what it replicates"
        case .notOne: "Only a co-primary can cease to be one"
        case .partnerWritable: "What is written on the partner is missed from then on"
        }
    }

    public var why: String {
        switch self {
        case .already: "They follow each other. Swapping places or pairing them again would change nothing."
        case .sourceIsReplica:
            "Only a primary can be paired: a server that follows a third one would pass that one's writes on."
        case .otherChannels:
            "The partner would get all that comes over the other channels as well, and nobody asked for that."
        case .writable:
            "What it has written already would not be known to its source, which would begin to follow it after that, and "
                + "the two would differ from the first moment on (orchestrator's MakeCoMaster asks for the same)."
        case .noBinaryLog:
            "A server that does not log what it applies has nothing that its partner could follow, once the partner's own "
                + "writes came through it."
        case .notOne: "The source does not follow this server, so that there is no pair to end."
        case .partnerWritable:
            "The server that ceases to follow no longer gets what clients write on its partner, and the two drift apart."
        }
    }

    public var remedy: String {
        switch self {
        case .already: "Nothing needs to be done; `baton end-co-primary` ends the pair."
        case .sourceIsReplica: "Move the source out of the tree first, or choose the primary's own replica."
        case .otherChannels: "Choose a replica that follows this source only."
        case .writable: "`baton set-read-only` on the replica, after a look at what was written there."
        case .noBinaryLog: "`log_replica_updates = ON` in its option file, and a restart."
        case .notOne: "`baton reset-replica` makes a plain replica forget its source."
        case .partnerWritable: "`baton set-read-only` on the partner first, if it is not to take writes any more."
        }
    }
}
