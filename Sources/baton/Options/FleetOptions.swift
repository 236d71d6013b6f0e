import ArgumentParser
import Engine

/// Where a read command takes its fleet from.
struct FleetOptions: ParsableArguments {
    @OptionGroup var global: GlobalOptions
    @OptionGroup(title: "Logging in") var access: AccessOptions
    @OptionGroup var store: StoreOptions

    @Option(
        help: "Answer from this fleet snapshot file instead of servers.", completion: .file(extensions: ["json"]))
    var snapshot: String?

    @Flag(name: .customLong("stored"), help: "Answer from the store, even where a server is named.")
    var fromStore = false

    @Option(help: "The longest time to crawl (default 10s).", transform: DurationArgument.init(parsing:))
    var within: DurationArgument = DurationArgument(duration: .seconds(10))

    func validate() throws {
        if snapshot != nil, fromStore {
            throw ValidationError("--snapshot and --stored exclude each other: an answer comes from one place")
        }
    }
}

/// Which store is used.
struct StoreOptions: ParsableArguments {
    @Option(name: .customLong("store"), help: "The store's file.", completion: .file(extensions: ["db"]))
    var path: String?
}
