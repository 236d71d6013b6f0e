import Topology

extension SourceChange {
    /// The same change, naming also what the server would reset by itself and what it does not name: the heartbeat period
    /// (measured, see `docs/replication-options.md`).
    ///
    /// - Parameters:
    ///   - channel: as it is before the change.
    ///   - version: MySQL resets it when host or port are named, MariaDB with every change.
    public func carryingOver(from channel: ReplicationChannel, on version: ServerVersion) -> SourceChange {
        let resets = version.flavor == .mariadb || source != nil || rawHost != nil
        guard resets, heartbeatPeriod == nil, let period = channel.heartbeatPeriod else { return self }
        var change = self
        change.heartbeatPeriod = period
        return change
    }
}
