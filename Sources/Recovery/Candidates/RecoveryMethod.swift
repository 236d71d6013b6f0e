import Topology

/// By what the transactions of servers are compared when their source is gone: what each has, and who is ahead.
public enum RecoveryMethod: String, Hashable, Sendable, CaseIterable {
    /// Sets of GTIDs (MySQL): which transactions each server has is known exactly.
    case gtid
    /// Positions of domains (MariaDB): how far each server is in each domain.
    case mariadbGTID = "mariadb-gtid"
    /// Places in the lost source's binary log: comparable among its direct replicas only.
    case position

    /// The way that all of these channels allow, which were direct replicas of one source.
    ///
    /// - Parameter channels: of each replica the channel from the lost source; none gives ``position``.
    public init(of channels: some Sequence<ReplicationChannel>) {
        let ways = Set(channels.map(\.positioning))
        if ways == [.autoPosition] {
            self = .gtid
        } else if !ways.isEmpty, ways.isSubset(of: [.replicaPosition, .currentPosition]) {
            self = .mariadbGTID
        } else {
            self = .position
        }
    }
}
