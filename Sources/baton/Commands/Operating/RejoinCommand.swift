import ArgumentParser
import Engine
import Recovery
import Servers
import Topology

/// `baton rejoin`.
struct RejoinCommand: OperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejoin",
        abstract: "Let a primary that was given up come back as a replica.",
        usage: "baton rejoin SERVER [--below PRIMARY] [OPTION…]",
        discussion: """
            It becomes read-only and follows the new primary, where that has every transaction of it. Otherwise it is \
            refused, with the transactions that only this server has, and what can be done: nothing is injected or left \
            out. Both have to replicate by GTID. The password comes from the environment variable that is named by \
            operations.replication-password-variable.
            """)

    @Argument(help: "The server that is back: host, host:port, [ipv6]:port, or the alias of a known server.")
    var server: ServerArgument?
    @Option(
        help: ArgumentHelp(
            "Whom it is to follow; needed on MariaDB, and where several primaries have its history.",
            valueName: "primary"))
    var below: ServerArgument?
    @Option(
        name: .customLong("replication-user"),
        help: ArgumentHelp(
            "The account that replicates; that of a replica of the primary by default.", valueName: "user"))
    var user: String?
    @Flag(
        name: .customLong("transactions"),
        help:
            "With --dry-run: where it has what the primary lacks, read from its binary logs which transactions these are."
    )
    var showsTransactions = false
    @OptionGroup var familiar: FamiliarOptions
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func validate() throws {
        _ = try names
        guard showsTransactions else { return }
        if !options.isDryRun || options.snapshot != nil {
            throw ValidationError("--transactions asks the server, and goes with --dry-run and without --snapshot")
        }
    }

    func run() async throws {
        var order = OperationOrder(options: options, names: try names, methods: methods, subjects: subjects, wish: wish)
        if showsTransactions {
            order.look = { server, reasons in
                guard let wanted = WantedTransactions(refusedBy: reasons) else { return [] }
                let book = try AccessBook(options.crawl.access, try options.crawl.global.configuration())
                return [await TransactionLook("that only \(server) has", wanted, on: server, book)]
            }
        }
        try await order.carryOut()
    }

    var names: [ServerArgument] {
        get throws { try familiar.names([server, below], ["server", "primary"], atLeast: 1) }
    }

    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish {
        .recovery(.rejoin(Rejoin(servers[0], below: servers.count > 1 ? servers[1] : nil, user: user)))
    }
}
