import Topology

extension Rule {
    static let primary = Rule(
        "move.primary", "The server that is moved must be a replica, and not the cluster's primary",
        why: """
            A server without a source has nothing to be moved, and a live primary takes writes that the target would never \
            see. Making another server the primary is a takeover, with other checks and another plan.
            """,
        remedy: "Take over from the primary with one of its replicas, then move it.",
        gravity: .refuse, contexts: [.move]
    ) { placement, objections in
        let replica = placement.replica
        guard let facts = replica.facts, replica.unavailable("replica status") == nil else { return }
        if replica.channels.isEmpty {
            objections.refuse(
                "\(replica.address) follows nobody, so there is nothing to move",
                measured: [Measurement("channels", of: replica.address, "0")],
                remedies: takeover(placement))
        } else if let cluster = replica.cluster, facts.writability.isWritable,
            placement.scene.forest.clusters[cluster].primary == replica.address
        {
            objections.refuse(
                "\(replica.address) is the primary of its cluster and takes writes",
                measured: [Measurement("read_only", of: replica.address, "OFF")],
                remedies: takeover(placement))
        }
    }

    private static func takeover(_ placement: Placement) -> [Remedy] {
        guard let place = placement.replica.index,
            let candidate = placement.scene.board.replicas[place].first
        else { return [.anotherTarget] }
        let address = placement.scene.board.sides[candidate].address
        return [.command("baton take-source \(address)"), .advice("choose one of its replicas instead")]
    }
}
