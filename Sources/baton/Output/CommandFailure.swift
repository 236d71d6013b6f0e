/// Why a command ended without doing what it was asked to: a sentence for people and a code for scripts.
struct CommandFailure: Error, CustomStringConvertible {
    /// The exit codes of `docs/cli.md`; those above 63 are from sysexits(3).
    enum Code: Int32, CaseIterable {
        /// The answer is no: nothing was found, or what was checked is not as it should be.
        case negative = 1
        /// A rule refuses the change that was asked for; nothing was done.
        case refused = 3
        /// A plan was not confirmed; nothing was done.
        case unconfirmed = 4
        /// An operation failed or was stopped before its end, and waits for somebody to decide.
        case unfinished = 5
        /// The arguments do not fit together. (The argument parser ends with the same code.)
        case usage = 64
        /// A file's content is refused: a snapshot, an option file.
        case badData = 65
        /// No server could be reached.
        case unreachable = 69
        /// Something in baton itself went wrong.
        case internalError = 70
        /// The store, or another file that is to be written, cannot be.
        case store = 73
        /// The terminal cannot be used, or the answer cannot be written.
        case terminal = 74
        /// Somebody else is at work on the servers; nothing was done, and it may be tried again.
        case held = 75
        /// The server does not let us in.
        case noAccess = 77
        /// The configuration file is refused.
        case configuration = 78
    }

    let code: Code
    let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
