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
    let sheet: PlanSheet
    let reason: String
    let startedAt: Timestamp
    /// Its number in the journal, once it has one.
    var number: Int64?
    var steps: [Progress]
    /// What the step at work waits for.
    var waitsFor: String?
    var outcome: ActOutcome?
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
        switch event {
        case .began(let number): self.number = number
        case .stepBegan(let index): set(index, .running(since: moment))
        case .sending: waitsFor = nil
        case .waiting(_, let words): waitsFor = words
        case .stepEnded(let index, let time):
            waitsFor = nil
            set(index, .done(time))
        case .stepSkipped(let index): set(index, .skipped)
        case .stepFailed(let failure): set(failure.step, .failed(failure))
        case .ended: break
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
