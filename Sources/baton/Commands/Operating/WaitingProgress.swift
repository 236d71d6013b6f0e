import Foundation
import Synchronization
import TerminalKit

/// Says on standard error what something waits for that is looked at again and again.
///
/// On a terminal that is one line that changes; elsewhere a line whenever more than a figure has changed.
final class WaitingProgress: Sendable {
    private let purpose: String
    private let started = ContinuousClock.now
    private let isTerminal = isatty(STDERR_FILENO) == 1
    /// What was said last, without its figures; `nil` before that.
    private let said = Mutex<String?>(nil)

    /// - Parameter purpose: what is to happen then, as a sentence without its full stop.
    init(_ purpose: String) {
        self.purpose = purpose
    }

    /// Says why it is not time yet.
    func say(_ why: String) {
        let words = why.filter { !$0.isNumber }
        let isNew = said.withLock { said in
            defer { said = words }
            return said != words
        }
        guard isTerminal else {
            if isNew { Answer.remark("\(purpose): \(why)") }
            return
        }
        let end = ", \((ContinuousClock.now - started).components.seconds) s"
        let room = TextLook.columns(of: STDERR_FILENO) - 1 - CellText.width(end)
        Answer.show("\r" + CellText.clip("\(purpose): \(why)", to: room) + end + "\u{1B}[K")
    }

    /// Takes the line away again.
    func end() {
        let wasSaid = said.withLock { said in
            defer { said = nil }
            return said != nil
        }
        if wasSaid, isTerminal { Answer.show("\r\u{1B}[K") }
    }
}
