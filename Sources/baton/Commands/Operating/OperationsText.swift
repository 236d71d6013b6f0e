import Console
import Refactoring
import Storage
import Topology

/// Operations, a line each.
struct OperationsTable {
    let lines: [String]

    init(_ records: [OperationRecord], now: Timestamp) {
        guard !records.isEmpty else {
            lines = []
            return
        }
        var table = TextTable([
            ("NUMBER", .trailing), ("BEGAN", .leading), ("WHO", .leading), ("OUTCOME", .leading), ("WHAT", .leading),
        ])
        for record in records {
            table.append([
                String(record.id), record.startedAt.description, record.who, record.outcome(at: now).rawValue,
                record.intent,
            ])
        }
        lines = table.lines
    }
}

extension OperationRecord {
    /// The account, and where it logged in from.
    var who: String { client.map { "\(user) from \($0.prefix { $0 != " " })" } ?? user }

    /// Everything that the journal has, for people.
    func lines(_ plan: PlanDocument, isOpen: Bool, now: Timestamp) -> [String] {
        var lines = ["operation \(id): \(intent)"]
        lines.append("  asked for: \(verb)")
        lines.append("  who: \(who), on \(holder.host) (process \(holder.pid))")
        if !reason.isEmpty { lines.append("  why: \(reason)") }
        lines.append("  began: \(startedAt)")
        lines.append("  ended: \(endedAt?.description ?? "not yet")")
        lines.append("  outcome: \(outcome(at: now).rawValue)")
        if let undoes { lines.append("  takes back: operation \(undoes)") }
        if let report, !report.isEmpty {
            lines.append("  report: \(report.split(separator: "\n").joined(separator: "\n          "))")
        }
        if isOpen {
            lines.append("  to be decided: baton operations resume \(id), roll-back \(id) or leave \(id)")
        }
        lines.append("")
        lines += plan.text.split(separator: "\n").map(String.init)
        lines.append("")
        for index in plan.steps.indices {
            let step = steps[index]
            let word = step?.state.rawValue ?? "not begun"
            let moment = step.map { " at \($0.at)" } ?? ""
            lines.append("step \(index + 1): \(word)\(moment)\(step?.note.map { ": \($0)" } ?? "")")
        }
        // The plan too is a text of the journal.
        return lines.flatMap {
            $0.sanitizedLines.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// The stable JSON of a line of the list.
    func json(now: Timestamp) -> JSON { .object(members(now: now)) }

    /// What the journal has besides the plan.
    func members(now: Timestamp) -> [JSON.Member] {
        func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
        return [
            JSON.Member("id", .number(id)),
            JSON.Member("verb", .string(verb)),
            JSON.Member("intent", .string(intent)),
            JSON.Member("outcome", .string(outcome(at: now).rawValue)),
            JSON.Member("began", .string(startedAt.description)),
            JSON.Member("ended", text(endedAt?.description)),
            JSON.Member("user", .string(user)),
            JSON.Member("client", text(client)),
            JSON.Member("host", .string(holder.host)),
            JSON.Member("process", .number(Int(holder.pid))),
            JSON.Member("reason", .string(reason)),
            JSON.Member("report", text(report)),
            JSON.Member("undoes", undoes.map { .number($0) } ?? .null),
            JSON.Member(
                "steps",
                .array(
                    steps.sorted { $0.key < $1.key }.map { index, step in
                        [
                            "step": .number(index + 1), "state": .string(step.state.rawValue),
                            "at": .string(step.at.description), "note": text(step.note),
                        ]
                    })),
        ]
    }
}
