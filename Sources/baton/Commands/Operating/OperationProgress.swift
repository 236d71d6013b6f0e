import Foundation
import Operations
import Refactoring
import Synchronization
import Topology

/// Says on standard error how far an operation is, when it takes more than a second.
///
/// On a terminal that is one line that changes; elsewhere a line for each step and each thing that is waited for.
final class OperationProgress: Sendable {
    private struct State {
        var line: String?
        var said: String?
        var isShown = false
    }

    private let plan: Plan
    private let started = ContinuousClock.now
    private let state = Mutex(State())
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let ticking = Mutex<Task<Void, Never>?>(nil)

    init(_ plan: Plan) {
        self.plan = plan
        let task = Task { [weak self] in
            while (try? await Task.sleep(for: .milliseconds(250))) != nil { self?.tick() }
        }
        ticking.withLock { $0 = task }
    }

    /// Takes note of what the operation tells.
    @Sendable
    func note(_ event: OperationEvent) {
        guard let line = words(for: event) else { return }
        state.withLock { $0.line = line }
    }

    /// Says something at once.
    func remark(_ text: String) {
        clear()
        Answer.remark(text)
    }

    /// Takes the line away again.
    func end() async {
        let task = ticking.withLock { $0 }
        task?.cancel()
        await task?.value
        clear()
    }

    private func tick() {
        let seconds = (ContinuousClock.now - started).components.seconds
        guard seconds >= 1 else { return }
        let text: String? = state.withLock { state in
            guard let line = state.line else { return nil }
            if isTerminal {
                state.isShown = true
                return "\r\(line), \(seconds) s\u{1B}[K"
            }
            guard line != state.said else { return nil }
            state.said = line
            return "\(line)\n"
        }
        if let text { Answer.show(text) }
    }

    private func clear() {
        let isShown = state.withLock { state in
            defer { state.isShown = false }
            return state.isShown
        }
        if isShown { Answer.show("\r\u{1B}[K") }
    }

    private func words(for event: OperationEvent) -> String? {
        switch event {
        case .began(let id): "operation \(id) has begun"
        case .stepBegan(let index): words(for: index, "")
        case .waiting(let index, let what): words(for: index, "; waiting: \(what)")
        case .sending, .stepEnded, .stepSkipped, .stepFailed, .ended: nil
        }
    }

    private func words(for index: Int, _ rest: String) -> String? {
        guard plan.steps.indices.contains(index) else { return nil }
        let step = plan.steps[index]
        return "step \(index + 1) of \(plan.steps.count), \(step.instance): \(step.purpose)\(rest)"
    }
}
