import Topology

/// What baton could do there: by the grants, because trying would change the server.
enum ActingChecks {
    /// One thing to do, and what it needs: all of the needs, and of each any one privilege, the narrowest first.
    private struct Action {
        var id: String
        var deed: String
        var why: String
        var needs: [[String]]

        init(id: String, deed: String, why: String, privileges: [String], alsoNeeds more: [[String]] = []) {
            self.id = id
            self.deed = deed
            self.why = why
            needs = [privileges] + more
        }
    }

    static func findings(_ examination: Examination) -> [DoctorFinding] {
        guard examination.facts.proxy == nil else { return [] }
        guard let grants = examination.grants else {
            return [
                DoctorFinding(
                    id: "act-unknown", area: .acting, severity: .note, measured: "the server does not show our grants",
                    why: "what baton may do there is seen only when it is tried")
            ]
        }
        var findings = actions(for: examination).map { finding($0, grants, examination) }
        if examination.mayBeReplica {
            if examination.isMySQLFamily { findings.append(options(grants, examination)) }
            findings.append(credentials(grants, examination))
        }
        return findings
    }

    private static func finding(
        _ action: Action, _ grants: GrantedPrivileges, _ examination: Examination
    ) -> DoctorFinding {
        let missing = action.needs.filter { !grants.has(anyOf: $0) }.map { $0[0] }
        let isGranted = missing.isEmpty
        return DoctorFinding(
            id: "act-" + action.id, area: .acting, severity: isGranted ? .fine : .warning,
            measured: "\(action.deed): " + (isGranted ? "allowed" : "not allowed"), why: action.why,
            remedy: isGranted ? nil : MissingGrant.grant(missing.joined(separator: ", "), to: examination.account))
    }

    private static func actions(for examination: Examination) -> [Action] {
        let version = examination.facts.version
        let words =
            version.flavor == .mariadb
            ? PrivilegeWords.mariadb(version) : PrivilegeWords.mysql(version)
        var actions = [
            Action(
                id: "replication", deed: "start, stop and re-point replication",
                why: "every move and every recovery does it", privileges: words.replicaAdmin),
            Action(
                id: "read-only", deed: "set and clear read_only",
                why: "a switchover closes the old primary for writes and opens the new one",
                privileges: words.readOnlyAdmin),
            Action(
                id: "gtid", deed: "set the GTID position or inject an empty transaction",
                why: "errant transactions are mended by it", privileges: words.gtidAdmin, alsoNeeds: words.gtidSession),
            Action(
                id: "semi-sync", deed: "switch semi-sync", why: "a promoted server takes over its source's semi-sync",
                privileges: words.semiSyncAdmin, alsoNeeds: words.semiSyncReplica),
            Action(
                id: "connections", deed: "end clients' connections",
                why: "a switchover must not wait for a transaction that stays open", privileges: words.connectionAdmin),
            Action(
                id: "reset", deed: "make a replica forget its source, reset and flush binary logs",
                why: "a co-primary is made a mere source by it, and a server with errant transactions is reset",
                privileges: ["RELOAD"]),
            Action(
                id: "purge", deed: "remove binary logs", why: "logs that no replica needs any more fill the disk",
                privileges: words.binlogAdmin),
        ]
        if version.flavor == .mariadb {
            actions.append(
                Action(
                    id: "skip", deed: "leave out the transaction on which an applier stopped",
                    why: "its error does not tell the GTID, and only SUPER may set sql_slave_skip_counter",
                    privileges: ["SUPER"]))
        }
        if examination.facts.groupReplication != nil {
            actions.append(
                Action(
                    id: "group", deed: "choose the primary of the group", why: "a switchover within a group does it",
                    privileges: ["GROUP_REPLICATION_ADMIN", "SUPER"]))
        }
        return actions
    }

    /// A move compares what a change of the source might reset; watching alone does not ask for it.
    private static func options(_ grants: GrantedPrivileges, _ examination: Examination) -> DoctorFinding {
        let table = "replication_applier_configuration"
        let isGranted = grants.canRead(schema: "performance_schema", table: table)
        return DoctorFinding(
            id: "act-options", area: .acting, severity: isGranted ? .fine : .warning,
            measured: "read all options of a connection: " + (isGranted ? "allowed" : "not allowed"),
            why: "a move makes sure that it alters none of them",
            remedy: isGranted
                ? nil : MissingGrant.grant("SELECT", on: "performance_schema.\(table)", to: examination.account))
    }

