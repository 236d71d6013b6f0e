import ArgumentParser
import Engine
import Refactoring
import Topology

/// `baton relocate-replicas`.
struct RelocateReplicasCommand: NamedOperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "relocate-replicas",
        abstract: "Let the replicas of a server follow another one.",
        usage: "baton relocate-replicas SOURCE TARGET [OPTION…]",
        discussion: "All of them, or some: by --pattern or --only. Those that can be moved at once are.")

    @OptionGroup var arguments: SourceTargetArguments
    @OptionGroup var method: MethodOption
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    var methods: Set<String>? { method.names }

    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish {
        let only = try arguments.some.chosen(of: servers[0], in: answer)
        return .move(.relocateReplicas(of: servers[0], only: only, below: servers[1]))
    }
}

/// `baton move-up-replicas`.
struct MoveUpReplicasCommand: ReplicasOfCommand {
    static let configuration = CommandConfiguration(
        commandName: "move-up-replicas",
        abstract: "Let the replicas of a server follow that server's source.",
        usage: "baton move-up-replicas SOURCE [OPTION…]")

    @OptionGroup var arguments: SourceArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ source: InstanceAddress, _ only: Set<InstanceAddress>?) -> Wish {
        .move(.moveUpReplicas(of: source, only: only))
    }
}

/// `baton repoint-replicas`.
struct RepointReplicasCommand: ReplicasOfCommand {
    static let configuration = CommandConfiguration(
        commandName: "repoint-replicas",
        abstract: "Let the replicas of a server go on at their own place of its log.",
        usage: "baton repoint-replicas SOURCE [OPTION…]")

    @OptionGroup var arguments: SourceArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ source: InstanceAddress, _ only: Set<InstanceAddress>?) -> Wish {
        .move(.repointReplicas(of: source, only: only))
    }
}

/// `baton regroup-replicas`.
struct RegroupReplicasCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "regroup-replicas",
        abstract: "Put the replicas of a server below the best of them.",
        usage: "baton regroup-replicas SOURCE [OPTION…]",
        discussion: """
            Which is the best is in the plan: the one that has most, logs what it replicates, and can feed the \
            others.
            """)

    @OptionGroup var arguments: OperatedServer
    @OptionGroup var method: MethodOption
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    var methods: Set<String>? { method.names }

    func wish(_ server: InstanceAddress) -> Wish { .move(.regroup(of: server)) }
}
