import Topology

extension Rule {
    static let gtidErrantTarget = Rule(
        "gtid.errant-t", "The target should have no errant transactions",
        why: """
            What was written on the target itself and is not on its source will be given to every replica that is put \
            below it, and so spread. So will be what comes to the target, or to a server above it, from a source that does \
            not feed the replica; with that it could not go back below servers that lack it.
            """,
        remedy: "Mend the target first, or choose its source.", gravity: .confirm
    ) { placement, objections in
        judgeOtherSources(placement, &objections)
        let target = placement.target
        guard placement.drag.usesGTID, target.hasOwnWrites, !target.channels.isEmpty else { return }
        let errant = errantTransactions(of: target.address, in: placement.scene.fleet)
        guard !errant.isEmpty else { return }
        objections.confirm(
            "\(target.address) has errant transactions, which \(placement.replica.address) would receive",
            measured: [Measurement("errant", of: target.address, errant.description)],
            remedies: [.command("baton gtid-errant-inject-empty \(target.address)")] + placement.otherTargets)
    }
    /// A server of several sources gives all that comes from any of them.
    private static func judgeOtherSources(_ placement: Placement, _ objections: inout Objections) {
        let (drag, scene) = (placement.drag, placement.scene)
        guard scene.board.hasSeveralSources, drag.source?.facts != nil, let place = placement.replica.index else {
            return
        }
        let above = [placement.target.address] + scene.forest.sourceChain(of: placement.target.address)
        for address in above where !drag.sourceChain.contains(address) {
            let side = scene.side(of: address)
            guard side.channels.count > 1 else { continue }
            for source in side.channels.compactMap({ scene.fleet.source(of: $0) }) {
                guard let origin = scene.side(of: source).index, !scene.board.below([origin])[place] else { continue }
                objections.confirm(
                    "\(side.address) follows \(source) too, and \(placement.replica.address) would receive what comes from there",
                    measured: [
                        Measurement(
                            "sources", of: side.address,
                            side.channels.compactMap(\.source).map(\.description).joined(separator: ", "))
                    ],
                    remedies: placement.otherTargets)
            }
        }
    }
}
