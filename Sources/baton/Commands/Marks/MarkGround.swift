import ArgumentParser
import Console
import Foundation
import Recovery
import Refactoring
import Servers
import Settings
import Storage
import Topology

/// How long a mark holds.
enum MarkLength: Hashable {
    case during(Duration)
    case untilEnded

    /// Reads a length of time, or a word for none: `forever`.
    ///
    /// - Throws: `ValidationError` with what would be right.
    init(parsing text: String) throws {
        if ["forever", "never", "unlimited"].contains(text.lowercased()) {
            self = .untilEnded
            return
        }
        // orchestrator writes weeks too.
        if text.hasSuffix("w"), let weeks = Int(text.dropLast()), (1...520).contains(weeks) {
            self = .during(.seconds(weeks * 7 * 86_400))
            return
        }
        guard let duration = DurationText.parse(text), duration > .zero else {
            throw ValidationError("write a length of time such as 30m, 6h, 7d or 4w, or \"forever\"")
        }
        self = .during(duration)
    }

    /// `nil` where somebody has to end it.
    var duration: Duration? {
        if case .during(let duration) = self { duration } else { nil }
    }
}

/// A command that writes what operators say, and takes orchestrator's options for that too.
protocol WritingCommand: AsyncParsableCommand {}

/// Options of commands that write what operators say.
struct WritingOptions: ParsableArguments {
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup var store: StoreOptions
    @Option(help: ArgumentHelp("Who says so; the system account where nobody is named.", valueName: "name"))
    var owner: String?
    @Flag(name: .customLong("dry-run"), help: "Only say what would be written.")
    var isDryRun = false

    /// Opens the store, and makes it where there is none: what is said of servers is kept also before any was seen.
    ///
    /// - Throws: ``CommandFailure``.
    func ground() async throws -> MarkGround {
        let configuration = try global.configuration()
        let store = try await StoreAccess.open(store, configuration)
        return MarkGround(
            configuration: configuration, store: store, fleet: try await store.loadFleet().fleet,
            author: .current(named: owner), now: .now())
    }
}

/// What commands about marks and recoveries work with.
struct MarkGround {
    let configuration: Configuration
    let store: Store
    /// The servers that the store knows.
    let fleet: Fleet
    let author: Author
    let now: Timestamp

    /// The servers that are meant, by the addresses under which they are kept. One that the store does not know is taken
    /// by its address, with a remark: it may have been mistyped.
    ///
    /// - Throws: ``CommandFailure``, as ``ServerNames/server(_:)``.
    func addresses(_ servers: [ServerArgument]) throws -> [InstanceAddress] {
        let names = ServerNames(fleet: fleet)
        return try servers.map { argument in
            let address = fleet.canonical(try names.server(argument).address)
            if fleet[address] == nil, fleet.replicas(of: address).isEmpty {
                Answer.remark("\(address) is not in the store yet")
            }
            return address
        }
    }
}
