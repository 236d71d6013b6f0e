import Topology

/// A recovery of which the store knows, as far as it matters to the next one.
public struct PastRecovery: Hashable, Sendable, Identifiable {
    /// How it stands.
    public enum State: Hashable, Sendable {
        /// A process works at it: who that is.
        case atWork(by: String)
        /// The process that worked at it is gone, and nobody has decided about it.
        case interrupted
        /// It ended, well or not.
        case over
        /// It ended before anything was changed.
        case notBegun
    }

    /// Its number in the store.
    public var id: Int64
    /// The cluster as it was called when the recovery began.
    public var cluster: ClusterName
    /// What it does.
    public var kind: RecoveryKind
    /// The server that failed; for a switchover the primary that was replaced.
    public var failed: InstanceAddress
    /// The server that took its place, where one did.
    public var successor: InstanceAddress?
    /// When it began.
    public var startedAt: Timestamp
    /// How it stands.
    public var state: State
    /// Whether somebody has acknowledged it, which ends its block.
    public var isAcknowledged: Bool

    /// Makes a recovery from what a store gave.
    public init(
        id: Int64, cluster: ClusterName, kind: RecoveryKind, failed: InstanceAddress, successor: InstanceAddress?,
        startedAt: Timestamp, state: State, isAcknowledged: Bool
    ) {
        self.id = id
        self.cluster = cluster
        self.kind = kind
        self.failed = failed
        self.successor = successor
        self.startedAt = startedAt
        self.state = state
        self.isAcknowledged = isAcknowledged
    }
}
