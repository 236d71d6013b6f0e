/// By which values a failure analysis judges.
public struct FailureLimits: Hashable, Sendable {
    /// What number of semi-synchronous replicas is right.
    public enum SemiSyncCount: String, Hashable, Sendable, CaseIterable {
        /// As many as are asked for, or more.
        case atLeast = "at-least"
        /// Not more either (orchestrator's `EnforceExactSemiSyncReplicas`).
        case exact
    }

    /// What a primary on which nobody can write is.
    public enum NonWritablePrimary: String, Hashable, Sendable, CaseIterable {
        /// A warning of the structure: it may be meant so.
        case warning
        /// A failure that is to be recovered from (orchestrator's `RecoverNonWriteableMaster`).
        case failure
    }

    /// From what lag beyond its configured delay on a replica counts as lagging (orchestrator's
    /// `ReasonableReplicationLagSeconds`).
    public var lag: Duration
    /// How long the end of the binary log has to stand still before commits count as locked (orchestrator's
    /// `ReasonableLockedSemiSyncMasterSeconds`).
    public var lockedSemiSync: Duration
    /// The longest heartbeat period that says anything: with longer ones the replica's own time limit comes first.
    public var longestHeartbeatPeriod: Duration
    /// What number of semi-synchronous replicas is right.
    public var semiSyncCount: SemiSyncCount
    /// What a primary on which nobody can write is.
    public var nonWritablePrimary: NonWritablePrimary

    /// Makes limits; the defaults are orchestrator's, and heartbeat periods of at most ten seconds.
    public init(
        lag: Duration = .seconds(10),
        lockedSemiSync: Duration = .seconds(10),
        longestHeartbeatPeriod: Duration = .seconds(10),
        semiSyncCount: SemiSyncCount = .atLeast,
        nonWritablePrimary: NonWritablePrimary = .warning
    ) {
        self.lag = lag
        self.lockedSemiSync = lockedSemiSync
        self.longestHeartbeatPeriod = longestHeartbeatPeriod
        self.semiSyncCount = semiSyncCount
        self.nonWritablePrimary = nonWritablePrimary
    }
}
