import Topology

extension Rule {
    static let gtidPurged = Rule(
        "gtid.purged", "The target must still have every transaction that the replica needs",
        why: """
            What the target has purged from its logs cannot be given to a replica: the receiver stops with error 1236. On \
            MySQL that is `gtid_purged` less the replica's `gtid_executed`, an exact set. MariaDB keeps no such set: its \
            binlog state proves only what was once logged, so a replica that is far behind, or has no position at all, is \
            safe only where the target still writes its first log; the plan asks the target's oldest log before it changes \
            anything. orchestrator did not check MariaDB.
            """,
        remedy: "Choose a target that still has them, or rebuild the replica from a backup.", gravity: .refuse
    ) { placement, objections in
        guard placement.drag.usesGTID else { return }
        let (replica, target) = (placement.replica, placement.target)
        if let executed = replica.executed, let purged = target.purged {
            guard !purged.isSubset(of: executed) else { return }
            let missing = purged.subtracting(executed)
            objections.refuse(
                "\(target.address) has purged \(missing.transactionCount.counted("transaction")) that \(replica.address) still needs",
                measured: [Measurement("gtid_purged less gtid_executed", of: target.address, missing.description)],
                remedies: placement.otherTargets + [rebuild(placement)])
        } else if replica.mariadb != nil, target.mariadb != nil {
            judgeMariaDB(placement, &objections)
        }
    }

    private static func rebuild(_ placement: Placement) -> Remedy {
        .advice("rebuild \(placement.replica.address) from a backup of \(placement.target.address)")
    }

    /// What the target wrote itself, and no other server has: the replica needs it from its first such transaction on.
    private static func needsErrant(_ placement: Placement, _ theirs: MariaDBGTIDState) -> Bool {
        let target = placement.target
        guard target.hasOwnWrites, !target.channels.isEmpty else { return false }
        return theirs.binlogState.gtids.contains { gtid in
            gtid.server == target.serverID && placement.replica.mariadb?.binlogState.covers(gtid) != true
        }
    }

    private static func judgeMariaDB(_ placement: Placement, _ objections: inout Objections) {
        guard let position = placement.replica.position(of: placement.channel), let theirs = placement.target.mariadb
        else { return }
        let behind = position.transactionsBehind(theirs.binlogPosition)
        let keepsFirstLog = placement.target.binaryLog?.position?.fileNumber == 1
        guard behind > 0, !keepsFirstLog else { return }
        func measured() -> [Measurement] {
            [
                Measurement("gtid_slave_pos", of: placement.replica.address, position.description),
                Measurement("gtid_binlog_pos", of: placement.target.address, theirs.binlogPosition.description),
            ]
        }
        if position.isEmpty {
            objections.refuse(
                "\(placement.replica.address) has no GTID position and would ask for everything from the beginning, and "
                    + "\(placement.target.address) does not write its first log any more",
                measured: measured(), remedies: [rebuild(placement)])
        } else if !placement.isCurrent || needsErrant(placement, theirs) {
            objections.confirm(
                "\(placement.replica.address) is up to \(behind) transactions behind \(placement.target.address), and "
                    + "whether the logs there still have them cannot be told from afar",
                measured: measured(),
                remedies: [
                    .statement("SHOW BINARY LOGS", on: placement.target.address),
                    .advice("let \(placement.replica.address) catch up with its present source first"),
                ])
        }
    }
}
