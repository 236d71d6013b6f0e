import Operations
import Refactoring
import Storage
import Topology

/// What came of an operation, for people and for scripts.
struct OperationOutcome {
    let planned: PlannedOperation
    let report: OperationReport
    /// From the confirmation to the last proof.
    let took: Duration
    /// What became of swapping a preferred server in; `nil` where nobody asked for it, or nobody is preferred.
    var swapped: SwappedIn?

    var lines: [String] {
        let id = report.operation
        var lines: [String]
        switch report.ending {
        case .done:
            lines = ["\(planned.plan.intent): done and verified in \(took.inMilliseconds) ms (operation \(id))"]
            if let blocked = report.writesBlocked { lines.append("  \(blocked.sentence)") }
        case .failed(let failures):
            lines = ["\(planned.plan.intent): operation \(id) did not come to its end"]
            lines += failures.map { "  failed: \($0)" }
        case .stopped(let next):
            lines = ["\(planned.plan.intent): operation \(id) was stopped before step \(next + 1), as asked"]
        }
        lines += planned.verdict.reasons.filter { $0.gravity == .confirm }
            .map { "  confirmed: \($0.sentence) [\($0.rule)]" }
        lines += planned.verdict.reasons.filter { $0.gravity == .warn }.map { "  note: \($0.sentence)" }
        lines += report.remarks.map { "  not done: \($0)" }
        lines += report.changedOptions.map { "  changed besides: \($0)" }
        lines += report.states.sorted { $0.key < $1.key }.map { "  now: \($0.key) \($0.value)" }
        if let trouble = report.journalTrouble { lines.append("  its end is not in the journal: \(trouble)") }
        if report.isDone {
            if canBeUndone { lines.append("  to take it back: baton operations undo \(id)") }
        } else {
            lines += report.choices.map { "  \($0.words): baton operations \($0.rawValue) \(id)" }
        }
        return lines
    }

    /// The stable JSON of an operation that was carried out.
    var json: JSON {
        get throws {
            .object(
                [
                    JSON.Member("outcome", .string(word)),
                    JSON.Member("operation", .number(Int(report.operation))),
                    JSON.Member("seconds", .seconds(took)),
                    JSON.Member("stepSeconds", .array(report.durations.map { $0.map { .seconds($0) } ?? .null })),
                    JSON.Member("failures", .array(failures.map(\.json))),
                    JSON.Member("writesBlocked", report.writesBlocked.map(\.json) ?? .null),
                    JSON.Member("stoppedBefore", stoppedBefore.map { .number($0 + 1) } ?? .null),
                    JSON.Member("changedOptions", .array(report.changedOptions.map(\.json))),
                    JSON.Member("remarks", .array(report.remarks.map { .string($0) })),
                    JSON.Member(
                        "states",
                        .array(
                            report.states.sorted { $0.key < $1.key }.map {
                                ["address": .string($0.key.description), "state": .string($0.value)]
                            })),
                    JSON.Member("choices", .array(report.choices.map { .string($0.rawValue) })),
                    JSON.Member("journalTrouble", report.journalTrouble.map { .string($0) } ?? .null),
                ] + (planned.swapInLimit == nil ? [] : [JSON.Member("swapIn", swapped?.json ?? .null)])
                    + (try planned.members))
        }
    }

    /// What was taken back is had again by asking for it, and some things nobody takes back.
    private var canBeUndone: Bool {
        guard planned.plan.verb != "undo" else { return false }
        if planned.plan.writeBlock != nil { return true }
        if case .plan = planned.plan.takingBack() { return true }
        return !planned.plan.undoMoves.isEmpty
    }

    private var word: String {
        switch report.ending {
        case .done: "done"
        case .failed: "failed"
        case .stopped: "stopped"
        }
    }

    private var failures: [StepFailure] {
        if case .failed(let failures) = report.ending { failures } else { [] }
    }

    private var stoppedBefore: Int? {
        if case .stopped(let next) = report.ending { next } else { nil }
    }
}

extension OperationReport.Choice {
    fileprivate var words: String {
        switch self {
        case .resume: "to go on"
        case .rollBack: "to take back what was done"
        case .leave: "to leave it as it is"
        }
    }
}

extension StepFailure {
    fileprivate var json: JSON {
        [
            "step": .number(step + 1), "address": .string(instance.description), "purpose": .string(purpose),
            "phase": .string(phase.rawValue), "message": .string(message),
        ]
    }
}

extension BlockedWrites {
    fileprivate var json: JSON {
        ["seconds": .seconds(duration), "end": .string(end.word), "sentence": .string(sentence)]
    }
}

extension BlockedWrites.End {
    fileprivate var word: String {
        switch self {
        case .handedOver: "handed-over"
        case .backedOut: "backed-out"
        case .blocked: "blocked"
        }
    }
}

extension ChangedOption {
    fileprivate var json: JSON {
        [
            "address": .string(instance.description), "channel": .string(channel), "name": .string(name),
            "before": .string(before), "after": .string(after),
        ]
    }
}

extension Duration {
    fileprivate var inMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
