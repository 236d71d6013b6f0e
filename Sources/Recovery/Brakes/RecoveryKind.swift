/// What a recovery does.
public enum RecoveryKind: String, Hashable, Sendable, CaseIterable, Codable {
    /// Replaces a primary that failed.
    case failover
    /// Replaces a primary that was not found dead, because an operator says so.
    case forcedFailover = "forced-failover"
    /// Makes another server the primary while the old one works.
    case switchover
    /// Replaces a co-primary that failed.
    case coPrimary = "co-primary"
    /// Puts the replicas of an intermediate source that failed below another server.
    case intermediateSource = "intermediate-source"
    /// Puts the replicas of a member of a replication group that failed below another member.
    case groupMember = "group-member"
    /// Sets semi-synchronous replication right on a primary that waits for acknowledgements.
    case semiSync = "semi-sync"
    /// Makes a primary writable that should be.
    case writability
    /// Makes a server that came back a replica again.
    case rejoin

    /// For a sentence: `forced failover`.
    public var words: String {
        switch self {
        case .failover: "failover"
        case .forcedFailover: "forced failover"
        case .switchover: "switchover"
        case .coPrimary: "recovery of a co-primary"
        case .intermediateSource: "recovery of an intermediate source"
        case .groupMember: "recovery of a group member's replicas"
        case .semiSync: "recovery of semi-synchronous replication"
        case .writability: "recovery of writability"
        case .rejoin: "rejoin"
        }
    }

    /// Those in which another server takes the place of a primary that is given up.
    public static let replacingPrimaries: [RecoveryKind] = [.failover, .forcedFailover, .coPrimary]

    /// Which automatic recoveries it keeps away for a while; `nil` where it keeps none away: what somebody planned is no
    /// sign that a cluster flaps.
    public var scope: RecoveryScope? {
        switch self {
        case .failover, .forcedFailover, .coPrimary: .primary
        case .intermediateSource, .groupMember: .intermediateSource
        case .semiSync, .writability: .settings
        case .switchover, .rejoin: nil
        }
    }
}

/// Recoveries that block each other; those of different scopes don't. (In orchestrator the recovery of an intermediate
/// source keeps that of the cluster's primary away for an hour.)
public enum RecoveryScope: String, Hashable, Sendable, CaseIterable {
    /// Somebody becomes the primary.
    case primary
    /// Replicas below the primary get another source.
    case intermediateSource = "intermediate-source"
    /// A setting of the primary is put right.
    case settings
}
