import Topology

extension Rule {
    static let lock = Rule(
        "lock.other", "Nobody else may be at work on the servers concerned",
        why: """
            Two tools, or two operators, that move the same servers each see the other's half-done work as the state \
            of things. Concerned are the replica, its present source, the target, and all that move along.
            """,
        remedy: "Wait until the other one is done, or ask who is named.",
        gravity: .refuse
    ) { placement, objections in
        let locks = placement.scene.holds.locks
        guard !locks.isEmpty else { return }
        let concerned = placement.drag.moving.union(
            [placement.target.address] + (placement.drag.source.map { [$0.address] } ?? []))
        for address in concerned.sorted() {
            guard let holder = locks[address] else { continue }
            objections.refuse(
                "\(address) is locked by \(holder)",
                measured: [Measurement("lock", of: address, holder)],
                remedies: [.advice("wait until \(holder) is done with \(address), or ask them")])
        }
    }
}

extension Reason {
    /// Whether nothing is wrong but that somebody else is at work: it may be tried again.
    public var isLock: Bool { rule == Rule.lock.id }
}