    /// The old primary must replicate from the new one afterwards, and only its replicas know an account for it.
    private static func credentials(_ grants: GrantedPrivileges, _ examination: Examination) -> DoctorFinding {
        let why = "a demoted primary needs an account to replicate with; else it must be in the configuration"
        guard examination.isMySQLFamily else {
            return DoctorFinding(
                id: "act-credentials", area: .acting, severity: .note,
                measured: "read the replication account: MariaDB keeps it in a file", why: why)
        }
        let isGranted = grants.canRead(schema: "mysql", table: "slave_master_info")
        return DoctorFinding(
            id: "act-credentials", area: .acting, severity: isGranted ? .fine : .note,
            measured: "read the replication account: " + (isGranted ? "allowed" : "not allowed"), why: why,
            remedy: isGranted
                ? nil : MissingGrant.grant("SELECT", on: "mysql.slave_master_info", to: examination.account))
    }
}

/// The names under which privileges go, each list with the narrowest first.
private struct PrivilegeWords {
    var replicaAdmin: [String]
    var readOnlyAdmin: [String]
    var gtidAdmin: [String]
    /// What a session needs besides, to choose the GTID of its next transaction.
    var gtidSession: [[String]] = []
    var semiSyncAdmin: [String]
    /// What the replica's side of semi-sync needs besides.
    var semiSyncReplica: [[String]] = []
    var connectionAdmin: [String]
    var binlogAdmin = ["SUPER"]

    /// Dynamic privileges since MySQL 8.0 (manual, "Privileges Provided by MySQL"); before, `SUPER`.
    static func mysql(_ version: ServerVersion) -> PrivilegeWords {
        guard version.isAtLeast(8, 0) else {
            return PrivilegeWords(
                replicaAdmin: ["SUPER"], readOnlyAdmin: ["SUPER"], gtidAdmin: ["SUPER"], semiSyncAdmin: ["SUPER"],
                connectionAdmin: ["SUPER"])
        }
        return PrivilegeWords(
            replicaAdmin: ["REPLICATION_SLAVE_ADMIN", "SUPER"], readOnlyAdmin: ["SYSTEM_VARIABLES_ADMIN", "SUPER"],
            gtidAdmin: ["SYSTEM_VARIABLES_ADMIN", "SUPER"], semiSyncAdmin: ["SYSTEM_VARIABLES_ADMIN", "SUPER"],
            connectionAdmin: ["CONNECTION_ADMIN", "SUPER"], binlogAdmin: ["BINLOG_ADMIN", "SUPER"])
    }

    /// MariaDB 10.5.2 split `SUPER` and lets it go on meaning its parts, but for `read_only` since 10.11 (MDEV-29596;
    /// verified on 10.11). `gtid_slave_pos` is a replica's matter (MDEV-21973), `gtid_domain_id`, `gtid_seq_no` and
    /// `server_id` of a session are `BINLOG REPLAY`'s (MDEV-21975, both in the changelog of 10.5.2; verified on 10.11).
    /// Each side of semi-sync is switched by the privilege of that side (MDEV-21967; verified on 10.11).
    static func mariadb(_ version: ServerVersion) -> PrivilegeWords {
        guard version.isAtLeast(10, 5, 2) else {
            return PrivilegeWords(
                replicaAdmin: ["SUPER"], readOnlyAdmin: ["SUPER"], gtidAdmin: ["SUPER"], semiSyncAdmin: ["SUPER"],
                connectionAdmin: ["SUPER"])
        }
        return PrivilegeWords(
            replicaAdmin: ["REPLICATION SLAVE ADMIN", "SUPER"],
            readOnlyAdmin: ["READ_ONLY ADMIN", "READ ONLY ADMIN"] + (version.isAtLeast(10, 11) ? [] : ["SUPER"]),
            gtidAdmin: ["REPLICATION SLAVE ADMIN", "SUPER"], gtidSession: [["BINLOG REPLAY", "SUPER"]],
            semiSyncAdmin: ["REPLICATION MASTER ADMIN", "SUPER"],
            semiSyncReplica: [["REPLICATION SLAVE ADMIN", "SUPER"]],
            connectionAdmin: ["CONNECTION ADMIN", "SUPER"], binlogAdmin: ["BINLOG ADMIN", "SUPER"])
    }
}
