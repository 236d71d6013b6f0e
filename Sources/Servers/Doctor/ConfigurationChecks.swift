import Topology

/// What in a server's configuration would block a safe move or recovery, or make it lose something.
///
/// A check gives no finding where the server has no such setting, and one of severity `fine` where it is well.
enum ConfigurationChecks {
    typealias Check = @Sendable (Examination) -> [DoctorFinding]

    static let all: [Check] = [
        binaryLog, logsReplicaUpdates, binlogFormat, binlogRowImage, binlogExpiry,
        gtid, gtidConsistency, gtidStrictness, positioning,
        reportHost, readOnlyReplica, filters, skipStart, events, commitOrder, netTimeout, heartbeatPeriod,
        durability, relayLogRecovery, metadataRepositories, semiSyncWaitPoint,
    ]

    /// - Parameters:
    ///   - flaw: how much what was measured matters, `nil` where it is as it should be.
    static func finding(
        _ id: String, _ measured: String, flaw: DoctorFinding.Severity?, why: String, remedy: String? = nil
    ) -> DoctorFinding {
        DoctorFinding(
            id: id, area: .configuration, severity: flaw ?? .fine, measured: measured, why: why,
            remedy: flaw == nil ? nil : remedy)
    }
}

// MARK: - The binary log

extension ConfigurationChecks {
    static let binaryLog: Check = { examination in
        let isOn = examination.facts.binaryLog != nil
        return [
            finding(
                "binary-log", "log_bin = \(isOn ? "ON" : "OFF")", flaw: isOn ? nil : .blocker,
                why: "without a binary log no server can replicate from this one, so it can't be promoted",
                remedy: "log_bin in the option file, and a restart")
        ]
    }

    static let logsReplicaUpdates: Check = { examination in
        guard let log = examination.facts.binaryLog else { return [] }
        let name = examination.variable("log_replica_updates", "log_slave_updates")?.name ?? "log_replica_updates"
        return [
            finding(
                "log-replica-updates", "\(name) = \(log.logsReplicaUpdates ? "ON" : "OFF")",
                flaw: log.logsReplicaUpdates ? nil : .blocker,
                why:
                    "what comes by replication is not in its binary log: replicas below it, or promoted past it, miss it",
                remedy: "\(name) = ON in the option file, and a restart")
        ]
    }

    static let binlogFormat: Check = { examination in
        guard let log = examination.facts.binaryLog else { return [] }
        let flaw: DoctorFinding.Severity? =
            switch log.format {
            case .row: nil
            case .mixed: .note
            case .statement: .warning
            }
        return [
            finding(
                "binlog-format", "binlog_format = \(log.format.rawValue)", flaw: flaw,
                why: "statements may give other rows on a replica than on its source",
                remedy: "SET GLOBAL binlog_format = 'ROW', and in the option file")
        ]
    }

    static let binlogRowImage: Check = { examination in
        guard let log = examination.facts.binaryLog, let image = log.rowImage else { return [] }
        let isFull = image.uppercased() != "MINIMAL" && image.uppercased() != "NOBLOB"
        return [
            finding(
                "binlog-row-image", "binlog_row_image = \(image)", flaw: isFull ? nil : .note,
                why: "rows that were lost in a failover can't be read back in full from the binary log",
                remedy: "SET GLOBAL binlog_row_image = 'FULL', and in the option file")
        ]
    }

    /// Seconds since MySQL 8.0.1 and MariaDB 10.6.1, days before.
    static let binlogExpiry: Check = { examination in
        guard examination.facts.binaryLog != nil else { return [] }
        let seconds = examination.variables["binlog_expire_logs_seconds"].flatMap(Double.init) ?? 0
        let days = examination.variables["expire_logs_days"].flatMap(Double.init) ?? 0
        let kept = seconds > 0 ? seconds : days * 86_400
        let measured =
            kept > 0 ? "binary logs are kept \(Int(min(kept, 1e9) / 3600)) h" : "binary logs are never purged"
        return [
            finding(
                "binlog-expiry", measured, flaw: kept == 0 ? .note : kept < 86_400 ? .warning : nil,
                why:
                    "a replica that was away for longer, or a server to be re-attached, finds its logs gone; logs never purged fill the disk",
                remedy: "SET GLOBAL binlog_expire_logs_seconds = 604800 (expire_logs_days on older servers)")
        ]
    }
}

// MARK: - Transaction identifiers

extension ConfigurationChecks {
    static let gtid: Check = { examination in
        guard case .mysql(let gtid) = examination.facts.gtid else { return [] }
        return [
            finding(
                "gtid-mode", "gtid_mode = \(gtid.mode.rawValue)", flaw: gtid.mode == .on ? nil : .warning,
                why: "without GTIDs a replica finds its place below another source only by comparing binary logs",
                remedy: "step by step: SET GLOBAL gtid_mode = OFF_PERMISSIVE, then ON_PERMISSIVE, then ON")
        ]
    }

    static let gtidConsistency: Check = { examination in
        guard case .mysql(let gtid) = examination.facts.gtid else { return [] }
        return [
            finding(
                "gtid-consistency", "enforce_gtid_consistency = \(gtid.enforcement)",
                flaw: gtid.enforcement.uppercased() == "ON" || gtid.enforcement == "1" ? nil : .warning,
                why: "statements that GTIDs can't carry are let through, and gtid_mode can't be switched on",
                remedy: "SET GLOBAL enforce_gtid_consistency = ON")
        ]
    }

    static let gtidStrictness: Check = { examination in
        guard case .mariadb(let gtid) = examination.facts.gtid else { return [] }
        return [
            finding(
                "gtid-strict-mode", "gtid_strict_mode = \(gtid.isStrict ? "ON" : "OFF")",
                flaw: gtid.isStrict ? nil : .warning,
                why: "sequence numbers out of order are logged: a diverged replica goes on instead of stopping",
                remedy: "SET GLOBAL gtid_strict_mode = ON, and in the option file")
        ]
    }

    static let positioning: Check = { examination in
        let remedy =
            examination.isMySQLFamily
            ? "CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 1" : "CHANGE MASTER TO MASTER_USE_GTID = slave_pos"
        return examination.channels.map { channel in
            let name = channel.name.isEmpty ? "the default channel" : "channel \(channel.name)"
            let flaw: DoctorFinding.Severity? =
                switch channel.positioning {
                case .binlogPosition: .warning
                case .currentPosition: .note
                case .autoPosition, .replicaPosition: nil
                }
            return finding(
                "positioning", "\(name) follows by \(channel.positioning.rawValue)", flaw: flaw,
                why: "a replica that follows by GTID can be put below any source that has its transactions",
                remedy: remedy)
        }
    }
}
