import Hooks
import Recovery
import Refactoring
import Storage
import Topology

/// A recovery as a document to hand on: what happened and when, why this server took over, what was done and lost, and what is
/// left to do. What was learnt is for people to write.
struct PostMortem {
    let account: RecoveryAccount

    private var record: RecoveryRecord { account.record }
    private var outcome: RecoveryRecord.Outcome { record.outcome(at: account.now) }

    var text: String {
        var lines = ["# Post-mortem: \(Markdown.escaped(account.title))", ""]
        lines += ["## Summary", ""] + summary.map { Markdown.escaped($0) } + [""] + overview
        lines += ["", "## Time line", ""] + timeline
        lines += ["", "## What was seen", ""] + evidence
        lines += ["", "## Who could take over", ""] + candidates
        lines += ["", "## What was lost", ""] + loss
        lines += ["", "## What was done", ""] + steps
        lines += ["", "## Hooks", ""] + hooks
        lines += ["", "## What is left to do", ""] + remaining.map { "- [ ] \(Markdown.escaped($0))" }
        if remaining.isEmpty { lines.append("Nothing.") }
        return lines.map { $0 + "\n" }.joined()
    }
}

// MARK: Summary

extension PostMortem {
    private var summary: [String] {
        [[happened, took, promotedAt, lossSummary].compactMap { $0 }.joined(separator: " ")]
    }

    private var happened: String {
        let role = account.detection.map { $0.failure.role == "replica" ? "" : ", its \($0.failure.role)," } ?? ""
        guard let detection = account.detection else {
            return "A \(record.kind.words) of \(record.failed) in \(record.cluster) was asked for."
        }
        return
            "In \(record.cluster)\(role) \(record.failed) failed at \(detection.failure.began) (\(detection.failure.code))."
    }

    private var took: String {
        let who = record.trigger == .automatic ? "baton by itself" : record.author.who
        let lasted = record.endedAt.map { " and took \(($0 - record.startedAt).span)" } ?? ""
        let waited =
            account.detection.map { " \((record.startedAt - $0.failure.began).span) later" }
            ?? " at \(record.startedAt)"
        let ending: String =
            switch outcome {
            case .done: record.successor.map { "\($0) took its place" } ?? "it was done"
            case .failed: "it failed, and waits for a decision"
            case .stopped, .interrupted: "it did not come to its end, and waits for a decision"
            case .running: "it is under way"
            case .takenBack: "it was taken back"
            case .left: "it was left as it was"
            case .notBegun: "nothing was changed"
            }
        return "The recovery was begun\(waited) by \(who)\(lasted): \(ending)."
    }

    private var promotedAt: String? {
        guard let promoted = account.promoted else { return nil }
        let since = account.detection?.failure.began ?? record.startedAt
        return "Clients could write again \((promoted - since).span) after "
            + (account.detection == nil ? "it began." : "the failure began.")
    }

    private var lossSummary: String? {
        let sentences = account.lossSentences
        guard !sentences.isEmpty else { return nil }
        return "Lost: " + sentences.joined(separator: "; ") + "."
    }

    private var overview: [String] {
        ["| | |", "|---|---|"] + account.facts.map { "| \($0.label) | \(Markdown.escaped($0.text)) |" }
    }
}

// MARK: Time line and evidence

extension PostMortem {
    private var timeline: [String] {
        let entries = account.timeline
        let first = entries.first?.at ?? record.startedAt
        return ["| at | after | what |", "|---|---:|---|"]
            + entries.map { "| \($0.at) | \(($0.at - first).span) | \(Markdown.escaped($0.text)) |" }
    }

    private var evidence: [String] {
        guard let detection = account.detection else { return ["No failure was found: it was asked for by hand."] }
        guard let lines = (try? JSON(parsing: Array(detection.failure.evidence.utf8)))?.elements, !lines.isEmpty else {
            return Markdown.block(detection.evidenceLines)
        }
        return lines.map { line in
            let since = line["since"]?.text.map { ", since \($0)" } ?? ""
            let witness = line["witness"]?.text == "replica" ? "says that it" : "seen by baton: it"
            let channel = line["channel"]?.text.flatMap { $0.isEmpty ? nil : " (channel \($0))" } ?? ""
            return "- "
                + Markdown.escaped(
                    "\(line["server"]?.text ?? "?")\(channel), \(witness): \(line["text"]?.text ?? "")\(since)")
        }
    }
}

// MARK: Candidates and loss

extension PostMortem {
    private var candidates: [String] {
        guard let ranking = account.ranking, let found = ranking["candidates"]?.elements, !found.isEmpty else {
            return ["Nobody's place was to be taken, or it was not written down who could."]
        }
        var lines = [
            "| | candidate | may be promoted | misses | to apply | rule | data centre | why not |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for (place, candidate) in found.enumerated() {
            let server = candidate["server"]?.text ?? "?"
            let isChosen = server == record.successor?.description || record.successor == nil && place == 0
            let reasons = candidate["reasons"]?.elements.compactMap { $0["sentence"]?.text } ?? []
            let cells = [
                server, candidate["verdict"]?.text ?? "", candidate["missing"]?["words"]?.text ?? "",
                candidate["toApply"]?["words"]?.text ?? "", candidate["promotionRule"]?.text ?? "",
                candidate["dataCenter"]?.text ?? "", reasons.joined(separator: "; "),
            ]
            lines.append(
                "| \(isChosen ? "**taken**" : "\(place + 1)") | "
                    + cells.map { $0.isEmpty ? "-" : Markdown.escaped($0) }.joined(separator: " | ") + " |")
        }
        if let why = whyFirst(found) { lines += ["", Markdown.escaped(why)] }
        return lines
    }

