import Operations
import Refactoring
import Storage
import TerminalKit
import Topology

/// An operation as lines: how it stands, its steps, and after a failure what there is to know and to decide.
struct OperationText {
    let width: Int
    let palette: Palette
    let model: ConsoleModel

    func lines(_ live: LiveOperation?, _ record: OperationRecord?, _ choices: [KeyAction]) -> [[StyledText]] {
        var sections: [Details.Section] = []
        sections.append(Details.Section(heading: "", lines: head(live, record)))
        let head = text(sections)
        let steps = steps(live, record).map { [[]] + $0 } ?? []
        var end = text(ending(live, record) + consequences(live, record) + [decision(choices)])
        if !end.isEmpty { end.insert([], at: 0) }
        // What has to be decided, and why nothing was done, is seen before the steps.
        let isNotBegun = if case .notBegun? = live?.outcome { true } else { false }
        return choices.contains(.resume) || isNotBegun ? head + end + steps : head + steps + end
    }

    private func steps(_ live: LiveOperation?, _ record: OperationRecord?) -> [[StyledText]]? {
        let text = StepText(width: width, palette: palette, fleet: model.known.fleet)
        if let live, let document = live.sheet.document { return text.lines(document, standings(live)) }
        guard let record, let operation = model.operations.read[record.id],
            let document = try? PlanDocument(operation.plan, on: model.known.fleet)
        else { return nil }
        return text.lines(document, standings(record, document))
    }

    private func text(_ sections: [Details.Section]) -> [[StyledText]] {
        DetailText(Details(sections: sections, hasRunningAge: true), width: width, palette: palette).lines
    }
}

// MARK: - How it stands

extension OperationText {
    private func head(_ live: LiveOperation?, _ record: OperationRecord?) -> [Details.Line] {
        var lines = [Details.Line("state", words: live.map(state) ?? record.map(state) ?? [])]
        if let record {
            let words = "\(OperationWords.origin(record)), begun \(model.when(record.startedAt))"
            lines.append(Details.Line("by", Words(record.user.sanitized), Words(words, .faint)))
            if record.outcome == .running, live == nil {
                let label = model.operations.isOpen(record) ? "left by" : "held by"
                lines.append(Details.Line(label, Words("\(record.holder)".sanitized)))
            }
            if let undone = record.undoes { lines.append(Details.Line("takes back", Words("operation \(undone)"))) }
            lines += attempts(record)
        }
        let reason = record?.reason ?? live?.reason ?? ""
        if !reason.isEmpty { lines.append(Details.Line("reason", Words(reason.sanitized))) }
        return lines
    }

    /// Which attempt is the newer one, where an operation and the taking back of it both wait for a decision.
    private func attempts(_ record: OperationRecord) -> [Details.Line] {
        guard model.operations.isOpen(record) else { return [] }
        var lines: [Details.Line] = []
        if let older = record.undoes.flatMap(model.operations.record), model.operations.isOpen(older) {
            let words = "this is the newer attempt; decide here first, operation \(older.id) is open as well"
            lines.append(Details.Line("newer", Words(words, .warning)))
        }
        let newer = model.operations.records.filter { $0.undoes == record.id && model.operations.isOpen($0) }
        if let last = newer.max(by: { $0.id < $1.id }) {
            let words =
                "operation \(last.id) began to take this back and is open as well: it is the newer attempt; "
                + "decide there first"
            lines.append(Details.Line("older", Words(words, .warning)))
        }
        return lines
    }

    private func state(_ live: LiveOperation) -> [Words] {
        let count = live.steps.count
        switch live.outcome {
        case nil:
            let place =
                live.currentStep.map { "step \($0 + 1) of \(count)" } ?? "\(live.doneCount) of \(count) steps done"
            let time = (model.wallTime - live.startedAt).words
            let stopping = live.isStopping ? [Words(", stops before the next step", .warning)] : []
            if let hook = live.currentHook {
                return [
                    Words("running a hook", .warning),
                    Words(", \(hook.occasion): \(hook.command), \(place), \(time)".sanitized, .faint),
                ] + stopping
            }
            let word = live.number == nil ? "taking the servers' locks" : "running"
            return [Words(word, .warning), Words(", \(place), \(time)", .faint)] + stopping
        case .report(let report)?:
            switch report.ending {
            case .done:
                let time = live.duration.map { [Words(" in \($0.fineWords)", .faint)] } ?? []
                let failed = live.hooks.filter(\.isFailure)
                let hooks = failed.isEmpty ? [] : [Words("; \(failed.count.counted("hook")) failed", .bad)]
                return [Words("done and verified", .good)] + time + hooks
            case .failed(let failures):
                let steps = failures.map { "\($0.step + 1)" }.joined(separator: ", ")
                return [Words("failed at step \(steps) of \(count)", .bad), Words("; nothing more is done", .faint)]
            case .stopped(let step): return [Words("stopped before step \(step + 1) of \(count)", .warning)]
            }
        case .notBegun?: return [Words("not begun", .bad), Words("; nothing was changed", .faint)]
        case .left?: return [Words("left as it is")]
        }
    }

    private func state(_ record: OperationRecord) -> [Words] {
        let end = record.endedAt.map { " \(model.when($0))" } ?? ""
        let isOpen = model.operations.isOpen(record)
        return [OperationWords.outcome(record, isOpen: isOpen), Words(end, .faint)]
    }
}

// MARK: - Steps

