import ArgumentParser
import Servers
import Settings
import Storage
import Topology

/// `baton events`: what happened.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "List what happened to servers, newest last.",
        discussion: "Events are written into the store by a console while it watches, and by baton discover."
    )

    @Argument(help: "Only events of this server: host, host:port, [ipv6]:port, or its alias.")
    var server: ServerArgument?
    @Option(
        help: ArgumentHelp("Only events since so long ago, for example 2h.", valueName: "time"),
        transform: DurationArgument.init(parsing:))
    var since: DurationArgument?
    @Option(help: ArgumentHelp("At most so many events, the newest.", valueName: "count"))
    var last: Int = 100
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if last < 1 { throw ValidationError("--last must be at least 1") }
    }

    func run() async throws {
        let store = try await StoreAccess.openExisting(store, global.configuration())
        let fleet = try await store?.loadFleet().fleet ?? Fleet()
        let named = try server.map(ServerNames(fleet: fleet).server)
        let events = try await store?.events(filter(named, now: .now())) ?? []
        output.print(
            lines: events.isEmpty ? [nothing(named)] : EventText(fleet: fleet).lines(events),
            json: .array(events.map(\.json)))
    }

    private func filter(_ server: NamedServer?, now: Timestamp) -> EventFilter {
        var filter = EventFilter()
        filter.since = since.map { now - $0.duration }
        filter.address = server?.address
        filter.limit = last
        return filter
    }

    private func nothing(_ server: NamedServer?) -> String {
        let subject = server.map { " of \($0.address)" } ?? ""
        let time = since.map { " in the last \($0)" } ?? ""
        return "no events\(subject)\(time)" + (server?.assumptionAsRest ?? "")
    }
}
