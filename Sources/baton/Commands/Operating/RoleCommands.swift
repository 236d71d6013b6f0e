import ArgumentParser
import Engine
import Refactoring
import Topology

/// `baton take-source`.
struct TakeSourceCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "take-source",
        abstract: "Let a replica and its source change places.",
        usage: "baton take-source REPLICA [OPTION…]",
        discussion: """
            The replica follows its source's source, and the source follows the replica. Other replicas of the \
            source stay with it.
            """)

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .move(.takeSource(replica)) }
}

/// `baton take-siblings`.
struct TakeSiblingsCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "take-siblings",
        abstract: "Let the other replicas of a replica's source follow the replica.",
        usage: "baton take-siblings REPLICA [OPTION…]")

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .move(.takeSiblings(replica)) }
}

/// `baton make-co-primary`.
struct MakeCoPrimaryCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "make-co-primary",
        abstract: "Let a replica's source, itself nobody's replica, follow the replica.",
        usage: "baton make-co-primary REPLICA [OPTION…]",
        discussion: """
            The replica must be read-only. The account is that of the replica's channel; its password comes from \
            operations.replication-password-variable.
            """)

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .move(.makeCoPrimary(replica)) }
}

/// `baton end-co-primary`.
struct EndCoPrimaryCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "end-co-primary",
        abstract: "Let a co-primary no longer follow its partner, which goes on following it.",
        usage: "baton end-co-primary REPLICA [OPTION…]")

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .move(.endCoPrimary(replica)) }
}

/// `baton detach-replica`.
struct DetachReplicaCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach-replica",
        abstract: "Keep a replica from its source, in a way from which it can be had back.",
        usage: "baton detach-replica REPLICA [OPTION…]",
        discussion: """
            Its source is made a name that cannot be reached and from which the true one can be read.
            """)

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .move(.detach(replica)) }
}

/// `baton reattach-replica`.
struct ReattachReplicaCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "reattach-replica",
        abstract: "Let a detached replica follow its source again.",
        usage: "baton reattach-replica REPLICA [OPTION…]")

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .move(.reattach(replica)) }
}

/// `baton enable-gtid`.
struct EnableGTIDCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable-gtid",
        abstract: "Let a replica find its place by GTID.",
        usage: "baton enable-gtid REPLICA [OPTION…]")

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .move(.enableGTID(replica)) }
}

/// `baton disable-gtid`.
struct DisableGTIDCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable-gtid",
        abstract: "Let a replica find its place by file and position.",
        usage: "baton disable-gtid REPLICA [OPTION…]")

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .move(.disableGTID(replica)) }
}
