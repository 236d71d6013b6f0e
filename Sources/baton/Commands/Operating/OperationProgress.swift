import Foundation
import Operations
import Refactoring
import Synchronization
import TerminalKit
import Topology

/// Says on standard error how far an operation is, when it takes more than a second.
///
/// On a terminal that is one line that changes; elsewhere a line for each step and each thing that is waited for.
final class OperationProgress: Sendable {
    private struct State {
        var words: ProgressWords
        var said: [Int: String] = [:]
        var isShown = false
    }

    private let started = ContinuousClock.now
    private let state: Mutex<State>
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let ticking = Mutex<Task<Void, Never>?>(nil)

    init(_ plan: Plan) {
        state = Mutex(State(words: ProgressWords(plan)))
        let task = Task { [weak self] in
            while (try? await Task.sleep(for: .milliseconds(250))) != nil { self?.tick() }
        }
        ticking.withLock { $0 = task }
    }

    /// Takes note of what the operation tells.
    @Sendable
    func note(_ event: OperationEvent) {
        let elapsed = ContinuousClock.now - started
        state.withLock { $0.words.take(event, after: elapsed) }
        if case .plannedAnew(_, _, let why) = event { remark("planned anew, as it was confirmed: \(why)") }
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
        let elapsed = ContinuousClock.now - started
        guard elapsed >= .seconds(1) else { return }
        let text: String? = state.withLock { state in
            if isTerminal {
                guard let line = state.words.line(after: elapsed) else { return nil }
                state.isShown = true
                return "\r" + Self.fitted(line, before: ", \(elapsed.components.seconds) s") + "\u{1B}[K"
            }
            let news = state.words.lines(after: elapsed).filter { state.said[$0.step] != $0.text }
            for line in news { state.said[line.step] = line.text }
            return news.isEmpty ? nil : news.map { $0.text + "\n" }.joined()
        }
        if let text { Answer.show(text) }
    }

    /// A line that the terminal would break could not be taken away again.
    private static func fitted(_ line: String, before end: String) -> String {
        CellText.clip(line, to: TextLook.columns(of: STDERR_FILENO) - 1 - CellText.width(end)) + end
    }

    private func clear() {
        let isShown = state.withLock { state in
            defer { state.isShown = false }
            return state.isShown
        }
        if isShown { Answer.show("\r\u{1B}[K") }
    }
}
