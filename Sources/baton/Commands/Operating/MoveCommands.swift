import ArgumentParser
import Engine
import Refactoring
import Topology

/// `baton relocate`.
struct RelocateCommand: PlacementCommand {
    static let configuration = CommandConfiguration(
        commandName: "relocate",
        abstract: "Let a replica follow another server.",
        usage: "baton relocate REPLICA TARGET [OPTION…]",
        discussion: """
            By GTID where that is possible, and otherwise at the same place of the logs; the plan says how, and why \
            not otherwise. Its own replicas go on following it.
            """)

    @OptionGroup var arguments: PlacementArguments
    @OptionGroup var method: MethodOption
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel, _ target: InstanceAddress) -> Wish {
        .move(.relocate(replica, below: target))
    }
}

/// `baton relocate-subtree`.
struct RelocateSubtreeCommand: PlacementCommand {
    static let configuration = CommandConfiguration(
        commandName: "relocate-subtree",
        abstract: "Let a replica, with all below it, follow another server.",
        usage: "baton relocate-subtree REPLICA TARGET [OPTION…]")

    @OptionGroup var arguments: PlacementArguments
    @OptionGroup var method: MethodOption
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel, _ target: InstanceAddress) -> Wish {
        .move(.relocateSubtree(replica, below: target))
    }
}

/// `baton move-up`.
struct MoveUpCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "move-up",
        abstract: "Let a replica follow its source's source.",
        usage: "baton move-up REPLICA [OPTION…]")

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup var method: MethodOption
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    var methods: Set<String>? { method.names }

    func wish(_ replica: ReplicaChannel) -> Wish { .move(.moveUp(replica)) }
}

/// `baton move-below`.
struct MoveBelowCommand: PlacementCommand {
    static let configuration = CommandConfiguration(
        commandName: "move-below",
        abstract: "Let a replica follow another replica of its source.",
        usage: "baton move-below REPLICA SIBLING [OPTION…]")

    @OptionGroup var arguments: PlacementArguments
    @OptionGroup var method: MethodOption
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel, _ target: InstanceAddress) -> Wish {
        .move(.moveBelow(replica, sibling: target))
    }
}

/// `baton repoint`.
struct RepointCommand: OperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "repoint",
        abstract: "Let a replica go on at its own place: of its source again, or of a server with the same log.",
        usage: "baton repoint REPLICA [TARGET] [OPTION…]",
        discussion: """
            For a source that has got another name, or a target of which it is known that its log is the same. Without a \
            target the connection to the present source is made anew.
            """)

    @Argument(help: "The replica.")
    var replica: ServerArgument?
    @Argument(help: "The server that it is to follow at its own place; its present source where none is named.")
    var target: ServerArgument?
    @Option(help: "The replication channel that is meant, of a replica that has several.")
    var channel: String?
    @OptionGroup var familiar: FamiliarOptions
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func validate() throws { _ = try names }

    var names: [ServerArgument] {
        get throws { try familiar.names([replica, target], ["replica", "target"], atLeast: 1) }
    }

    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) -> Wish {
        .move(.repoint(ReplicaChannel(servers[0], channel: channel), to: servers.count > 1 ? servers[1] : nil))
    }
}
