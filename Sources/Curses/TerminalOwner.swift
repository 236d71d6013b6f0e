import CTerminal
import Glibc
import Synchronization
import TerminalKit

/// The thread that owns the terminal: its mailbox, which any thread may fill, and its loop, which only it runs.
final class TerminalOwner: Sendable {
    typealias Start = Result<TerminalCapabilities, TerminalRefusal>

    struct Picture: Sendable {
        var grid: Grid
        var cursor: GridPoint?
    }

    /// What other threads want.
    struct Mailbox: Sendable {
        var picture: Picture?
        var mustRedraw = false
        var mustSuspend = false
        /// Whether to take the mouse or to leave it; `nil` for as it is.
        var mouse: Bool?
        var mustEnd = false
        var isOver = false
        var size = GridSize(width: 0, height: 0)
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    let mailbox = Mutex(Mailbox())
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let options: TerminalSession.Options
    /// Written to when the mailbox has something new.
    private let wakeDescriptor: Int32
    /// One session at a time: ncurses and the signal handlers are one for the process.
    private static let isOpen = Mutex(false)

    init(
        continuation: AsyncStream<TerminalEvent>.Continuation, options: TerminalSession.Options
    ) throws(TerminalRefusal) {
        let isFirst = TerminalOwner.isOpen.withLock { isOpen in
            defer { isOpen = true }
            return !isOpen
        }
        guard isFirst else { throw .alreadyOpen }
        self.continuation = continuation
        self.options = options
        wakeDescriptor = baton_wake_open()
        guard wakeDescriptor >= 0 else {
            TerminalOwner.isOpen.withLock { $0 = false }
            throw .failed(String(cString: strerror(errno)))
        }
    }

    /// Puts something into the mailbox.
    func tell(_ change: (inout Mailbox) -> Void) {
        mailbox.withLock { change(&$0) }
        wake()
    }

    /// Lets the thread look into its mailbox. The descriptor stays open until the session is given up, so this is
    /// never too late.
    func wake() {
        var one: UInt64 = 1
        _ = write(wakeDescriptor, &one, 8)
    }

    deinit {
        close(wakeDescriptor)
    }

    /// The whole life of the thread.
    ///
    /// - Parameter started: told once whether the terminal could be had.
    func run(_ started: (Start) -> Void) {
        // Before ncurses starts: it leaves alone the signals that somebody handles already, so that resizes have one
        // path only.
        let signals = baton_signals_open()
        guard signals >= 0 else {
            TerminalOwner.isOpen.withLock { $0 = false }
            return started(.failure(.failed(String(cString: strerror(errno)))))
        }
        // Of the locale only what says how characters are coded: a comma in numbers would upset C code elsewhere.
        setlocale(LC_CTYPE, "")
        let unicode = options.unicode ?? (nl_langinfo(Int32(CODESET)).map { String(cString: $0) } == "UTF-8")
        let errors = ErrorStream(redirectedTo: options.errorLog)
        do throws(TerminalRefusal) {
            baton_crash_guard_install()
            let screen = try Screen(
                unicode: unicode, depth: options.depth ?? TerminalOwner.depthOfEnvironment(),
                crashNotice: options.crashNotice.isEmpty ? "" : options.crashNotice + "\r\n")
            mailbox.withLock { $0.size = screen.size }
            started(.success(TerminalCapabilities(depth: screen.depth, unicode: unicode)))
            loop(screen, signals: signals)
            screen.end()
            finish(errors)
        } catch {
            finish(errors)
            started(.failure(error))
        }
    }

    private func finish(_ errors: ErrorStream) {
        baton_signals_close()
        errors.restore()
        TerminalOwner.isOpen.withLock { $0 = false }
        let waiting = mailbox.withLock { mailbox in
            mailbox.isOver = true
            defer { mailbox.waiting = [] }
            return mailbox.waiting
        }
        continuation.finish()
        for one in waiting { one.resume() }
    }

