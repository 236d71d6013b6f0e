import Topology

extension Rule {
    static let binlogFormat = Rule(
        "fmt.binlog", "A replica that relays must be able to log what the target sends",
        why: """
            A replica that logs in statements cannot log the rows that it receives, and stops with error 1666 (MySQL manual, \
            "Setting The Binary Log Format"). One that logs mixed can, but its own statements then reach its replicas in \
            another form than the target's; orchestrator refused both. A replica that logs nothing takes every format.
            """,
        remedy: "Give the replica the target's `binlog_format` and restart its applier.", gravity: .refuse
    ) { placement, objections in
        let (replica, target) = (placement.replica, placement.target)
        guard let own = replica.binaryLog, own.logsReplicaUpdates, let theirs = target.binaryLog,
            own.format.rank < theirs.format.rank
        else { return }
        objections.add(
            own.format == .statement ? .refuse : .confirm,
            "\(replica.address) logs what it applies as \(own.format.rawValue), and \(target.address) sends "
                + theirs.format.rawValue,
            measured: placement.measured("binlog_format", own.format.rawValue, theirs.format.rawValue),
            remedies: replica.setVariable("binlog_format", "'\(theirs.format.rawValue)'"))
    }
}

extension BinaryLog.Format {
    /// From the poorest to the richest: a server can log what is of its own rank or lower.
    fileprivate var rank: Int {
        switch self {
        case .statement: 0
        case .mixed: 1
        case .row: 2
        }
    }
}
