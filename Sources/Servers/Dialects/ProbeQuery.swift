/// What one statement of a probe is for. Each protects its own facts: one that fails costs the others nothing.
enum QueryPurpose: Int, Hashable, Sendable, CaseIterable {
    /// What cannot change without a restart, and which variables this server has.
    case identity
    /// The server's clock, and the account as which it knows us.
    case session
    case uptime
    /// Every variable that can change while the server runs, in one row.
    case variables
    case replicaStatus
    /// What stopped the workers of a channel's applier, while one is stopped by an error.
    case workerErrors
    case heartbeats
    case binaryLogStatus
    case replicaList
    case processList
    case semiSyncStatus
    /// Where the values of settings come from, that a restart may lose: once a minute, and when one has changed.
    case valueOrigins
    case groupMembers
    case galeraStatus
    case heartbeatTable
    case lagQuery
    case alias
    case clusterAlias
    case dataCenter
    case region
    case environment
    case promotionRule
    case semiSyncPriority

    /// The fact in words, as ``UnavailableFact/fact`` shows it.
    var fact: String {
        switch self {
        case .identity: "identity"
        case .session: "clock and account"
        case .uptime: "start time"
        case .variables: "system variables"
        case .replicaStatus: "replica status"
        case .workerErrors: "errors of applier workers"
        case .heartbeats: "replication heartbeats"
        case .binaryLogStatus: "end of the binary log"
        case .replicaList: "list of replicas"
        case .processList: "process list"
        case .semiSyncStatus: "semi-sync status"
        case .valueOrigins: "settings that a restart would lose"
        case .groupMembers: "group members"
        case .galeraStatus: "Galera status"
        case .heartbeatTable: "lag from the heartbeat table"
        case .lagQuery: "lag from the lag query"
        case .alias: "alias"
        case .clusterAlias: "cluster alias"
        case .dataCenter: "data centre"
        case .region: "region"
        case .environment: "environment"
        case .promotionRule: "promotion rule"
        case .semiSyncPriority: "semi-sync priority"
        }
    }

    /// Queries from the configuration whose answer seldom changes: asked when connecting and once a minute.
    var isLabel: Bool {
        switch self {
        case .alias, .clusterAlias, .dataCenter, .region, .environment, .promotionRule, .semiSyncPriority: true
        default: false
        }
    }
}

/// One statement and what it is for.
struct ProbeQuery: Hashable, Sendable {
    let purpose: QueryPurpose
    let sql: String
}
