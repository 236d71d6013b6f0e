import ArgumentParser
import Engine
import Settings
import Topology

/// Where a read command takes its fleet from.
struct FleetOptions: ParsableArguments {
    @OptionGroup var global: GlobalOptions
    @OptionGroup var access: AccessOptions
    @OptionGroup var store: StoreOptions

    @Option(
        help: "Answer from this fleet snapshot file instead of servers.", completion: .file(extensions: ["json"]))
    var snapshot: String?

    @Flag(name: .customLong("stored"), help: "Answer from the store, even where a server is named.")
    var fromStore = false

    @Option(help: "The longest time to crawl.")
    var within: DurationArgument = DurationArgument(duration: .seconds(10))

    func validate() throws {
        if snapshot != nil, fromStore {
            throw ValidationError("--snapshot and --stored exclude each other: an answer comes from one place")
        }
    }
}

/// A length of time on the command line, in the words of the configuration file.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init(duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        guard let duration = DurationText.parse(argument), duration > .zero else { return nil }
        self.duration = duration
    }

    var defaultValueDescription: String { DurationText.print(duration) }
}

/// A server on the command line.
struct ServerArgument: ExpressibleByArgument {
    let address: InstanceAddress

    init?(argument: String) {
        guard let address = try? InstanceAddress(parsing: argument) else { return nil }
        self.address = address
    }

    static var defaultCompletionKind: CompletionKind { .default }
}

/// Which store is used.
struct StoreOptions: ParsableArguments {
    @Option(name: .customLong("store"), help: "The store's file.", completion: .file(extensions: ["db"]))
    var path: String?
}
