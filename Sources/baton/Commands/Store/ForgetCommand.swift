import ArgumentParser
import Servers
import Storage
import Topology

/// `baton forget`: drop a server from the store.
struct ForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Drop servers from the store.",
        discussion: """
            A server that a running baton watches, or that another server names, is found again; servers that are gone for \
            good are not. History and events stay until they are too old.
            """
    )

    @Argument(help: "The servers: host, host:port, [ipv6]:port, or their aliases.")
    var servers: [ServerArgument]
    @OptionGroup var global: GlobalOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let store = try await StoreAccess.openExisting(store, global.configuration())
        let fleet = try await store?.loadFleet().fleet ?? Fleet()
        let named = try servers.map(ServerNames(fleet: fleet).server)
        let unknown = named.filter { fleet[$0.address] == nil }
        guard unknown.isEmpty else {
            let names = unknown.map { "\($0.address)\($0.assumptionAsRest)" }.joined(separator: "\n")
            throw CommandFailure(.negative, "nothing was forgotten; not in the store: \(names)")
        }
        for server in named {
            let address = fleet.canonical(server.address)
            _ = try await store?.forget(address, at: .now())
            Answer.print(line: address.description)
        }
    }
}
