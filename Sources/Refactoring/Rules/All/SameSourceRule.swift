import Topology

extension Rule {
    static let sameSource = Rule(
        "move.noop", "The replica must not follow the target already",
        why: """
            A move to the present source changes nothing. A second channel from one source would apply every transaction \
            twice (MySQL manual, "MySQL Multi-Source Replication").
            """,
        remedy: "Choose another target; `baton repoint` renews a connection to the same source.",
        gravity: .refuse, contexts: [.move]
    ) { placement, objections in
        let (replica, target) = (placement.replica, placement.target)
        if let source = placement.drag.source, source.address == target.address {
            objections.refuse(
                "\(replica.address) follows \(target.address) already\(placement.channelPhrase)",
                measured: [Measurement("source", of: replica.address, target.address.description)],
                remedies: [.anotherTarget, .command("baton repoint \(replica.address)")])
            return
        }
        guard replica.channels.count > 1 else { return }
        for channel in replica.channels where placement.scene.fleet.source(of: channel) == target.address {
            objections.refuse(
                "\(replica.address) follows \(target.address) already on its channel `\(channel.name)`, and would apply "
                    + "each transaction twice",
                measured: [Measurement("channel", of: replica.address, channel.name)],
                remedies: [.anotherTarget])
        }
    }
}
