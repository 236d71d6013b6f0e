/// Whether a server can be reached, since when, and what stands in the way.
public enum Contact: Hashable, Sendable {
    /// No attempt has ended yet: just discovered, or only spoken of by others.
    case neverTried
    /// Read from the store or a snapshot file, not asked yet in this run; `trouble` is what stood in the way then.
    case remembered(lastSeen: Timestamp?, trouble: RememberedTrouble? = nil)
    /// Probes succeed; `since` is the first success of the unbroken run.
    case reachable(since: Timestamp)
    /// The server answers but does not let us in, or not far enough to read who it is. It is not dead.
    case noAccess(since: Timestamp, lastSeen: Timestamp?, ContactFailure)
    /// Probes fail; `since` is the first failure of the unbroken run, `lastSeen` the last good probe.
    case unreachable(since: Timestamp, lastSeen: Timestamp?, ContactFailure)

    /// Whether a probe of this run has ended, well or not.
    public var isAnswerOfThisRun: Bool {
        switch self {
        case .neverTried, .remembered: false
        case .reachable, .noAccess, .unreachable: true
        }
    }

    /// Whether it answers now; what is remembered does not count.
    public var isReachable: Bool {
        if case .reachable = self { true } else { false }
    }

    /// Whether it answers and lets nobody of ours in: it lives, and its clients may use it.
    public var isTurningAway: Bool {
        if case .noAccess = self { true } else { false }
    }

    /// What went wrong, for the two cases that know it.
    public var failure: ContactFailure? {
        switch self {
        case .neverTried, .remembered, .reachable: nil
        case .noAccess(_, _, let failure), .unreachable(_, _, let failure): failure
        }
    }

    /// When the server last answered a probe in full; `nil` where it never did, and for a reachable one, which
    /// answers now.
    public var lastSeen: Timestamp? {
        switch self {
        case .neverTried, .reachable: nil
        case .remembered(let lastSeen, _), .noAccess(_, let lastSeen, _), .unreachable(_, let lastSeen, _): lastSeen
        }
    }
}

/// How a server failed when it was last asked in an earlier run: the same failure now is nothing new.
public enum RememberedTrouble: Hashable, Sendable {
    /// It has not let us in since then.
    case noAccess(since: Timestamp)
    /// It has not answered since then.
    case unreachable(since: Timestamp)
}

/// Why a probe did not succeed.
public struct ContactFailure: Hashable, Sendable {
    /// The kind of failure, closed because each is diagnosed differently.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case connectionRefused = "connection-refused"
        case connectTimeout = "connect-timeout"
        /// Connected, but no answer within the read deadline: hung, frozen, or a lost network.
        case readTimeout = "read-timeout"
        case connectionLost = "connection-lost"
        case unknownHost = "unknown-host"
        case networkUnreachable = "network-unreachable"
        case accessDenied = "access-denied"
        case hostBlocked = "host-blocked"
        case tooManyConnections = "too-many-connections"
        case tls = "tls"
        /// The port answers with something that is not this protocol, or with facts that make no sense.
        case protocolViolation = "protocol-violation"
        case other = "other"
    }

    /// How it failed, which decides what it means.
    public var kind: Kind
    /// The server's or client library's error number, 0 where there is none.
    public var code: Int
    /// The text as it came, sanitised; it never holds a secret.
    public var message: String

    /// Makes a failure; the message must be sanitised and free of secrets.
    public init(kind: Kind, code: Int = 0, message: String) {
        self.kind = kind
        self.code = code
        self.message = message
    }
}
