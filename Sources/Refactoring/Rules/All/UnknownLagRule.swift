import Topology

extension Rule {
    static let unknownLag = Rule(
        "repl.lag-unknown", "The replica's lag must be known for a move by log position",
        why: """
            Nobody can say how long a move by log position would wait for a replica whose lag is NULL although both threads \
            run. By GTID nobody waits for it.
            """,
        remedy: "Wait for the next poll; look at the replica status.",
        gravity: .refuse, contexts: [.move], subject: .replica
    ) { placement, objections in
        guard let channel = placement.channel, channel.isReplicating, channel.lag == nil, !placement.drag.usesGTID
        else { return }
        objections.refuse(
            "\(placement.replica.address) replicates\(placement.channelPhrase), but how far it is behind cannot be told",
            measured: [Measurement("Seconds_Behind_Source", of: placement.replica.address, "NULL")],
            remedies: [
                .advice("wait for the next poll"), .command("baton instance \(placement.replica.address)"),
            ])
    }
}
