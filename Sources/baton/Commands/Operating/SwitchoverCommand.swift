import ArgumentParser
import Engine
import Recovery
import Refactoring
import Topology

/// `baton switchover`.
struct SwitchoverCommand: OperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "switchover",
        abstract: "Let a primary that is well hand its writes over to one of its replicas.",
        usage: "baton switchover SERVER [--to REPLICA] [OPTION…]",
        discussion: """
            The other replicas go below the new primary first, while clients write on. Then writes are stopped for a \
            moment, the replica applies the last of them, and takes over; the old primary follows it, read-only. When \
            something fails before that, writes go on where they were. `--dry-run` says whether it can be done, and \
            everything that stands in the way.
            """)

    @Argument(help: "The primary, or any server of its cluster.")
    var server: ServerArgument?
    @Option(help: ArgumentHelp("Who takes over; the best replica by default.", valueName: "replica"))
    var to: ServerArgument?
    @Flag(help: "Where nobody is named, take over only if there is one replica.")
    var only = false
    @Option(
        name: .customLong("end-sessions"),
        help: "Sessions to end on the old primary: none, transactions (open ones), privileged, clients (all).")
    var endSessions: EndedSessions = .none
    @Option(
        name: .customLong("lock-wait"),
        help: ArgumentHelp("How long stopping writes may wait for running transactions.", valueName: "time"),
        transform: DurationArgument.init(parsing:))
    var lockWait: DurationArgument?
    @Option(
        help: ArgumentHelp("How long writes may be stopped until the replica has everything.", valueName: "time"),
        transform: DurationArgument.init(parsing:))
    var drain: DurationArgument?
    @Flag(name: .customLong("leave-siblings"), help: "Let the other replicas go on following the old primary.")
    var leavesSiblings = false
    @Flag(name: .customLong("stay-stopped"), help: "Do not start replication on the old primary.")
    var staysStopped = false
    @OptionGroup var familiar: FamiliarOptions
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func validate() throws {
        _ = try names
        if let lockWait, lockWait.duration < .seconds(1) || lockWait.duration.components.attoseconds != 0 {
            throw ValidationError("--lock-wait takes whole seconds, at least 1s")
        }
    }

    var names: [ServerArgument] {
        get throws { try familiar.names([server, to], ["server", "replica"], atLeast: 1) }
    }

    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish {
        var policy = SwitchoverPolicy(
            ending: endSessions.kind, siblings: leavesSiblings ? .stay : .move,
            oldPrimary: staysStopped ? .stopped : .replicates)
        if let lockWait { policy.lockWait = lockWait.duration }
        if let drain { policy.drain = drain.duration }
        let candidate: CandidateChoice = servers.count > 1 ? .named(servers[1]) : only ? .only : .best
        return .switchover(Switchover(of: servers[0], to: candidate, policy: policy))
    }
}

/// Which sessions end on the old primary.
enum EndedSessions: String, ExpressibleByArgument, CaseIterable {
    case none
    case transactions
    case privileged
    case clients

    var kind: SessionKind? {
        switch self {
        case .none: nil
        case .transactions: .transactions(since: .zero)
        case .privileged: .privileged
        case .clients: .clients
        }
    }
}
