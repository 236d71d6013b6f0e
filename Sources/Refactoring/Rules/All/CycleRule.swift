import Topology

extension Rule {
    static let cycle = Rule(
        "move.cycle", "The target must not be fed by the replica",
        why: """
            A server under its own descendant closes a ring: nothing new arrives there any more, and in a ring of three or \
            more a dead member's transactions go round for ever. All channels, groups, Galera clusters and rings are \
            followed, by the addresses that replicas name and not by UUIDs, which MariaDB does not have. In a takeover the \
            replica's direct source goes under it, because it stops being its source.
            """,
        remedy: "Move the target away from under the replica first, or take over from the source.", gravity: .refuse
    ) { placement, objections in
        let (drag, target) = (placement.drag, placement.target)
        guard let place = target.index, place < drag.isBelow.count, drag.isBelow[place],
            target.address != drag.replica.address
        else { return }
        let isDirect = target.channels.contains { placement.scene.fleet.source(of: $0) == drag.replica.address }
        if drag.context == .takeover, isDirect { return }
        let chain = placement.scene.forest.sourceChain(of: target.address)
        let way = chain.prefix { $0 != drag.replica.address }.map(\.description) + [drag.replica.address.description]
        objections.refuse(
            "\(target.address) is fed by \(drag.replica.address), so that this would close a ring",
            measured: [Measurement("sources", of: target.address, way.joined(separator: " < "))],
            remedies: placement.isWithinRing
                ? [
                    .command("baton reset-replica \(drag.replica.address)"),
                    .advice(
                        "both are in a ring already, which ends where one of its members follows nobody, or a server outside"
                    ),
                ]
                : [
                    .command("baton take-source \(target.address)"),
                    .advice("move \(target.address) to another source first"),
                ])
    }
}

extension Placement {
    /// Whether the replica is fed by the target as well, so that no move of either within the ring ends it.
    fileprivate var isWithinRing: Bool { scene.fleet.isFed(drag.replica.address, by: target.address) }
}