    private func whyFirst(_ found: [JSON]) -> String? {
        guard let first = found.first?["server"]?.text else { return nil }
        if let successor = record.successor, successor.description != first {
            return
                "\(successor) was taken, though \(first) stood before it: somebody named it, or it was chosen anew later."
        }
        guard found.count > 1, let next = found[1]["server"]?.text,
            let criterion = found[0]["beforeNextBy"]?.text.flatMap(CandidateCriterion.init(rawValue:))
        else { return "\(first) was the only one." }
        return "\(first) stands before \(next) because \(criterion.because)."
    }

    private var loss: [String] {
        let sentences = account.lossSentences
        guard !sentences.isEmpty else {
            return record.loss.map { Markdown.block(RecoveryAccount.lines(ofJSON: $0)) }
                ?? ["It was not written down: nobody's place was taken, or the recovery did not come so far."]
        }
        var lines = sentences.enumerated().map { "\($0.offset + 1). \(Markdown.escaped($0.element))" }
        let sets = account.lostSets
        if !sets.isEmpty { lines += ["", "Exactly:", ""] + Markdown.block(sets) }
        return lines
    }
}

// MARK: Steps, hooks and what is left

extension PostMortem {
    private var steps: [String] {
        guard !account.parts.isEmpty else { return ["Nothing was run on any server."] }
        return Array(
            account.parts.map { part in
                [
                    "### \(Markdown.escaped(part.record.intent))", "",
                    "Operation \(part.record.id), \(part.record.outcome(at: account.now).words).", "",
                ] + self.steps(of: part)
            }.joined(separator: [""]))
    }

    private func steps(of part: RecoveryAccount.Part) -> [String] {
        guard let plan = part.plan else { return ["Its plan cannot be read."] }
        var lines: [String] = []
        for step in plan.steps {
            let found = part.record.steps[step.number - 1]
            let state =
                found.map { "\($0.state.rawValue) at \($0.at)" + ($0.note.map { note in ": \(note)" } ?? "") }
                ?? "not begun"
            lines.append("\(step.number). \(Markdown.escaped("\(step.server): \(step.purpose) (\(state))"))")
            if !step.statements.isEmpty {
                lines += [""] + Markdown.block(step.statements.map { $0.sanitized }, "sql").map { "   " + $0 } + [""]
            }
        }
        return lines
    }

    private var hooks: [String] {
        let results = account.hookResults
        guard !results.isEmpty else {
            return record.hooks.map { Markdown.block(RecoveryAccount.lines(ofJSON: $0)) } ?? ["None were run."]
        }
        return Array(
            results.map { result in
                let head = "- \(Markdown.escaped(result.words))"
                let output = result.output.sanitizedLines.split(separator: "\n").map(String.init)
                return [head] + (output.isEmpty ? [] : [""] + Markdown.block(output).map { "  " + $0 })
            }.joined())
    }

    /// What somebody has to do yet, the most urgent first.
    private var remaining: [String] {
        var tasks: [String] = []
        for part in account.parts
        where [.failed, .stopped, .interrupted].contains(part.record.outcome(at: account.now)) {
            tasks.append(
                "Decide about operation \(part.record.id): baton operations show \(part.record.id), then resume, undo or leave."
            )
        }
        if outcome == .done {
            switch record.kind {
            case .failover, .forcedFailover, .coPrimary:
                tasks.append(
                    "Keep \(record.failed) from taking writes when it comes back, and see what it alone has: "
                        + "baton rejoin \(record.failed) --dry-run --transactions.")
                if let successor = record.successor {
                    tasks.append(
                        "Let a restart not undo it: baton readiness \(successor) says which settings of \(successor) are not in its "
                            + "option file.")
                }
                if let swap = account.openSwapIn {
                    tasks.append(
                        "Let \(swap.preferred) be the primary, which operators prefer to \(swap.primary), unless it is by now: "
                            + "\(swap.command).")
                }
            case .switchover, .intermediateSource, .groupMember, .semiSync, .writability, .rejoin: break
            }
            for server in record.lost {
                tasks.append("Bring \(server) back, which was left behind: baton why \(server).")
            }
        }
        for hook in account.hookResults where hook.isFailure { tasks.append("Mend or repeat the hook: \(hook.words).") }
        if record.acknowledgement == nil, record.kind.scope != nil, outcome != .running {
            tasks.append(
                "Acknowledge it, so that this cluster is recovered by itself again: baton ack \(record.id) --reason WHY."
            )
        }
        return tasks
    }
}

extension Duration {
    /// In words, in thousandths below a second: a recovery may take less.
    fileprivate var span: String {
        let milliseconds = components.attoseconds / 1_000_000_000_000_000
        return components.seconds == 0 ? "\(milliseconds) ms" : inWords
    }
}

/// Texts of others in Markdown.
enum Markdown {
    /// A block as it is: its fence is longer than any in it.
    static func block(_ lines: [String], _ language: String = "") -> [String] {
        let longest = lines.map { $0.split { $0 != "`" }.map(\.count).max() ?? 0 }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return [fence + language] + lines + [fence]
    }

    /// A text that is no markup of Markdown's.
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            if "\\`*_[]<>|#".contains(character) { escaped.append("\\") }
            escaped.append(character.isNewline ? " " : character)
        }
    }
}
