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

    @Argument(
        help: "The servers: host, host:port or [ipv6]:port.", completion: .knownServers,
        transform: ServerArgument.init(parsing:))
    var servers: [ServerArgument]
    @OptionGroup var global: GlobalOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let store = try await StoreAccess.open(store, global.configuration())
        let fleet = try await store.loadFleet().fleet
        let unknown = servers.map(\.address).filter { fleet[$0] == nil }
        guard unknown.isEmpty else {
            let names = unknown.map(\.description).joined(separator: ", ")
            throw CommandFailure(.negative, "not in the store: \(names); nothing was forgotten")
        }
        for server in servers {
            let address = fleet.canonical(server.address)
            _ = try await store.forget(address, at: .now())
            Answer.print(line: address.description)
        }
    }
}
