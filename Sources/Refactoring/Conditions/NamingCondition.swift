/// Which server and channel is meant.
public enum NamingCondition: String, PlanCondition {
    case unknownServer = "move.unknown-server"
    case unreadServer = "move.unread-server"
    case notReplica = "move.not-replica"
    case noChannel = "move.no-channel"
    case channelUnnamed = "move.channel-unnamed"

    public var gravity: Gravity { .refuse }

    public var title: String {
        switch self {
        case .unknownServer: "A server that is named must be known"
        case .unreadServer: "A server that is changed must have been read"
        case .notReplica: "What is done with a replica needs a replica"
        case .noChannel: "A channel that is named must be there"
        case .channelUnnamed: "The channel of a replica that has several must be named"
        }
    }

    public var why: String {
        switch self {
        case .unknownServer:
            "baton plans on the servers that it has found, from those that it was given. Of any other it knows neither its "
                + "version nor what follows it."
        case .unreadServer:
            "A server that others name as their source is known by its address only until it has let baton in. Statements "
                + "depend on its version and on what it is doing."
        case .notReplica:
            "The server follows nobody: there is no replication to start, stop or point elsewhere."
        case .noChannel:
            "The replica follows its sources over channels of other names (on MariaDB: named connections)."
        case .channelUnnamed:
            "A replica of several sources has a channel for each, and which one is moved, stopped or skipped on makes all the "
                + "difference. baton never guesses."
        }
    }

    public var remedy: String {
        switch self {
        case .unknownServer: "Look at the spelling, or let baton find the server: `baton discover`."
        case .unreadServer: "`baton doctor` says why baton cannot read it, and which grants it needs."
        case .notReplica: "Choose a replica; `baton topology` shows who follows whom."
        case .noChannel: "Name one of the channels that the message lists; `''` is the default one."
        case .channelUnnamed: "Name it with `--channel`; `--channel ''` is the default one."
        }
    }
}
