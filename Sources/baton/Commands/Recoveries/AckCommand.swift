import ArgumentParser
import Console
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// `baton ack`: take note of recoveries.
struct AckCommand: WritingCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack",
        abstract: "Acknowledge recoveries, which ends their blocks.",
        discussion: """
            Until a recovery is acknowledged, no other one of its kind begins by itself in its cluster for an hour \
            (recovery.block-period). One at which a process works cannot be acknowledged.
            """)

    @Argument(help: "The recovery's number.")
    var recovery: Int64?
    @Option(
        name: [.customLong("cluster"), .customLong("alias")],
        help: ArgumentHelp("Those of a cluster: its name, or a server of it.", valueName: "name"))
    var cluster: String?
    @Option(
        name: [.customLong("instance"), .customShort("i")],
        help: ArgumentHelp("Those of a server that failed.", valueName: "lost"))
    var instance: ServerArgument?
    @Flag(help: "All of them.")
    var all = false
    @Option(help: ArgumentHelp("Why: what was found, and what was done about it.", valueName: "text"))
    var reason: String
    @OptionGroup var options: WritingOptions

    func validate() throws {
        let named = [recovery != nil, cluster != nil, instance != nil, all].count { $0 }
        if named != 1 { throw ValidationError("name one of: a recovery's number, --cluster, --instance, --all") }
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("say why with --reason") }
    }

    func run() async throws {
        let ground = try await options.ground()
        defer { try? ground.store.close() }
        let selection = try selection(ground)
        if options.isDryRun {
            var filter = RecoveryFilter()
            filter.isUnacknowledged = true
            filter.limit = .max
            let found = try await ground.store.recoveries(filter).filter(selection.holds)
            Answer.remark("nothing was written: --dry-run")
            return print(found, ground)
        }
        let found = try await ground.store.acknowledge(selection, by: ground.author, reason: reason, at: ground.now)
        print(found, ground)
        if case .one(let id) = selection, found.isEmpty { throw try await refusal(id, ground) }
    }

    private func selection(_ ground: MarkGround) throws -> RecoverySelection {
        if let recovery { return .one(recovery) }
        if let cluster {
            let named = try ground.fleet.cluster(named: cluster)
            return .cluster(members: named.members, alias: named.name.alias)
        }
        if let instance { return .failed(try ground.addresses([instance])[0]) }
        return .all
    }

    private func print(_ records: [RecoveryRecord], _ ground: MarkGround) {
        let count = records.count == 1 ? "1 recovery" : "\(records.count) recoveries"
        options.output.print(
            lines: ["\(count) acknowledged"], json: .array(records.map { .object($0.members(now: ground.now)) }))
    }

    private func refusal(_ id: Int64, _ ground: MarkGround) async throws -> CommandFailure {
        guard let record = try await ground.store.recovery(id) else {
            return CommandFailure(
                .negative, "the store has no recovery \(id); `baton recoveries` lists those that it has")
        }
        if let acknowledged = record.acknowledgement {
            return CommandFailure(
                .negative, "recovery \(id) was acknowledged by \(acknowledged.user) at \(acknowledged.at.atSecond)")
        }
        return CommandFailure(.held, "recovery \(id) is not over: \(record.holder) is at it")
    }
}
