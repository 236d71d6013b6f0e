import Topology

extension Rule {
    static let fanOut = Rule(
        "fan.out", "The target should not feed too many replicas",
        why: "Each direct replica costs the target a thread and reads its whole log over the network.",
        remedy: "Choose an intermediate source, or raise the limit.", gravity: .warn, contexts: [.move, .takeover]
    ) { placement, objections in
        guard let place = placement.target.index else { return }
        let present = placement.scene.board.replicas[place].count
        let limit = placement.scene.limits.fanOut
        guard present + placement.drag.moving.count > limit else { return }
        objections.warn(
            "\(placement.target.address) would have up to \(present + placement.drag.moving.count) direct replicas; the "
                + "limit is \(limit)",
            measured: [Measurement("direct replicas", of: placement.target.address, String(present))],
            remedies: [.advice("choose one of its replicas as an intermediate source")])
    }
}
