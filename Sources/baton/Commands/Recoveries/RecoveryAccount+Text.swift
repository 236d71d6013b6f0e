import Console
import Hooks
import Recovery
import Refactoring
import Servers
import Storage
import Topology

extension RecoveryAccount {
    /// Everything for people who look at a terminal.
    var lines: [String] {
        let summary = facts.map { "  \($0.label): \($0.text)" }
        let log = record.notes.map { "  \($0.at.atSecond)  \($0.text)" }
        let details = documents.flatMap { [""] + ["\($0.label):"] + $0.lines.map { "  \($0)" } }
        let operations = parts.flatMap { part in
            ["", "\(part.name): operation \(part.record.id): \(part.record.intent)"]
                + statements(of: part).map { "  \($0)" }
        }
        return ["recovery \(record.id): \(title)"] + summary + (log.isEmpty ? [] : ["", "log:"] + log) + details
            + operations
    }

    /// A post-mortem, for a page of one's own.
    var markdown: String { PostMortem(account: self).text }

    var title: String {
        let what = record.failure.map { "\($0), \(record.kind.words)" } ?? record.kind.words
        return "\(what) of \(record.failed) in \(record.cluster)"
    }

    /// The recovery in short.
    var facts: [(label: String, text: String)] {
        var facts = [
            ("name", record.uid), ("cluster", record.cluster.description), ("failed", record.failed.description),
            ("successor", record.successor?.description ?? "none"),
        ]
        let lost = record.lost.map(\.description).joined(separator: ", ")
        if !lost.isEmpty { facts.append(("left behind", lost)) }
        if let first = record.follows { facts.append(("follows", "recovery \(first)")) }
        facts += following.map { other in
            let successor = other.successor.map { " to \($0)" } ?? ""
            return (
                "afterwards", "recovery \(other.id), \(other.kind.words)\(successor): \(other.outcome(at: now).words)"
            )
        }
        facts.append(("outcome", record.outcome(at: now).words))
        facts.append(("phase", record.phase))
        facts.append(("set going by", record.trigger.rawValue))
        facts.append(("who", "\(record.author.who), on \(record.holder.host) (process \(record.holder.pid))"))
        if !record.reason.isEmpty { facts.append(("why", record.reason)) }
        facts.append(("began", "\(record.startedAt)"))
        facts.append(("ended", record.endedAt.map { "\($0), after \(($0 - record.startedAt).words)" } ?? "not yet"))
        let acknowledgement = record.acknowledgement.map { acknowledged in
            "by \(acknowledged.user) at \(acknowledged.at.atSecond)"
                + (acknowledged.reason.isEmpty ? "" : ": \(acknowledged.reason)")
        }
        facts.append(("acknowledged", acknowledgement ?? "no"))
        return facts
    }

    /// The documents that other parts wrote as JSON.
    private var documents: [(label: String, lines: [String])] {
        let sentences = lossSentences + lostSets
        let loss = sentences.isEmpty ? record.loss.map { Self.lines(ofJSON: $0) } : sentences.map(\.sanitized)
        let results = hookResults.flatMap { result in
            [result.words.sanitized]
                + result.output.sanitizedLines.split(separator: "\n").map { "  \($0)" }
        }
        let hooks = results.isEmpty ? record.hooks.map { Self.lines(ofJSON: $0) } : results
        let report = record.report.map { Self.lines(ofJSON: $0) }
        return [("Loss", loss), ("Hooks", hooks), ("Report", report)].compactMap { label, lines in
            lines.map { (label, $0) }
        }
    }

    /// What happened, in order: the failure, each step's end, the log.
    var timeline: [(at: Timestamp, text: String)] {
        var entries = [(record.startedAt, "the recovery began")]
        if let detection {
            entries.append((detection.failure.began, "\(detection.failure.code) of \(detection.failure.subject) began"))
        }
        entries += record.notes.map { ($0.at, $0.text) }
        if let promoted, let successor = record.successor { entries.append((promoted, "\(successor) took writes")) }
        for part in parts {
            for (index, step) in part.record.steps {
                let purpose = part.plan.flatMap { $0.steps.indices.contains(index) ? $0.steps[index].purpose : nil }
                let name = "\(part.name), step \(index + 1)" + (purpose.map { " (\($0))" } ?? "")
                entries.append((step.at, "\(name): \(step.state.rawValue)"))
            }
        }
        if let ended = record.endedAt {
            entries.append((ended, "the recovery ended: \(record.outcome(at: now).words)"))
        }
        return entries.sorted { $0.0 < $1.0 }.map { (at: $0.0, text: $0.1) }
    }

    /// The plan with its statements, and what became of each step.
    private func statements(of part: Part) -> [String] {
        var lines = part.plan?.text.split(separator: "\n").map(String.init) ?? ["its plan cannot be read"]
        for (index, step) in part.record.steps.sorted(by: { $0.key < $1.key }) {
            lines.append("step \(index + 1): \(step.state.rawValue) at \(step.at)\(step.note.map { ": \($0)" } ?? "")")
        }
        return lines.flatMap { $0.sanitizedLines.split(separator: "\n").map(String.init) }
    }

    static func lines(ofJSON text: String) -> [String] {
        let pretty = (try? JSON(parsing: Array(text.utf8)))?.text(.pretty) ?? text
        return pretty.sanitizedLines.split(separator: "\n").map(String.init)
    }

}
