import ArgumentParser
import Dispatch
import Engine
import Foundation
import Operations
import Refactoring
import Servers
import Synchronization
import Topology

/// How somebody wants to be asked and answered.
struct RunOptions {
    var isConfirmed: Bool
    var confirmedRules: Set<RuleID>
    var output: FormatOption

    init(isConfirmed: Bool, confirmedRules: [RuleID], output: FormatOption) {
        self.isConfirmed = isConfirmed
        self.confirmedRules = Set(confirmedRules)
        self.output = output
    }

    init(_ options: OperationOptions) {
        self.init(
            isConfirmed: options.isConfirmed, confirmedRules: options.confirming.rules, output: options.output)
    }
}

/// One plan on its way: confirmed, carried out, answered.
struct OperationRun {
    let options: RunOptions
    let ground: OperationGround

    typealias Body =
        @Sendable (OperationDesk, @escaping @Sendable (OperationEvent) -> Void) async throws -> OperationReport

    /// The plan as it was confirmed: by the command line, or by somebody at the terminal, to whom it is shown.
    ///
    /// - Parameter again: plans anew, where somebody took long to answer.
    /// - Throws: ``CommandFailure`` where it is not confirmed.
    func confirm(
        _ planned: PlannedOperation, again: () async throws -> PlannedOperation
    ) async throws -> PlannedOperation {
        let open = planned.rulesToConfirm.filter { !options.confirmedRules.contains($0) }
        if options.isConfirmed {
            guard open.isEmpty else { throw Self.unconfirmed(planned, open) }
            return planned
        }
        guard Self.isAtTerminal else {
            throw CommandFailure(
                .unconfirmed,
                "\(planned.plan.intent): nothing was done, because nobody is there to confirm it; look at the plan with "
                    + "--dry-run, and carry it out with --yes" + Self.flags(open))
        }
        var shown = planned
        while true {
            let asked = ContinuousClock.now
            Answer.remark(try shown.lines.joined(separator: "\n"))
            try await ask(shown, open: shown.rulesToConfirm.filter { !options.confirmedRules.contains($0) })
            if ContinuousClock.now - asked < ground.settings.rules.staleness / 2 { return shown }
            let now = try await again()
            if now.plan.withoutLimits == shown.plan.withoutLimits, now.rulesToConfirm == shown.rulesToConfirm {
                return now
            }
            Answer.remark("\nMeanwhile things have changed, and so has the plan:\n")
            shown = now
        }
    }

    private static func unconfirmed(_ planned: PlannedOperation, _ open: [RuleID]) -> CommandFailure {
        let reasons = planned.verdict.reasons.filter { open.contains($0.rule) }.flatMap(\.lines)
        return CommandFailure(
            .unconfirmed,
            "\(planned.plan.intent): nothing was done, because --yes alone does not confirm this:\n"
                + reasons.joined(separator: "\n") + "\nwho has read it adds" + flags(open))
    }

    private static func flags(_ rules: [RuleID]) -> String { rules.map { " --confirm \($0)" }.joined() }

    private static var isAtTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    private func ask(_ planned: PlannedOperation, open: [RuleID]) async throws {
        let name = planned.plan.subject?.description ?? ""
        let question =
            open.isEmpty
            ? "Carry it out? [y/N] "
            : "This has to be confirmed (\(open.map(\.rawValue).joined(separator: ", "))): type \(name) to carry it out: "
        Answer.show("\n" + question)
        let line = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: readLine() ?? "") }
        }.trimmingCharacters(in: .whitespaces)
        let isYes = open.isEmpty ? ["y", "yes"].contains(line.lowercased()) : line == name
        guard isYes else { throw CommandFailure(.unconfirmed, "nothing was done") }
    }

    /// Carries the plan out and answers.
    ///
    /// - Throws: ``CommandFailure`` where it was not begun, or did not come to its end.
    func carryOut(_ planned: PlannedOperation, _ body: @escaping Body) async throws {
        let started = ContinuousClock.now
        let carried = Mutex(planned)
        let report = try await run(planned.plan) { desk, progress in
            try await body(desk) { event in
                if case .plannedAnew(let plan, let verdict, _) = event {
                    carried.withLock { $0 = $0.planned(anew: plan, verdict) }
                }
                progress(event)
            }
        }
        await ground.keepOutcome(of: carried.withLock { $0.plan }, on: planned.answer)
        var outcome = OperationOutcome(
            planned: carried.withLock { $0 }, report: report, took: ContinuousClock.now - started)
        guard report.isDone else {
            if options.output.format == .json {
                Answer.print(try outcome.json)
                throw ExitCode(CommandFailure.Code.unfinished.rawValue)
            }
            throw CommandFailure(.unfinished, outcome.lines.joined(separator: "\n"))
        }
        // That is known before anybody waits for more.
        if options.output.format == .text { Answer.print(lines: outcome.lines) }
        outcome.swapped = await swapIn(after: outcome.planned, report)
        if options.output.format == .json { Answer.print(try outcome.json) }
        guard let swapped = outcome.swapped else { return }
        if swapped.isUnfinished {
            if options.output.format == .json { throw ExitCode(CommandFailure.Code.unfinished.rawValue) }
            throw CommandFailure(.unfinished, swapped.line)
        }
        if options.output.format == .text { Answer.print(line: swapped.line) }
    }

    private func run(_ plan: Plan, _ body: @escaping Body) async throws -> OperationReport {
        let progress = OperationProgress(plan)
        let desk = ground.desk
        let work = Task { try await body(desk, progress.note) }
        let stop = StopSignals {
            work.cancel()
            progress.remark(
                "stopping before the next stage; what has begun comes to its end. Again to leave at once, the rest to "
                    + "be decided with baton operations.")
        }
        defer { stop.end() }
        do {
            let report = try await work.value
            await progress.end()
            return report
        } catch let error as OperationError {
            await progress.end()
            if case .refused(let reasons) = error {
                throw options.output.refusing(RefusedOperation(verb: plan.verb, reasons: reasons))
            }
            throw CommandFailure(error)
        }
    }
}
