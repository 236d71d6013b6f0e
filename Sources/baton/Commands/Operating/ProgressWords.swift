import Console
import Operations
import Refactoring
import Topology

/// How far an operation is, in words: what each of its steps does and waits for, as far as it has told.
struct ProgressWords {
    private var plan: Plan
    /// Of the operation, until its first step begins.
    private var number: Int64?
    /// The steps at work, with when they began, counted from the operation's own beginning.
    private var running: [Int: Duration] = [:]
    private var waits = StepWaits()
    /// The hook at work.
    private var hook: String?

    init(_ plan: Plan) {
        self.plan = plan
    }

    /// Takes what the executor tells.
    ///
    /// - Parameter elapsed: since the operation began.
    mutating func take(_ event: OperationEvent, after elapsed: Duration) {
        waits.take(event)
        switch event {
        case .began(let number): self.number = number
        case .stepBegan(let index):
            number = nil
            running[index] = elapsed
        case .stepEnded(let index, _), .stepSkipped(let index): running[index] = nil
        case .stepFailed(let failure): running[failure.step] = nil
        case .hook(let news): hook = news.ending == nil ? "hook \(news.occasion): \(news.command.sanitized)" : nil
        case .plannedAnew(let other, _, _): (plan, running) = (other, [:])
        case .sending, .waiting, .ended: break
        }
    }

    /// A line for each step at work, by its place; one for the operation itself, at -1, before the first.
    func lines(after elapsed: Duration) -> [(step: Int, text: String)] {
        guard !running.isEmpty else { return (hook ?? begun).map { [(-1, $0)] } ?? [] }
        return steps.map { index, step in
            let wait = wait(of: index, step, after: elapsed).map { "; \($0)" } ?? ""
            return (index, "step \(index + 1) of \(plan.steps.count), \(step.instance): \(step.purpose)\(wait)")
        }
    }

    /// The first of them in one line that changes, where there is little room: what a step that waits is for stands in the
    /// plan.
    func line(after elapsed: Duration) -> String? {
        guard let (index, step) = steps.first else { return hook ?? begun }
        let place = "step \(index + 1) of \(plan.steps.count)"
        let more = running.count > 1 ? ", \((running.count - 1).counted("other")) at work" : ""
        let wait = wait(of: index, step, after: elapsed).map { " \($0)" }
        return place + (wait ?? ", \(step.instance): \(step.purpose)") + more
    }

    private var begun: String? { number.map { "operation \($0) has begun" } }

    private var steps: [(Int, Step)] {
        running.keys.sorted().filter(plan.steps.indices.contains).map { ($0, plan.steps[$0]) }
    }

    private func wait(of index: Int, _ step: Step, after elapsed: Duration) -> String? {
        waits.words(of: index, step, after: elapsed - (running[index] ?? elapsed))
            .map { "waits: \($0), for \(step.timeLimit.words) at most" }
    }
}
