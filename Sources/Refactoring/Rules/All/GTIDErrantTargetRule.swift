import Topology

extension Rule {
    static let gtidErrantTarget = Rule(
        "gtid.errant-t", "The target should have no errant transactions",
        why: """
            What was written on the target itself and is not on its source will be given to every replica that is put \
            below it, and so spread.
            """,
        remedy: "Mend the target first, or choose its source.", gravity: .confirm
    ) { placement, objections in
        let target = placement.target
        guard placement.drag.usesGTID, target.hasOwnWrites, !target.channels.isEmpty else { return }
        let errant = errantTransactions(of: target.address, in: placement.scene.fleet)
        guard !errant.isEmpty else { return }
        objections.confirm(
            "\(target.address) has errant transactions, which \(placement.replica.address) would receive",
            measured: [Measurement("errant", of: target.address, errant.description)],
            remedies: [.command("baton gtid-errant-inject-empty \(target.address)")] + placement.otherTargets)
    }
}
