import Operations
import Refactoring
import Topology

/// An operation that this console runs, or ran.
struct LiveOperation: Sendable, Identifiable {
    /// How far a step has come.
    enum Progress: Hashable, Sendable {
        case waiting
        case running(since: Timestamp)
        case done(Duration)
        /// It was found done already.
        case skipped
        case failed(StepFailure)
    }

    /// This console's own number for it; the journal's comes later.
    let id: Int
    let deed: Deed
    private(set) var sheet: PlanSheet
    let reason: String
    let startedAt: Timestamp
    /// Its number in the journal, once it has one.
    var number: Int64?
    var steps: [Progress]
    private var waits = StepWaits()
    var outcome: ActOutcome?
    /// The hooks that ran around it, and the one at work.
    private(set) var hooks: [HookNews] = []
    /// When it ended; `nil` while it runs.
    var endedAt: Timestamp?
    /// Whether it was asked to stop before its next step.
    var isStopping = false

    init(_ id: Int, _ deed: Deed, _ sheet: PlanSheet, reason: String, at moment: Timestamp) {
        self.id = id
        self.deed = deed
        self.sheet = sheet
        self.reason = reason
        startedAt = moment
        steps = Array(repeating: .waiting, count: sheet.plan?.steps.count ?? 0)
    }

    var isRunning: Bool { outcome == nil }

    /// The step that is at work, by its place.
    var currentStep: Int? { steps.firstIndex { if case .running = $0 { true } else { false } } }

    var doneCount: Int {
        steps.reduce(0) { count, step in
            switch step {
            case .done, .skipped: count + 1
            case .waiting, .running, .failed: count
            }
        }
    }

    /// Takes what the executor tells.
    mutating func take(_ event: OperationEvent, at moment: Timestamp) {
        waits.take(event)
        switch event {
        case .began(let number): self.number = number
        case .stepBegan(let index): set(index, .running(since: moment))
        case .stepEnded(let index, let time): set(index, .done(time))
        case .stepSkipped(let index): set(index, .skipped)
        case .stepFailed(let failure): set(failure.step, .failed(failure))
        case .hook(let news):
            let place = hooks.lastIndex {
                $0.ending == nil && $0.occasion == news.occasion && $0.command == news.command
            }
            if let place { hooks[place] = news } else { hooks.append(news) }
        case .plannedAnew(let plan, let verdict, _):
            sheet = sheet.planned(anew: plan, verdict)
            steps = Array(repeating: .waiting, count: plan.steps.count)
        case .sending, .waiting, .ended: break
        }
    }

    /// The hook at work; `nil` while none is.
    var currentHook: HookNews? { hooks.last { $0.ending == nil } }

    /// How long it took by the wall clock; `nil` while it runs, and where the clock was set back meanwhile.
    var duration: Duration? { endedAt.flatMap { $0 >= startedAt ? $0 - startedAt : nil } }

    /// What a step at work waits for, and for how long at most.
    func wait(of index: Int, at moment: Timestamp) -> String? {
        guard case .running(let since) = steps[index] else { return nil }
        let step = sheet.plan?.steps[index]
        return waits.words(of: index, step, after: moment >= since ? moment - since : .zero).map { words in
            words + (step.map { ", for \($0.timeLimit.words) at most" } ?? "")
        }
    }

    private mutating func set(_ index: Int, _ progress: Progress) {
        if steps.indices.contains(index) { steps[index] = progress }
    }
}

/// How something that was carried out ended.
public enum ActOutcome: Hashable, Sendable {
    case report(OperationReport)
    /// It was not begun, and why; nothing was changed.
    case notBegun(String)
    /// An operation was left as it is.
    case left
}
