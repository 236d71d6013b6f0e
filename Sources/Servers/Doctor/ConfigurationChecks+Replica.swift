import Topology

// MARK: - Being a replica

extension ConfigurationChecks {
    static let reportHost: Check = { examination in
        let identity = examination.facts.identity
        return [
            finding(
                "report-host", "report_host = \(identity.reportHost ?? "(empty)")",
                flaw: identity.reportHost == nil ? .note : nil,
                why:
                    "its source can't tell by what name it is reached, so that crawling down finds it by its address, with a guessed port",
                remedy: "report_host in the option file, and a restart")
        ]
    }

    static let readOnlyReplica: Check = { examination in
        let writability = examination.facts.writability
        guard examination.isReplica else {
            return [
                finding(
                    "read-only", "no replica, \(writability.rawValue)", flaw: writability.isWritable ? nil : .note,
                    why: "clients of a primary that is read-only can't write")
            ]
        }
        if examination.isCoPrimary, writability.isWritable {
            return [
                finding(
                    "read-only", "a co-primary, \(writability.rawValue)", flaw: .note,
                    why: "where its partner is writable too, changes of both may conflict",
                    remedy: "SET GLOBAL read_only = ON on all but one of them, unless writes are kept apart")
            ]
        }
        let flaw: DoctorFinding.Severity? =
            switch writability {
            case .writable: .warning
            // MariaDB before 12 has nothing stricter.
            case .readOnly: examination.isMySQLFamily ? .note : nil
            case .superReadOnly: nil
            }
        return [
            finding(
                "read-only", "a replica, \(writability.rawValue)", flaw: flaw,
                why:
                    "what is written on a replica makes it differ from its source: errant transactions, and no promotion",
                remedy: examination.isMySQLFamily
                    ? "SET GLOBAL super_read_only = ON, and in the option file"
                    : "SET GLOBAL read_only = ON, and in the option file")
        ]
    }

    static let filters: Check = { examination in
        let filters = examination.channels.flatMap(\.filters)
        guard let first = filters.first else { return [] }
        return [
            finding(
                "replication-filters", "\(filters.count) filters, first \(first.kind): \(first.value)", flaw: .blocker,
                why: "it does not have all that its source has: promoted, it would lose the rest for everybody",
                remedy: "take the filters away and restore the server, or never let it be promoted")
        ]
    }

    static let skipStart: Check = { examination in
        guard examination.isReplica, let skip = examination.flag("skip_replica_start", "skip_slave_start") else {
            return []
        }
        return [
            finding(
                "skip-replica-start", "\(skip.name) = \(skip.isOn ? "ON" : "OFF")", flaw: skip.isOn ? .note : nil,
                why: "after a restart replication stays stopped until somebody starts it",
                remedy: "\(skip.name) = OFF in the option file")
        ]
    }

    static let events: Check = { examination in
        guard examination.isReplica, let scheduler = examination.flag("event_scheduler"), scheduler.isOn else {
            return []
        }
        return [
            finding(
                "event-scheduler", "event_scheduler = ON on a replica", flaw: .note,
                why:
                    "events that were enabled by hand on the replica write there; after a promotion the replicated ones must be enabled",
                remedy: "SET GLOBAL event_scheduler = OFF while it is a replica")
        ]
    }

    /// MariaDB keeps the order by design, but for domains (`slave_domain_parallel_threads`).
    static let commitOrder: Check = { examination in
        guard examination.isMySQLFamily, examination.isReplica,
            let order = examination.flag("replica_preserve_commit_order", "slave_preserve_commit_order"),
            let workers = examination.variable("replica_parallel_workers", "slave_parallel_workers")
        else { return [] }
        let isParallel = (Int(workers.value) ?? 0) > 1
        return [
            finding(
                "commit-order", "\(order.name) = \(order.isOn ? "ON" : "OFF"), \(workers.name) = \(workers.value)",
                flaw: isParallel && !order.isOn ? .warning : nil,
                why:
                    "transactions are committed out of order: after a crash or while stopped there may be gaps, and positions don't tell what it has",
                remedy: "SET GLOBAL \(order.name) = ON, with the applier stopped")
        ]
    }

