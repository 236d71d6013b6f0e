import Topology

/// How a server is made read-only while clients write on it.
///
/// `SET GLOBAL read_only = ON` waits for running transactions and explicit table locks, and meanwhile keeps new ones waiting
/// (MySQL manual, "read_only"), so that it is bounded by a `lock_wait_timeout` of its own session.
public struct WriteBan: Hashable, Sendable, Codable {
    /// What the server is then: ``Topology/Writability/superReadOnly`` where it knows how to keep privileged accounts from
    /// writing, too.
    public var goal: Writability
    /// The longest that it waits for running transactions, in whole seconds, at least one; it may do so twice, for table locks
    /// and for commits.
    public var lockWait: Duration
    /// Whether the global read lock is taken and kept by the session until ``Command/releaseWriteLock`` or its end: what keeps
    /// privileged accounts from writing where `read_only` does not.
    public var keepsLock: Bool

    /// Makes a ban.
    public init(goal: Writability, lockWait: Duration = .seconds(1), keepsLock: Bool = false) {
        self.goal = goal
        self.lockWait = lockWait
        self.keepsLock = keepsLock
    }

    /// The ban that this release can impose on every account.
    public static func complete(on version: ServerVersion, lockWait: Duration = .seconds(1)) -> WriteBan {
        let knowsSuper =
            version.flavor == .mariadb
            ? version.isAtLeast(12, 0) : version.flavor.isMySQLFamily && version.isAtLeast(5, 7, 8)
        return WriteBan(goal: knowsSuper ? .superReadOnly : .readOnly, lockWait: lockWait, keepsLock: !knowsSuper)
    }
}

/// Which sessions of clients are to end.
public enum SessionKind: Hashable, Sendable, Codable {
    /// Those whose statement waits for the global read lock, and would go on when that is released.
    case waitingForLock
    /// Those of accounts that `read_only` does not keep from writing.
    case privileged
    /// Those whose transaction is open for so many seconds at least.
    case transactions(since: Duration)
    /// All.
    case clients

    /// In words, as an object: "sessions of privileged accounts".
    public var description: String {
        switch self {
        case .waitingForLock: "sessions that wait to write"
        case .privileged: "sessions of privileged accounts"
        case .transactions(let age): "sessions with a transaction open for \(age.components.seconds) s or longer"
        case .clients: "all sessions of clients"
        }
    }
}
