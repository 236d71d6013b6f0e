import Topology

extension Rule {
    static let lag = Rule(
        "repl.lag", "The replica should not lag",
        why: """
            A move by log position has to wait until the replica has caught up, and its source or sibling waits with it. By \
            GTID nobody waits, and it is only good to know. The configured delay is taken off (orchestrator's CanMove, \
            `ReasonableMaintenanceReplicationLagSeconds`, 20 s).
            """,
        remedy: "Wait until it has caught up.", gravity: .confirm, contexts: [.move], subject: .replica
    ) { placement, objections in
        guard let lag = placement.channel?.lag, lag.beyondDelay > placement.scene.limits.lag else { return }
        objections.add(
            placement.drag.usesGTID ? .warn : .confirm,
            "\(placement.replica.address) is \(lag.beyondDelay.inWords) behind; the limit is "
                + placement.scene.limits.lag.inWords,
            measured: [Measurement("lag", of: placement.replica.address, lag.beyondDelay.inWords)],
            remedies: [.advice("wait until \(placement.replica.address) has caught up")])
    }
}
