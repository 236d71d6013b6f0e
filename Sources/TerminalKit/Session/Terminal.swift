/// What a terminal tells its program.
public enum TerminalEvent: Sendable, Hashable {
    /// A key was pressed.
    case key(Key)
    /// Text was pasted. It must never answer a question: only text fields take it.
    case paste(String)
    /// Something was done with the mouse; only after ``Terminal/setMouse(_:)``.
    case mouse(MouseEvent)
    /// The screen has this size now. A burst of changes arrives as its last.
    case resized(GridSize)
    /// The program is about to be stopped (Ctrl-Z); the terminal belongs to the shell until ``resumed``.
    case suspended
    /// The program runs in the foreground again, at this size. The screen is repainted without being asked.
    case resumed(GridSize)
    /// The terminal is gone: the connection broke or its window was closed. No more input will come.
    case hungUp
    /// Someone asks the process to end.
    case terminate(TerminationSignal)
}

/// How the process was asked to end.
public enum TerminationSignal: String, Sendable, Hashable, CaseIterable {
    /// SIGTERM, from a service manager or `kill`.
    case terminate = "SIGTERM"
    /// SIGINT, from another process; Ctrl-C arrives as a key.
    case interrupt = "SIGINT"
    /// SIGHUP, from a lost connection.
    case hangUp = "SIGHUP"
}

/// What a terminal can show.
public struct TerminalCapabilities: Sendable, Hashable {
    /// How many colours.
    public var depth: ColorDepth
    /// Whether more than ASCII.
    public var unicode: Bool

    /// Makes capabilities.
    public init(depth: ColorDepth, unicode: Bool) {
        self.depth = depth
        self.unicode = unicode
    }
}

/// A terminal in full-screen mode: events come out, pictures go in. Tests put their own in place of the real one.
public protocol Terminal: Sendable {
    /// What happens, in order. Ends after ``end()`` and after a hang-up. For one reader.
    var events: AsyncStream<TerminalEvent> { get }
    /// The size of the screen now.
    var size: GridSize { get }
    /// What it can show.
    var capabilities: TerminalCapabilities { get }
    /// Shows `grid`, with the cursor at `cursor` (hidden when nil). Returns at once; a newer picture takes the place
    /// of one that waits.
    func show(_ grid: Grid, cursor: GridPoint?)
    /// Paints everything anew, for when another program has scribbled on the screen.
    func redraw()
    /// Takes the mouse, or leaves it to the terminal; it is not taken at the start.
    func setMouse(_ isOn: Bool)
    /// Gives the terminal back to the shell and stops the process, as Ctrl-Z does.
    func suspend()
    /// Puts the terminal back as it was. Returns when that is done; later calls do nothing.
    func end() async
}

extension Terminal {
    /// Terminals without a mouse have nothing to take.
    public func setMouse(_ isOn: Bool) {}
}
