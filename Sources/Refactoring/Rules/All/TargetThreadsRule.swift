import Topology

extension Rule {
    static let targetThreads = Rule(
        "repl.target", "A target that is a replica should replicate",
        why: "Below a server that stands still, the replica would stand still as well.",
        remedy: "Start the target's replication, or choose its source.", gravity: .confirm, contexts: [.move]
    ) { placement, objections in
        let target = placement.target
        guard let channel = target.channels.first(where: { !$0.isReplicating }), target.isReachable else { return }
        objections.confirm(
            "\(target.address) does not replicate itself: receiver \(channel.receiver.rawValue), applier "
                + channel.applier.rawValue,
            measured: [
                Measurement("Replica_IO_Running", of: target.address, channel.receiver.rawValue),
                Measurement("Replica_SQL_Running", of: target.address, channel.applier.rawValue),
            ],
            remedies: target.start(channel) + placement.otherTargets)
    }
}
