import ArgumentParser
import Engine
import Recovery
import Topology

/// `baton fence`.
struct FenceCommand: OperationCommand {
    static let configuration = CommandConfiguration(
        commandName: "fence",
        abstract: "Let nobody write on a server any more, and end its clients' sessions.",
        usage: "baton fence SERVER [OPTION…]",
        discussion: """
            For a primary that was given up and is back, or is still found by clients. Sessions end, the server becomes \
            read-only for everybody that its release can keep from writing, and sessions end once more. Replication goes \
            on. `baton rejoin` lets it come back as a replica.
            """)

    @Argument(help: "The server: host, host:port, [ipv6]:port, or the alias of a known server.")
    var server: ServerArgument?
    @OptionGroup var familiar: FamiliarOptions
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func validate() throws { _ = try names }

    var names: [ServerArgument] {
        get throws { try familiar.names([server], ["server"], atLeast: 1) }
    }

    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish { .recovery(.fence(servers[0])) }
}
