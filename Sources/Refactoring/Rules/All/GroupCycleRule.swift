import Topology

extension Rule {
    static let groupCycle = Rule(
        "move.group-cycle", "The target must not be one of those that are moved",
        why: "A group that is moved under one of its own members would leave that member without a place.",
        remedy: "Take the target out of the group, or choose another target.", gravity: .refuse
    ) { placement, objections in
        guard placement.drag.moving.count > 1 else { return }
        let target = placement.target.address
        guard placement.drag.moving.contains(target), target != placement.replica.address else { return }
        objections.refuse(
            "\(target) is one of the \(placement.drag.moving.count) servers that are to be moved",
            remedies: [.advice("take \(target) out of the group"), .anotherTarget])
    }
}
