import Topology

/// The privileges that statements need, in the words of each flavour and version (`docs/grants.md`).
enum MissingGrant {
    /// The GRANT that lets `account` run the statement for `purpose`; `nil` where no one privilege would.
    ///
    /// - Parameter account: `'user'@'host'`; empty where it is not known.
    static func statement(
        for purpose: QueryPurpose, version: ServerVersion, account: String, heartbeatTable: HeartbeatTable? = nil
    ) -> String? {
        switch purpose {
        case .replicaStatus: return grant(replicaStatus(version), to: account)
        case .binaryLogStatus: return grant(binaryLogStatus(version), to: account)
        case .replicaList: return grant(replicaList(version), to: account)
        case .processList: return grant("PROCESS", to: account)
        case .heartbeats, .workerErrors, .groupMembers:
            return tables(for: purpose, version: version)
                .map { grant("SELECT", on: "\(schema).\($0)", to: account) }.joined(separator: "; ")
        case .heartbeatTable:
            return heartbeatTable.map {
                grant("SELECT", on: SQLText.identifier($0.schema) + "." + SQLText.identifier($0.table), to: account)
            }
        case .identity, .session, .uptime, .variables, .semiSyncStatus, .valueOrigins, .galeraStatus, .lagQuery, .alias,
            .clusterAlias, .dataCenter, .region, .environment, .promotionRule, .semiSyncPriority:
            return nil
        }
    }

    static let schema = "performance_schema"

    /// The tables of ``schema`` that the statement for `purpose` reads; none for one that reads no such table.
    static func tables(for purpose: QueryPurpose, version: ServerVersion) -> [String] {
        switch purpose {
        case .heartbeats: ["replication_connection_configuration", "replication_connection_status"]
        case .workerErrors: ["replication_applier_status_by_worker"]
        case .groupMembers where version.isAtLeast(8, 0, 2): ["replication_group_members"]
        case .groupMembers: ["replication_group_members", "global_status"]
        default: []
        }
    }

    static func grant(_ privilege: String, on object: String = "*.*", to account: String) -> String {
        "GRANT \(privilege) ON \(object) TO \(account.isEmpty ? "CURRENT_USER()" : account)"
    }

    /// MariaDB split the old privileges in 10.5.2, and gave the replica status one of its own in 10.5.9 (MDEV-21743,
    /// MDEV-25030).
    static func replicaStatus(_ version: ServerVersion) -> String {
        guard version.flavor == .mariadb, version.isAtLeast(10, 5, 2) else { return "REPLICATION CLIENT" }
        return version.isAtLeast(10, 5, 9) ? "SLAVE MONITOR" : "REPLICATION SLAVE ADMIN"
    }

    static func binaryLogStatus(_ version: ServerVersion) -> String {
        version.flavor == .mariadb && version.isAtLeast(10, 5, 2) ? "BINLOG MONITOR" : "REPLICATION CLIENT"
    }

    static func replicaList(_ version: ServerVersion) -> String {
        version.flavor == .mariadb && version.isAtLeast(10, 5, 2) ? "REPLICATION MASTER ADMIN" : "REPLICATION SLAVE"
    }
}
