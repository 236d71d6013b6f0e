/// Why a full-screen console cannot be shown here.
public enum TerminalRefusal: Error, Sendable, Hashable {
    /// Input or output is a file, a pipe or nothing.
    case notATerminal
    /// `TERM` is not set.
    case noTerminalType
    /// The terminal can print only (`TERM=dumb`, no way to place the cursor).
    case tooSimple(terminal: String)
    /// The system has no description of this terminal.
    case unknownTerminal(String)
    /// The system refused something; its own words.
    case failed(String)
    /// Another full-screen session is open in this process.
    case alreadyOpen
}

extension TerminalRefusal: CustomStringConvertible {
    /// What is in the way, and what to do about it.
    public var description: String {
        switch self {
        case .notATerminal:
            "the console needs a terminal, but input or output is not one; \"baton topology\" prints the tree as text"
        case .noTerminalType:
            "the console needs to know the terminal, but TERM is not set; try TERM=xterm, or \"baton topology\" for text"
        case .tooSimple(let terminal):
            "the terminal \"\(terminal)\" (TERM) can only print; \"baton topology\" prints the tree as text"
        case .unknownTerminal(let terminal):
            "this system has no description of the terminal \"\(terminal)\" (TERM); "
                + "try TERM=xterm-256color, or install ncurses-term"
        case .failed(let words): "the terminal cannot be set up: \(words)"
        case .alreadyOpen: "another full-screen session is open in this process"
        }
    }
}