    private func loop(_ screen: Screen, signals: Int32) {
        var decoder = KeyDecoder(escapeDelay: screen.escapeDelay)
        var emptyReads = 0
        while true {
            let orders = mailbox.withLock { mailbox in
                defer {
                    mailbox.picture = nil
                    mailbox.mustRedraw = false
                    mailbox.mustSuspend = false
                    mailbox.mouse = nil
                }
                return mailbox
            }
            if orders.mustEnd { return }
            perform(orders, screen)

            var waits = [
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&waits, nfds_t(waits.count), decoder.isPasting ? 1000 : -1)
            if ready < 0 && errno != EINTR { return hangUp() }
            if ready == 0 { send(decoder.expire()) }
            if waits[1].revents != 0 {
                var count: UInt64 = 0
                _ = Glibc.read(wakeDescriptor, &count, 8)
            }
            if waits[2].revents != 0 { handle(signals, screen) }
            let input = Int32(waits[0].revents)
            // A program that takes these for "no key" spins for ever once its terminal is gone.
            if input & (POLLHUP | POLLERR | POLLNVAL) != 0 { return hangUp() }
            if input & POLLIN != 0 {
                // Ready, yet nothing to read: the end of a file.
                emptyReads = readKeys(screen, &decoder) ? 0 : emptyReads + 1
                if emptyReads >= 3 { return hangUp() }
            }
        }
    }

    private func perform(_ orders: Mailbox, _ screen: Screen) {
        if orders.mustSuspend { suspend(screen) }
        if orders.mustRedraw { screen.forgetPicture() }
        if let mouse = orders.mouse { screen.setMouse(mouse) }
        if let picture = orders.picture {
            last.withLock { $0 = picture }
            screen.show(picture.grid, cursor: picture.cursor)
        } else if orders.mustRedraw || orders.mustSuspend {
            repaint(screen)
        }
    }

    /// The newest picture, to paint it again without asking.
    private let last = Mutex<Picture?>(nil)

    private func repaint(_ screen: Screen) {
        if let picture = last.withLock({ $0 }) { screen.show(picture.grid, cursor: picture.cursor) }
    }

    /// Reads all keys that are there.
    ///
    /// - Returns: whether there was any.
    private func readKeys(_ screen: Screen, _ decoder: inout KeyDecoder) -> Bool {
        var any = false
        // A bound, so that a flood of input cannot keep pictures and signals waiting.
        for _ in 0..<4096 {
            let raw = screen.read()
            send(decoder.read(raw, at: .now))
            if case .quiet = raw { return any }
            any = true
        }
        return any
    }

    private func handle(_ signals: Int32, _ screen: Screen) {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(signals, &buffer, buffer.count)
        guard count > 0 else { return }
        // Of a burst each kind counts once.
        let seen = Set(buffer[..<count].map(Int32.init))
        if seen.contains(SIGTSTP) {
            suspend(screen)
            repaint(screen)
        } else if seen.contains(SIGCONT) {
            resume(screen)
            repaint(screen)
        }
        if seen.contains(SIGWINCH) {
            screen.adoptSize()
            note(screen.size)
            send([.resized(screen.size)])
            repaint(screen)
        }
        if seen.contains(SIGTERM) { send([.terminate(.terminate)]) }
        if seen.contains(SIGINT) { send([.terminate(.interrupt)]) }
        if seen.contains(SIGHUP) {
            baton_ignore_hangup()
            send([.terminate(.hangUp)])
        }
    }

    private func suspend(_ screen: Screen) {
        send([.suspended])
        screen.leave()
        baton_stop_self()
        resume(screen)
    }

    private func resume(_ screen: Screen) {
        screen.comeBack()
        note(screen.size)
        send([.resumed(screen.size)])
    }

    private func note(_ size: GridSize) {
        mailbox.withLock { $0.size = size }
    }

    private func hangUp() {
        // What is still to be brought to its end must not be cut off by a hang-up signal that is yet to come.
        baton_ignore_hangup()
        send([.hungUp])
    }

    private func send(_ events: [TerminalEvent]) {
        for event in events { continuation.yield(event) }
    }

    /// `NO_COLOR`, present and not empty, asks for no colour (no-color.org).
    private static func depthOfEnvironment() -> ColorDepth? {
        guard let value = getenv("NO_COLOR"), value.pointee != 0 else { return nil }
        return ColorDepth.none
    }
}

/// Standard error, turned aside while curses is on: whatever a library prints there would scar the screen.
private struct ErrorStream {
    private let saved: Int32

    init(redirectedTo path: String?) {
        let target = open(path ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard target >= 0 else {
            saved = -1
            return
        }
        saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
        dup2(target, STDERR_FILENO)
        close(target)
    }

    func restore() {
        guard saved >= 0 else { return }
        dup2(saved, STDERR_FILENO)
        close(saved)
    }
}
