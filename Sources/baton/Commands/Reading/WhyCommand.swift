import ArgumentParser
import Engine
import Refactoring
import Servers
import Storage
import Topology

/// `baton why`: what every rule says of a replica under a target.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say whether a replica may be put under a server, and why not.",
        discussion: """
            Prints every rule with its answer and what would help. Asks both servers and those around them; with --stored or \
            --snapshot, answers from there. Ends with code 0 where the move is legal, if need be after a confirmation, and \
            with 3 where it is refused, or with 75 where nothing but an operation at work is in the way.
            """
    )

    @Argument(help: "The server that is to follow.")
    var replica: ServerArgument
    @Argument(help: "The server that is to be followed.")
    var target: ServerArgument
    @Option(help: "The replication channel that is to be moved, of a replica that has several.")
    var channel: String?
    @OptionGroup var output: FormatOption
    @OptionGroup var options: FleetOptions

    func run() async throws {
        let answer = try await options.read([replica, target])
        try answer.failIfNothingAnswered()
        try answer.failIfUnheardOf()
        let placement = WhyAnswer(
            answer, replica: try answer.instance(answer.servers[0]).address,
            target: try answer.instance(answer.servers[1]).address, channel: channel,
            locks: options.snapshot == nil ? try await locks : [:])
        output.print(lines: placement.lines, json: placement.json)
        guard placement.verdict.isLegal else { throw ExitCode(placement.refusalCode.rawValue) }
    }

    /// What operations of the store hold.
    private var locks: [InstanceAddress: String] {
        get async throws {
            let configuration = try options.crawl.global.configuration()
            guard let store = try await StoreAccess.openExisting(options.crawl.store, configuration) else { return [:] }
            defer { try? store.close() }
            return try await OperationDesk.locks(of: store, now: .now())
        }
    }
}

/// What the rules say of one placement, for people and for scripts.
struct WhyAnswer {
    let replica: InstanceAddress
    let target: InstanceAddress
    let answers: [RuleAnswer]
    let verdict: Verdict

    init(
        _ answer: FleetAnswer, replica: InstanceAddress, target: InstanceAddress, channel: String?,
        locks: [InstanceAddress: String] = [:]
    ) {
        self.replica = replica
        self.target = target
        let scene = answer.scene(locks: locks)
        answers = scene.answers(of: replica, channel: channel, under: target)
        verdict = Verdict(answers.flatMap(\.reasons))
    }

    /// What the command ends with where the verdict is a refusal.
    var refusalCode: CommandFailure.Code { CommandFailure.Code(refusing: verdict.reasons) }

    /// A line a rule, its objections below it, and the verdict at the end.
    var lines: [String] {
        let width = answers.map { $0.rule.id.rawValue.count }.max() ?? 0
        func line(_ answer: RuleAnswer) -> [String] {
            let word = answer.speaks ? answer.gravity?.word ?? "fits" : "silent"
            let id = answer.rule.id.rawValue
            let head =
                word + String(repeating: " ", count: max(1, 9 - word.count)) + id
                + String(repeating: " ", count: width - id.count + 2) + answer.rule.title
            return [head] + answer.reasons.flatMap(Self.lines)
        }
        return answers.flatMap(line) + ["", summary]
    }

    private var summary: String {
        let placement = "\(replica) under \(target)"
        switch verdict {
        case .allowed: return "\(placement): allowed"
        case .warns(let reasons): return "\(placement): allowed, with \(Self.counted(reasons, .warn, "warning"))"
        case .needsConfirmation(let reasons):
            return "\(placement): only after \(Self.counted(reasons, .confirm, "confirmation"))"
        case .refused(let reasons): return "\(placement): refused, by \(Self.counted(reasons, .refuse, "objection"))"
        }
    }

    private static func counted(_ reasons: [Reason], _ gravity: Gravity, _ noun: String) -> String {
        let count = reasons.count { $0.gravity == gravity }
        return count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }

    private static func lines(_ reason: Reason) -> [String] {
        (["  " + reason.sentence] + reason.details.map { "    " + $0 }).map { "       " + $0 }
    }

    /// The stable JSON of the answer.
    var json: JSON {
        [
            "replica": .string(replica.description),
            "target": .string(target.description),
            "verdict": .string(verdict.word),
            "legal": .bool(verdict.isLegal),
            "rules": .array(
                answers.map { answer in
                    [
                        "rule": .string(answer.rule.id.rawValue),
                        "title": .string(answer.rule.title),
                        "speaks": .bool(answer.speaks),
                        "gravity": answer.gravity.map { .string($0.word) } ?? .null,
                        "reasons": .array(answer.reasons.map(\.json)),
                    ]
                }),
        ]
    }
}