    static let netTimeout: Check = { examination in
        guard examination.isReplica,
            let timeout = examination.variable("replica_net_timeout", "slave_net_timeout"),
            let seconds = Double(timeout.value)
        else { return [] }
        return [
            finding(
                "net-timeout", "\(timeout.name) = \(timeout.value)",
                flaw: seconds > 60 ? .warning : seconds > 10 ? .note : nil,
                why:
                    "that long a replica goes on waiting for a source that is frozen or cut off, in seconds, and looks well",
                remedy: "SET GLOBAL \(timeout.name) = 10, then stop and start the receiver")
        ]
    }

    static let heartbeatPeriod: Check = { examination in
        examination.channels.compactMap { channel in
            guard let period = channel.heartbeatPeriod else { return nil }
            return finding(
                "heartbeat-period",
                "heartbeats from \(channel.source?.description ?? "its source") every \(period.inSeconds) s",
                flaw: period == .zero ? .warning : nil,
                why: "without heartbeats a quiet source and a dead one look the same to the replica",
                remedy: examination.isMySQLFamily
                    ? "CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD = 2"
                    : "CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD = 2")
        }
    }
}

// MARK: - Surviving a crash

extension ConfigurationChecks {
    static let durability: Check = { examination in
        let wanted = [
            (
                "sync_binlog",
                "a crashed primary may lose transactions that its replicas have: it can't come back below them"
            ),
            (
                "innodb_flush_log_at_trx_commit",
                "a crash loses committed transactions, and binary log and tables differ"
            ),
        ]
        return wanted.compactMap { name, why in
            guard let value = examination.variables[name] else { return nil }
            return finding(
                name.replacing("_", with: "-"), "\(name) = \(value)", flaw: value == "1" ? nil : .warning, why: why,
                remedy: "SET GLOBAL \(name) = 1, and in the option file")
        }
    }

    /// A MariaDB replica that follows by GTID fetches its relay logs anew in any case.
    static let relayLogRecovery: Check = { examination in
        guard examination.isReplica, let recovery = examination.flag("relay_log_recovery") else { return [] }
        let isNeeded =
            examination.isMySQLFamily || examination.channels.contains { $0.positioning == .binlogPosition }
        return [
            finding(
                "relay-log-recovery", "relay_log_recovery = \(recovery.isOn ? "ON" : "OFF")",
                flaw: recovery.isOn || !isNeeded ? nil : .warning,
                why: "after a crash the replica reads relay logs that may be torn",
                remedy: "relay_log_recovery = ON in the option file, and a restart")
        ]
    }

    /// Gone since MySQL 8.3, where they are always tables.
    static let metadataRepositories: Check = { examination in
        guard examination.isReplica else { return [] }
        return ["master_info_repository", "relay_log_info_repository"].compactMap { name in
            guard let value = examination.variables[name] else { return nil }
            return finding(
                name.replacing("_", with: "-"), "\(name) = \(value)",
                flaw: value.uppercased() == "TABLE" ? nil : .warning,
                why: "the replica's own position is not crash-safe in a file",
                remedy: "\(name) = TABLE in the option file")
        }
    }

    static let semiSyncWaitPoint: Check = { examination in
        guard examination.facts.semiSync.source?.isEnabled == true,
            let point = examination.variable("rpl_semi_sync_source_wait_point", "rpl_semi_sync_master_wait_point")
        else { return [] }
        return [
            finding(
                "semi-sync-wait-point", "\(point.name) = \(point.value)",
                flaw: point.value.uppercased() == "AFTER_SYNC" ? nil : .note,
                why: "clients may have read rows that no replica has when the primary dies",
                remedy: "SET GLOBAL \(point.name) = 'AFTER_SYNC'")
        ]
    }
}
