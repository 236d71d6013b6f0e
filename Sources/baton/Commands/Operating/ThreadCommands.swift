import ArgumentParser
import Engine
import Refactoring
import Settings
import Topology

/// `baton start-replica`.
struct StartReplicaCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "start-replica",
        abstract: "Start a replica's threads.",
        usage: "baton start-replica REPLICA [OPTION…]")

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .operation(.startReplica(replica)) }
}

/// `baton restart-replica`.
struct RestartReplicaCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart-replica",
        abstract: "Stop and start a replica's threads.",
        usage: "baton restart-replica REPLICA [OPTION…]")

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .operation(.restartReplica(replica)) }
}

/// `baton reset-replica`.
struct ResetReplicaCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-replica",
        abstract: "Let a replica forget its source.",
        usage: "baton reset-replica REPLICA [OPTION…]",
        discussion: "Stops it, and takes the source away with its relay logs (RESET REPLICA ALL).")

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .operation(.resetReplica(replica)) }
}

/// `baton skip-query`.
struct SkipQueryCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip-query",
        abstract: "Leave out the transaction on which the applier stopped.",
        usage: "baton skip-query REPLICA [OPTION…]",
        discussion: """
            By its GTID where there is one, and the replica is started again. The data of the replica then differ \
            from those of its source.
            """)

    @OptionGroup var arguments: ReplicaArguments
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish { .operation(.skipTransaction(replica)) }
}

/// `baton stop-replica`.
struct StopReplicaCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop-replica",
        abstract: "Stop a replica's threads.",
        usage: "baton stop-replica REPLICA [--nice] [OPTION…]",
        discussion: """
            With --nice the receiver is stopped first, and the applier when it has applied what was received.
            """)

    @OptionGroup var arguments: ReplicaArguments
    @Flag(name: .customLong("nice"), help: "Let the applier finish what was received.")
    var isNice = false
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ replica: ReplicaChannel) -> Wish {
        .operation(isNice ? .stopReplicaNicely(replica) : .stopReplica(replica))
    }
}

/// `baton delay-replication`.
struct DelayReplicationCommand: OperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "delay-replication",
        abstract: "Let a replica stay behind its source on purpose.",
        usage: "baton delay-replication REPLICA TIME [OPTION…]",
        discussion: "The delay is a whole number of seconds, or a time such as 5m or 1h; 0 ends it.")

    @Argument(help: "The replica, and then the delay; -i names the replica too.")
    var words: [String] = []
    @Option(name: [.customShort("S"), .customLong("seconds")], help: .hidden)
    var seconds: String?
    @Option(help: "The replication channel that is meant, of a replica that has several.")
    var channel: String?
    @OptionGroup var familiar: FamiliarOptions
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func validate() throws {
        _ = try names
        _ = try delay
    }

    var names: [ServerArgument] {
        get throws { try familiar.names(placed.replica.map { [$0] } ?? [], ["replica"]) }
    }

    /// What stands without an option: the replica, unless `-i` names it, and the delay, unless `-S` gives it.
    private var placed: (replica: ServerArgument?, delay: String?) {
        get throws {
            var left = words[...]
            let replica = familiar.instances.isEmpty ? left.popFirst().map(ServerArgument.init(argument:)) : nil
            let delay = seconds == nil ? left.popFirst() : nil
            if let extra = left.first { throw ValidationError("Unexpected argument '\(extra)'") }
            return (replica, delay)
        }
    }

    private var delay: Duration {
        get throws {
            guard let text = try seconds ?? placed.delay else {
                throw ValidationError("Missing expected argument '<delay>'")
            }
            guard let delay = DurationText.parseWholeSeconds(text) else {
                throw ValidationError("a delay is a whole number of seconds, or a time such as 30s, 5m or 1h")
            }
            return delay
        }
    }

    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish {
        .operation(.delayReplication(ReplicaChannel(servers[0], channel: channel), try delay))
    }
}
