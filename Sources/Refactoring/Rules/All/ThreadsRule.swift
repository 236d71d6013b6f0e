import Topology

extension Rule {
    static let threads = Rule(
        "repl.stopped", "The replica must replicate",
        why: """
            A move by log position stops the servers at a common point and needs both threads running. By GTID a stopped \
            replica can be moved as well, as orchestrator does it, and stays as it is; but an applier's error moves along, \
            and may not be visible as one any more. In a recovery threads are stopped by nature, and the rule is silent.
            """,
        remedy: "Start the replica, or mend its error first.", gravity: .refuse, contexts: [.move], subject: .replica
    ) { placement, objections in
        guard let channel = placement.channel, !channel.isReplicating else { return }
        let replica = placement.replica
        let error = channel.applierError ?? channel.receiverError
        let gravity: Gravity =
            !placement.drag.usesGTID ? .refuse : channel.applierError == nil ? .warn : .confirm
        let what =
            switch (channel.receiver, channel.applier) {
            case (.connecting, .running): "cannot reach its source"
            case (_, .running): "has its receiver stopped"
            case (.running, .stopped): "has its applier stopped"
            case (_, .stopped): "is stopped"
            }
        objections.add(
            gravity,
            "\(replica.address) \(what)\(placement.channelPhrase)"
                + (error.map { ": error \($0.code): \($0.message)" } ?? "")
                + (gravity == .refuse ? "; a move by log position needs both threads" : ""),
            measured: [
                Measurement("Replica_IO_Running", of: replica.address, channel.receiver.rawValue),
                Measurement("Replica_SQL_Running", of: replica.address, channel.applier.rawValue),
            ],
            remedies: (error == nil ? [] : [.advice("mend the error first")]) + replica.start(channel))
    }
}
