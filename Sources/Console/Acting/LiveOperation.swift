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
    /// What steps at work wait for, by their places; several may be at work at once.
    private(set) var waits: [Int: String] = [:]
    /// What was sent and is not answered yet, by the step's place.
    private(set) var sent: [Int: [String]] = [:]
    var outcome: ActOutcome?
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
        switch event {
        case .began(let number): self.number = number
        case .stepBegan(let index): set(index, .running(since: moment))
        case .sending(let index, let statements):
            waits[index] = nil
            sent[index] = statements
        case .waiting(let index, let words): waits[index] = words
        case .stepEnded(let index, let time): set(index, .done(time))
        case .stepSkipped(let index): set(index, .skipped)
        case .stepFailed(let failure): set(failure.step, .failed(failure))
        case .ended: break
        }
    }

    /// How long it took by the wall clock; `nil` while it runs, and where the clock was set back meanwhile.
    var duration: Duration? { endedAt.flatMap { $0 >= startedAt ? $0 - startedAt : nil } }

    /// From when on it is told what a step waits for that has not said so itself: most answer before.
    private static let patience: Duration = .seconds(1)

    /// What a step at work waits for, and for how long at most.
    func wait(of index: Int, at moment: Timestamp) -> String? {
        guard case .running(let since) = steps[index] else { return nil }
        let step = sheet.plan?.steps[index]
        let most = step.map { ", for \($0.timeLimit.words) at most" } ?? ""
        if let words = waits[index] { return words + most }
        guard moment >= since, moment - since > Self.patience, let step else { return nil }
        guard let statement = sent[index]?.last else { return "the connection to \(step.instance)\(most)" }
        return "the answer of \(step.instance) to \(statement)\(most)"
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
