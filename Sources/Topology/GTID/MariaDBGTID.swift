/// The last transaction of each replication domain, as MariaDB writes it: `0-1-100,1-3-20`.
public struct GTIDPosition: Hashable, Sendable {
    /// Makes the empty position.
    public init() {}
}

/// The last transaction of each domain *and server* in a MariaDB binary log (`gtid_binlog_state`).
public struct GTIDBinlogState: Hashable, Sendable {
    /// Makes the empty state.
    public init() {}
}
