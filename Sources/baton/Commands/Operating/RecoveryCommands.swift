import ArgumentParser
import Engine
import Recovery
import Refactoring
import Topology

/// What a failover may cost, and how much of a living primary it may give up.
struct FailoverOptions: ParsableArguments {
    @Flag(
        name: .customLong("lose-unapplied"),
        help: "Do not wait for what the new primary has received and not applied: it is lost.")
    var losesUnapplied = false
    @Flag(
        name: .customLong("wait-unapplied"),
        help: "Wait for what the new primary has received and not applied, also where the configuration says otherwise."
    )
    var waitsForUnapplied = false
    @Flag(
        name: .customLong("leave-lost"),
        help: "Leave replicas that cannot follow the new primary as they are, and do not detach them.")
    var leavesLost = false
    @Flag(
        name: .customLong("living-primary"),
        help: "Give the primary up even if it answers: it is made read-only, and what it has alone is lost.")
    var givesUpLiving = false
    @Option(
        name: .customLong("swap-in-preferred"), defaultAsFlag: SwapInArgument.asConfigured, parsing: .next,
        help: ArgumentHelp(
            """
            Where operators prefer a server that cannot be promoted yet, wait afterwards until it can take over, for so long at \
            most, and make the switchover to it. Written as --swap-in-preferred=10m.
            """, valueName: "time"))
    var swapIn: SwapInArgument?

    func validate() throws {
        if losesUnapplied, waitsForUnapplied {
            throw ValidationError("--lose-unapplied and --wait-unapplied say the opposite of each other")
        }
        try swapIn?.validate()
    }

    /// What was said here, and of the rest what the cluster's owner has chosen.
    func policy(for source: InstanceAddress, in answer: FleetAnswer) -> FailoverPolicy {
        var policy = answer.settings.recoveries.policy(around: source, in: answer.forest).failover
        if losesUnapplied { policy.unapplied = .lose }
        if waitsForUnapplied { policy.unapplied = .wait }
        if leavesLost { policy.lostReplicas = .leave }
        if givesUpLiving { policy.livingSource = .fence }
        return policy
    }

    /// For how long the preferred server is waited for afterwards; `nil` where nobody asks for that.
    func swapInLimit(for source: InstanceAddress, in answer: FleetAnswer) -> Duration? {
        swapIn?.limit(answer.settings.recoveries.policy(around: source, in: answer.forest))
    }
}

/// An operation that may end in a failover.
protocol FailoverOperationCommand: OperationCommand {
    var failover: FailoverOptions { get }
}

extension FailoverOperationCommand {
    var subjects: OperationSubjects { .lost }

    func run() async throws {
        var order = OperationOrder(options: options, names: try names, methods: methods, subjects: subjects, wish: wish)
        order.swapInLimit = failover.swapInLimit
        try await order.carryOut()
    }
}

/// `baton failover`.
struct FailoverCommand: FailoverOperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "failover",
        abstract: "Promote a replica in place of a primary that is lost.",
        usage: "baton failover PRIMARY [--to REPLICA] [OPTION…]",
        discussion: """
            All replicas that answer stop receiving; the best of them, or the one that is named, applies what it has \
            received, fetches what another has more, and takes writes; the others follow it. `baton candidates` shows \
            who could take over, and what would be lost. A primary that answers is not given up: `baton switchover` \
            loses nothing.
            """)

    @Argument(help: "The primary that is lost: host, host:port, [ipv6]:port, or the alias of a known server.")
    var primary: ServerArgument?
    @Option(name: [.customLong("to")], help: "The replica that is to take its place (default: the best candidate).")
    var candidate: ServerArgument?
    @OptionGroup var failover: FailoverOptions
    @OptionGroup var familiar: FamiliarOptions
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func validate() throws { _ = try names }

    var names: [ServerArgument] {
        get throws { try familiar.names([primary, candidate], ["primary", "candidate"], atLeast: 1) }
    }

    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish {
        .recovery(
            .failover(
                of: servers[0], to: servers.count > 1 ? servers[1] : nil, failover.policy(for: servers[0], in: answer)))
    }
}

/// `baton recover`.
struct RecoverCommand: FailoverOperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Do what helps about a source that is lost.",
        usage: "baton recover SOURCE [--to SERVER] [OPTION…]",
        discussion: """
            In place of a primary a replica is promoted, as `baton failover` does it. The replicas of an intermediate \
            source, and those of a member of a group, get another one: below the server that is named, or each the best for \
            it. For a primary that answers, as many replicas acknowledge as it waits for, or it is made writable, where \
            nobody else of its cluster is.
            """)

    @Argument(help: "The source that is lost: host, host:port, [ipv6]:port, or the alias of a known server.")
    var source: ServerArgument?
    @Option(
        name: [.customLong("to")], help: "Who is to take its place, or to take its replicas (default: the best for it)."
    )
    var target: ServerArgument?
    @OptionGroup var failover: FailoverOptions
    @OptionGroup var familiar: FamiliarOptions
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func validate() throws { _ = try names }

    var names: [ServerArgument] {
        get throws { try familiar.names([source, target], ["source", "target"], atLeast: 1) }
    }

    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish {
        .recovery(
            RecoveryWish(
                about: servers[0], to: servers.count > 1 ? servers[1] : nil,
                failover.policy(for: servers[0], in: answer), in: answer.fleet,
                semiSync: answer.settings.recoveries.policy(around: servers[0], in: answer.forest)
                    .candidates.semiSync))
    }
}
