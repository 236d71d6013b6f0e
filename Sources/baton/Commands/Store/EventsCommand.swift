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
        discussion: "Events are written by a running console or daemon."
    )

    @Argument(help: "Only events of this server.", completion: .knownServers, transform: ServerArgument.init(parsing:))
    var server: ServerArgument?
    @Option(help: "Only events since so long ago, for example 2h.", transform: DurationArgument.init(parsing:))
    var since: DurationArgument?
    @Option(help: "At most so many events, the newest.")
    var last: Int = 100
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if last < 1 { throw ValidationError("--last must be at least 1") }
    }

    func run() async throws {
        let store = try await StoreAccess.open(store, global.configuration())
        let events = try await store.events(filter(now: .now()))
        switch output.format {
        case .text: Answer.print(lines: events.map(line))
        case .json: Answer.print(.array(events.map(\.json)))
        }
    }

    private func filter(now: Timestamp) -> EventFilter {
        var filter = EventFilter()
        filter.since = since.map { now - $0.duration }
        filter.address = server?.address
        filter.limit = last
        return filter
    }

    private func line(for event: Event) -> String {
        "\(event.at)  \(event.address.map { "\($0)  " } ?? "")\(event.text)  [\(event.kind.rawValue)]"
    }
}
