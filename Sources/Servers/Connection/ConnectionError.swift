import Topology

/// Why there is no connection to a server, or none any more.
///
/// Any such error ends the connection; a statement that the server refuses is a ``StatementError`` and does not.
public struct ConnectionError: Error, Hashable, Sendable {
    /// What the connection was doing.
    public enum Phase: String, Hashable, Sendable {
        /// Reading credentials and TLS settings, before anything was sent.
        case preparing
        /// From the name lookup to the end of authentication.
        case connecting
        /// While statements were under way.
        case querying
        /// Between statements.
        case idle
    }

    /// What ended it.
    public enum Cause: Hashable, Sendable {
        /// The server, the network, or what the client library made of them.
        case contact(ContactFailure.Kind)
        /// The credentials or TLS settings can't be used; nothing was sent.
        case settings
        /// An answer was larger than ``ConnectionSettings/largestAnswer``.
        case answerTooLarge
        /// The server gave more answers than the batch has statements: the text of one holds several, or calls a
        /// procedure that gives rows. What they did on the server stands.
        case tooManyAnswers
        /// The asking task was cancelled.
        case cancelled
        /// ``Connection/close()`` was called.
        case closed
    }

    /// The server that was connected to, or was to be.
    public var address: InstanceAddress
    /// During what it happened.
    public var phase: Phase
    /// What it means for the connection, and for what is known of the server.
    public var cause: Cause
    /// The server's or the client library's error number, 0 where there is none.
    public var code: Int
    /// What happened, sanitised; never a secret.
    public var message: String

    /// Makes an error of a connection; the message must be sanitised and free of secrets.
    public init(
        address: InstanceAddress, phase: Phase, cause: Cause, code: Int = 0, message: String
    ) {
        self.address = address
        self.phase = phase
        self.cause = cause
        self.code = code
        self.message = message
    }

    /// Whether only we are kept out: a server that answers at all is not dead.
    public var isNoAccess: Bool {
        if case .settings = cause { return true }
        return switch contactFailure.kind {
        case .accessDenied, .hostBlocked, .tooManyConnections, .tls: true
        case .connectionRefused, .connectTimeout, .readTimeout, .connectionLost, .unknownHost, .networkUnreachable,
            .protocolViolation, .other:
            false
        }
    }

    /// The same as a fact about the instance.
    public var contactFailure: ContactFailure {
        let kind: ContactFailure.Kind =
            switch cause {
            case .contact(let kind): kind
            case .answerTooLarge, .tooManyAnswers: .protocolViolation
            case .settings, .cancelled, .closed: .other
            }
        return ContactFailure(kind: kind, code: code, message: message)
    }
}

extension ConnectionError: CustomStringConvertible {
    public var description: String {
        let number = code == 0 ? "" : " (error \(code))"
        return "\(address), \(phase.rawValue): \(message)\(number)"
    }
}

/// A statement that the server refused; the connection goes on.
public struct StatementError: Error, Hashable, Sendable {
    /// Which statement of the batch it was, from 0.
    public var index: Int
    /// The server's error number (MySQL Server Error Message Reference).
    public var code: Int
    /// The five characters of SQLSTATE.
    public var sqlState: String
    /// The server's text, sanitised.
    public var message: String

    /// Makes a refusal; `index` is the statement's place in its batch, from 0.
    public init(index: Int, code: Int, sqlState: String, message: String) {
        self.index = index
        self.code = code
        self.sqlState = sqlState
        self.message = message
    }
}

extension StatementError: CustomStringConvertible {
    public var description: String {
        "statement \(index + 1): \(message) (error \(code), SQLSTATE \(sqlState))"
    }
}
