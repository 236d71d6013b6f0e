import CTerminal
import Foundation
import Glibc
import Synchronization
import TerminalKit

/// The real terminal in full-screen mode.
///
/// One thread of its own has ncurses; it sleeps in `poll` until a key, a signal or a new picture comes, so that idling
/// costs
/// nothing and no thread of Swift's pool is ever held. Nothing but values goes in and out.
public final class TerminalSession: Terminal {
    /// How a session is set up.
    public struct Options: Sendable {
        /// Colours to use at most; nil takes what the terminal has, or none where `NO_COLOR` says so.
        public var depth: ColorDepth?
        /// Whether to use more than ASCII; nil asks the locale.
        public var unicode: Bool?
        /// Takes what is written to standard error meanwhile, which would scar the screen; nil throws it away.
        public var errorLog: String?
        /// One line shown after a crash, when the terminal has been put back.
        public var crashNotice: String

        /// Makes options.
        public init(
            depth: ColorDepth? = nil, unicode: Bool? = nil, errorLog: String? = nil,
            crashNotice: String = "baton has crashed; the terminal was put back."
        ) {
            self.depth = depth
            self.unicode = unicode
            self.errorLog = errorLog
            self.crashNotice = crashNotice
        }
    }

    /// Keys, the mouse, changes of size and signals, in order; it finishes when the session ends.
    public let events: AsyncStream<TerminalEvent>
    /// What this terminal can show, as found when it was opened.
    public let capabilities: TerminalCapabilities
    private let owner: TerminalOwner

    /// In cells; it changes with a resize event.
    public var size: GridSize { owner.mailbox.withLock { $0.size } }

    private init(owner: TerminalOwner, events: AsyncStream<TerminalEvent>, capabilities: TerminalCapabilities) {
        self.owner = owner
        self.events = events
        self.capabilities = capabilities
    }

    /// Switches the terminal to full screen.
    ///
    /// - Throws: ``TerminalRefusal`` when this is not a terminal that can do it; nothing has been changed then.
    public static func open(_ options: Options = Options()) async throws(TerminalRefusal) -> TerminalSession {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        guard let name = getenv("TERM").map({ String(cString: $0) }), !name.isEmpty else { throw .noTerminalType }
        guard name != "dumb" else { throw .tooSimple(terminal: name) }
        let stream = AsyncStream<TerminalEvent>.makeStream()
        let owner = try TerminalOwner(continuation: stream.continuation, options: options)
        let result = await withCheckedContinuation { (started: CheckedContinuation<TerminalOwner.Start, Never>) in
            let thread = Thread { owner.run { started.resume(returning: $0) } }
            thread.name = "terminal"
            thread.start()
        }
        switch result {
        case .success(let capabilities):
            return TerminalSession(owner: owner, events: stream.stream, capabilities: capabilities)
        case .failure(let refusal): throw refusal
        }
    }

    /// Draws a picture as soon as the last one is on the terminal; of several in a row the newest counts.
    public func show(_ grid: Grid, cursor: GridPoint?) {
        owner.tell { $0.picture = TerminalOwner.Picture(grid: grid, cursor: cursor) }
    }

    /// Draws everything anew, for a terminal on which something else has written.
    public func redraw() {
        owner.tell { $0.mustRedraw = true }
    }

    /// Takes the mouse, or leaves it to the terminal, which then selects text with it.
    public func setMouse(_ isOn: Bool) {
        owner.tell { $0.mouse = isOn }
    }

    /// Gives the terminal back and stops the process, as Ctrl-Z does; it draws again when it is continued.
    public func suspend() {
        owner.tell { $0.mustSuspend = true }
    }

    /// Gives the terminal back as it was, and returns when that is done.
    public func end() async {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            let isOver = owner.mailbox.withLock { mailbox in
                if mailbox.isOver { return true }
                mailbox.mustEnd = true
                mailbox.waiting.append(done)
                return false
            }
            if isOver { done.resume() } else { owner.wake() }
        }
    }
}
