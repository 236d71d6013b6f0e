import ArgumentParser
import Console
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// `baton disable-recoveries`.
struct DisableRecoveriesCommand: WritingCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable-recoveries",
        abstract: "Let nothing be recovered automatically, in one cluster or everywhere.",
        discussion: "Failures are still told, and what an operator asks for is still done.")

    @OptionGroup var cluster: ClusterOption
    @Option(help: ArgumentHelp("Why, for those who wonder why nothing happened.", valueName: "text"))
    var reason = ""
    @OptionGroup var options: WritingOptions

    func run() async throws {
        let ground = try await options.ground()
        defer { try? ground.store.close() }
        let named = try cluster.name.map(ground.fleet.cluster(named:))
        guard !options.isDryRun else {
            return Answer.remark("recoveries of \(named?.name.description ?? "all clusters") would be disabled")
        }
        let (state, isNew) = try await ground.store.disableRecoveries(
            of: named?.name, members: named?.members ?? [], by: ground.author, reason: reason, at: ground.now)
        if !isNew { Answer.remark("they are disabled already") }
        options.output.print(lines: [state.line], json: state.json)
    }
}

/// `baton enable-recoveries`.
struct EnableRecoveriesCommand: WritingCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable-recoveries",
        abstract: "Let recoveries begin by themselves again, in one cluster or everywhere.",
        discussion: "It ends what baton disable-recoveries did; where automatic recovery was never chosen, none begins."
    )

    @OptionGroup var cluster: ClusterOption
    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason = ""
    @OptionGroup var options: WritingOptions

    func run() async throws {
        let ground = try await options.ground()
        defer { try? ground.store.close() }
        let named = try cluster.name.map(ground.fleet.cluster(named:))
        let place = named?.name.description ?? "all clusters"
        guard !options.isDryRun else { return Answer.remark("recoveries of \(place) would be enabled") }
        let ended = try await ground.store.enableRecoveries(
            of: named?.name, members: named?.members ?? [], by: ground.author, reason: reason, at: ground.now)
        if ended.isEmpty { Answer.remark("they were not disabled") }
        let left = try await ground.store.recoverySwitches().map(\.state)
        options.output.print(
            lines: ["recoveries of \(place) are no longer disabled"] + left.map(\.line),
            json: ["enabled": .array(ended.map(\.json)), "disabled": .array(left.map(\.json))])
    }
}

/// `baton recoveries-status`.
struct RecoveriesStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recoveries-status",
        abstract: "Say where recoveries are disabled, which are at work, and which block others until when.",
        discussion: "With --check it ends with exit code 1 where recoveries are disabled everywhere.")

    @Flag(help: "End with exit code 1 where recoveries are disabled everywhere.")
    var check = false
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let configuration = try global.configuration()
        let period = configuration.recovery.blockPeriod
        let now = Timestamp.now()
        var brakes = RecoveryBrakes(blockPeriod: period)
        if let store = try await StoreAccess.openExisting(store, configuration, mentionsOpen: false) {
            defer { try? store.close() }
            brakes = try await store.brakes(blockPeriod: period, now: now)
        }
        output.print(lines: lines(brakes, now), json: json(brakes, now))
        let isOff = brakes.switches.contains { $0.cluster == nil }
        if check, isOff { throw ExitCode(CommandFailure.Code.negative.rawValue) }
    }

    private func lines(_ brakes: RecoveryBrakes, _ now: Timestamp) -> [String] {
        let isOff = brakes.switches.contains { $0.cluster == nil }
        var lines = ["recoveries are \(isOff ? "disabled" : "not disabled") globally"] + brakes.switches.map(\.line)
        for recovery in brakes.recoveries {
            let what = "recovery \(recovery.id) of \(recovery.cluster) (\(recovery.kind.words))"
            switch recovery.state {
            case .atWork(let holder): lines.append("\(what) is at work: \(holder)")
            case .interrupted where !recovery.isAcknowledged:
                lines.append("\(what) was left unfinished: resume it, or baton ack \(recovery.id) --reason …")
            case .interrupted, .over, .notBegun: break
            }
            if let until = brakes.block(of: recovery, at: now) {
                lines.append("\(what) blocks others until \(until.atSecond), or baton ack \(recovery.id) --reason …")
            }
        }
        return lines
    }

    private func json(_ brakes: RecoveryBrakes, _ now: Timestamp) -> JSON {
        [
            "disabledGlobally": .bool(brakes.switches.contains { $0.cluster == nil }),
            "disabled": .array(brakes.switches.map(\.json)),
            "recoveries": .array(
                brakes.recoveries.map { recovery in
                    [
                        "id": .number(recovery.id),
                        "cluster": .string(recovery.cluster.description),
                        "kind": .string(recovery.kind.rawValue),
                        "state": .string(recovery.state.word),
                        "blocksUntil": brakes.block(of: recovery, at: now).map { .string($0.description) } ?? .null,
                    ]
                }),
        ]
    }
}

extension PastRecovery.State {
    fileprivate var word: String {
        switch self {
        case .atWork: "at-work"
        case .interrupted: "interrupted"
        case .over: "over"
        case .notBegun: "not-begun"
        }
    }
}

extension RecoverySwitch {
    /// Where recoveries are off, since when, by whom and why.
    fileprivate var line: String {
        "recoveries of \(cluster?.description ?? "all clusters") are disabled since \(since.atSecond) by \(owner)"
            + (reason.isEmpty ? "" : ": \(reason)")
    }

    fileprivate var json: JSON {
        [
            "cluster": cluster.map { .string($0.id.description) } ?? .null,
            "clusterAlias": cluster?.alias.map { .string($0) } ?? .null,
            "since": .string(since.description),
            "owner": .string(owner),
            "reason": .string(reason),
        ]
    }
}
