import Topology

extension Rule {
    static let applierGaps = Rule(
        "repl.gaps", "Log positions must be without gaps",
        why: """
            Parallel appliers that do not keep the commit order (`replica_preserve_commit_order = OFF`) may have applied \
            transactions before earlier ones: the position then stands before the gap, and a CHANGE would lose or repeat \
            some. `START REPLICA UNTIL SQL_AFTER_MTS_GAPS` fills them (MySQL manual, "Replication and Transaction \
            Inconsistencies"); a plan does that first where the applier runs. By GTID gaps are filled by themselves. On \
            MariaDB each domain is in order, but several domains have no common position.
            """,
        remedy: "Let the gaps be filled, keep the commit order, or use GTID.", gravity: .refuse, subject: .replica
    ) { placement, objections in
        guard !placement.drag.usesGTID, let channel = placement.channel,
            let applier = placement.replica.facts?.parallelApplier
        else { return }
        let replica = placement.replica
        if applier.mayLeaveGaps {
            let isStopped = channel.applier == .stopped
            objections.add(
                isStopped ? .refuse : .warn,
                isStopped
                    ? "\(replica.address) has \(applier.workers) appliers without commit order and is stopped, perhaps "
                        + "with gaps"
                    : "\(replica.address) has \(applier.workers) appliers without commit order: gaps are filled first",
                measured: measured(replica, applier),
                remedies: (isStopped ? [.command("baton start-replica \(replica.address)")] : [])
                    + replica.setVariable(
                        replica.version?.isAtLeast(8, 0, 26) == true
                            ? "replica_preserve_commit_order" : "slave_preserve_commit_order", "ON"))
        } else if let state = replica.mariadb, applier.workers > 0, state.replicaPosition.gtids.count > 1 {
            objections.confirm(
                "\(replica.address) applies \(state.replicaPosition.gtids.count) domains in parallel, so that its log "
                    + "position may repeat transactions of some",
                measured: measured(replica, applier),
                remedies: replica.statements(
                    for: .changeSource(channel: channel.name, SourceChange(positioning: .replicaPosition)))
                    + [.statement("SET GLOBAL slave_parallel_threads = 0", on: replica.address)])
        }
    }

    private static func measured(_ replica: RuleSide, _ applier: ParallelApplier) -> [Measurement] {
        [
            Measurement("parallel workers", of: replica.address, String(applier.workers)),
            Measurement("commit order", of: replica.address, applier.preservesCommitOrder ? "kept" : "not kept"),
        ]
    }
}
