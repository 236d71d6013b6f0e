import ArgumentParser
import Console
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// `baton end-downtime`.
struct EndDowntimeCommand: WritingCommand {
    static let configuration = CommandConfiguration(
        commandName: "end-downtime", abstract: "Let a server's problems be told again.")

    @OptionGroup var end: MarkEnd
    @OptionGroup var options: WritingOptions

    func run() async throws { try await options.end(.downtime, end) }
}

/// `baton end-maintenance`.
struct EndMaintenanceCommand: WritingCommand {
    static let configuration = CommandConfiguration(
        commandName: "end-maintenance", abstract: "Let operations change a server again.")

    @OptionGroup var end: MarkEnd
    @OptionGroup var options: WritingOptions

    func run() async throws { try await options.end(.maintenance, end) }
}

/// `baton end-promotion-rule`.
struct EndPromotionRuleCommand: WritingCommand {
    static let configuration = CommandConfiguration(
        commandName: "end-promotion-rule",
        abstract: "Take back what was said about a server's promotion.",
        discussion: "What the configured query answers counts again; without one the server is neutral.")

    @OptionGroup var end: MarkEnd
    @OptionGroup var options: WritingOptions

    func run() async throws { try await options.end(.promotionRule, end) }
}

/// Whose mark ends, and why.
struct MarkEnd: ParsableArguments {
    @Argument(help: "The servers: host, host:port, [ipv6]:port, or their aliases.")
    var servers: [ServerArgument]
    @Option(help: ArgumentHelp("Why, for those who wonder.", valueName: "text"))
    var reason = ""
}

extension WritingOptions {
    /// Ends marks and prints those that are over with that.
    ///
    /// - Throws: ``CommandFailure`` where none of the servers had one.
    func end(_ kind: MarkMeaning.Kind, _ end: MarkEnd) async throws {
        let ground = try await ground()
        defer { try? ground.store.close() }
        var (ended, without): ([MarkRecord], [InstanceAddress]) = ([], [])
        for address in try ground.addresses(end.servers) {
            let record: MarkRecord?
            if isDryRun {
                var filter = MarkFilter()
                filter.kinds = [kind]
                filter.address = address
                record = try await ground.store.marks(filter, now: ground.now).first
            } else {
                record = try await ground.store.endMark(
                    kind, of: address, by: ground.author, reason: end.reason, at: ground.now)
            }
            if let record { ended.append(record) } else { without.append(address) }
        }
        if isDryRun { Answer.remark("nothing was written: --dry-run") }
        output.print(lines: ended.map { "\($0.address): its \(kind.words) has ended" }, json: .array(ended.map(\.json)))
        guard without.isEmpty else {
            let names = without.map(\.description).joined(separator: ", ")
            throw CommandFailure(.negative, "no \(kind.words): \(names)")
        }
    }
}
