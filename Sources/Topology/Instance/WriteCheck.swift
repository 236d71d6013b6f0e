/// What became of the test writes on a server, where the configuration asks for them.
///
/// They find the primary that answers and cannot write: its disk is full, its storage hangs, a lock stands still.
public enum WriteCheck: Hashable, Sendable {
    /// Writes succeed; `since` is the first of the unbroken run.
    case ok(since: Timestamp)
    /// The server refuses them; `since` is the first refusal of the unbroken run.
    case failed(since: Timestamp, WriteFailure)
    /// It answers what is read and a write does not come back within its deadline; `since` is when the first such write
    /// was sent.
    case hangs(since: Timestamp)

    /// Since when it has been so.
    public var since: Timestamp {
        switch self {
        case .ok(let since), .failed(let since, _), .hangs(let since): since
        }
    }

    /// Whether writes succeed.
    public var isOK: Bool { if case .ok = self { true } else { false } }
}

/// Why a server refused a test write.
public struct WriteFailure: Hashable, Sendable {
    /// The server's error number: 1021 and 1114 disk or table full, 1290 read-only, 1205 lock wait timeout.
    public var code: Int
    /// The server's text, sanitised.
    public var message: String
    /// Whether the check itself is at fault, not the server: its table is missing (1146, 1049, 1054) or its account
    /// may not write there (1044, 1142, 1143).
    public var isOfSetup: Bool { [1044, 1049, 1054, 1142, 1143, 1146].contains(code) }

    /// Makes a failure; the text must be sanitised.
    public init(code: Int, message: String) {
        self.code = code
        self.message = message
    }
}