extension OperationText {
    private func standings(_ live: LiveOperation) -> [StepText.Standing] {
        live.steps.enumerated().map { index, step in
            switch step {
            case .waiting: return StepText.Standing(sign: .waiting, words: "", isOpen: false)
            case .running(let since):
                let time = model.wallTime >= since ? (model.wallTime - since).words : ""
                let note = live.wait(of: index, at: model.wallTime).map { "waits: \($0)" }
                return StepText.Standing(sign: .running, words: time, isOpen: true, note: note)
            case .done(let time): return StepText.Standing(sign: .done, words: time.fineWords, isOpen: false)
            case .skipped: return StepText.Standing(sign: .skipped, words: "was done", isOpen: false)
            case .failed:
                // Its words stand under what failed.
                return StepText.Standing(sign: .failed, words: "failed", isOpen: true)
            }
        }
    }

    private func standings(_ record: OperationRecord, _ document: PlanDocument) -> [StepText.Standing] {
        let isOpen = model.operations.isOpen(record)
        return document.steps.indices.map { index in
            guard let step = record.steps[index] else {
                return StepText.Standing(sign: .waiting, words: "", isOpen: record.steps.isEmpty)
            }
            let time = model.brief(step.at)
            switch step.state {
            case .begun:
                let words = isOpen ? "interrupted" : "running"
                return StepText.Standing(sign: isOpen ? .failed : .running, words: words, isOpen: true, note: step.note)
            case .done: return StepText.Standing(sign: .done, words: time, isOpen: false, note: step.note)
            case .skipped: return StepText.Standing(sign: .skipped, words: "was done", isOpen: false, note: step.note)
            case .failed: return StepText.Standing(sign: .failed, words: "failed", isOpen: true, note: step.note)
            case .refused: return StepText.Standing(sign: .failed, words: "not begun", isOpen: true, note: step.note)
            }
        }
    }
}

// MARK: - The end

extension OperationText {
    private func ending(_ live: LiveOperation?, _ record: OperationRecord?) -> [Details.Section] {
        switch live?.outcome {
        case .report(let report)?: return sections(report)
        case .notBegun(let reason)?:
            return [Details.Section(heading: "why", lines: [Details.Line("", Words(reason, .bad))])]
        case .left?: return []
        case nil:
            guard let text = record?.report, !text.isEmpty else { return [] }
            let rows = text.sanitized.split(separator: "\n").map { Details.Line("", Words(String($0))) }
            // One that was resumed has words already while it runs.
            let isRunning = live != nil || record.map { $0.outcome == .running && !model.operations.isOpen($0) } == true
            return [Details.Section(heading: isRunning ? "so far" : "how it ended", lines: rows)]
        }
    }

    private func sections(_ report: OperationReport) -> [Details.Section] {
        var sections: [Details.Section] = []
        if case .failed(let failures) = report.ending {
            let lines = failures.flatMap { failure in
                [
                    Details.Line("on", Words("\(failure.instance)", .strong), Words(", \(failure.purpose)")),
                    Details.Line("", Words(failure.message, .bad)),
                    Details.Line("", Words(Self.words(failure.phase), .faint)),
                ]
            }
            sections.append(Details.Section(heading: "what failed", lines: lines))
        }
        let states = report.states.sorted { $0.key < $1.key }.map {
            Details.Line("", Words("\($0.key)  ", .strong), Words($0.value))
        }
        sections.append(Details.Section(heading: "how things are now", lines: states))
        var odd = report.remarks.map { Details.Line("not done", Words($0, .warning)) }
        odd += report.changedOptions.map { Details.Line("changed", Words("\($0)", .warning)) }
        if let blocked = report.writesBlocked {
            let tone: Tone = if case .blocked = blocked.end { .bad } else { .plain }
            odd.append(Details.Line("writes", Words(blocked.sentence, tone)))
        }
        if let trouble = report.journalTrouble {
            odd.append(Details.Line("journal", Words("its end could not be written down: \(trouble)", .warning)))
        }
        sections.append(Details.Section(heading: "to know", lines: odd))
        return sections
    }

    private static func words(_ phase: StepFailure.Phase) -> String {
        switch phase {
        case .precondition: "something that must be true before is not: nothing of this step was run"
        case .statements: "a statement failed, or its answer was lost"
        case .proof: "the statements ran, but what they should bring about was not seen in time"
        case .lock: "a lock was lost: nothing of this step was run"
        case .journal: "the journal could not be written"
        }
    }

    /// What a recovery cost, and how its hooks ended: of one of this console as it goes, of others by its record.
    private func consequences(_ live: LiveOperation?, _ record: OperationRecord?) -> [Details.Section] {
        let id = live?.number ?? record?.id
        let recovery = id.flatMap { id in
            model.recoveries.book.recoveries.first { $0.parts.contains { $0.operation == id } }
        }
        let live = live?.hooks ?? []
        return [
            Details.Section(
                heading: "hooks", lines: live.isEmpty ? HookWords.recorded(recovery?.hooks) : HookWords.ended(live)),
            Details.Section(heading: "what was lost", lines: recovery.map(RecoveryWords.loss) ?? []),
        ]
    }

    private func decision(_ choices: [KeyAction]) -> Details.Section {
        let lines = choices.map { action in
            Details.Line(TreeScreen.operationKey(action, model), Words(OperationWords.choice(action)))
        }
        return Details.Section(heading: choices.contains(.resume) ? "to decide" : "possible now", lines: lines)
    }
}
