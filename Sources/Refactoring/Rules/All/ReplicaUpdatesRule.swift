import Topology

extension Rule {
    static let replicaUpdates = Rule(
        "log.updates-t", "A target that is a replica must log what it applies",
        why: """
            Without `log_replica_updates` the binary log of a replica holds only what was written on itself, and servers \
            below it miss everything else without any error. The same is true of members of groups and Galera clusters. A \
            server that receives nothing needs it not (orchestrator's rule 3).
            """,
        remedy: "Turn `log_replica_updates` on (option file and restart), or choose the target's own source.",
        gravity: .refuse
    ) { placement, objections in
        let target = placement.target
        guard let log = target.binaryLog, !log.logsReplicaUpdates, target.receivesChanges else { return }
        let variable = target.updatesVariable
        objections.refuse(
            "\(target.address) is a replica and does not log what it applies",
            measured: [Measurement(variable, of: target.address, "OFF")],
            remedies: (placement.targetsSource.map { [$0] } ?? [])
                + [.optionFile("\(variable) = ON", on: target.address), .anotherTarget])
    }
}
