import Topology

extension Rule {
    static let candidate = Rule(
        "cand.last", "The primary should keep a replica that could take its place",
        why: """
            After the move no direct replica of the primary would be fit for a promotion: reachable, replicating, logging \
            what it applies, without filters and delay.
            """,
        remedy: "Leave it, or prepare another replica of the primary first.", gravity: .warn, contexts: [.move]
    ) { placement, objections in
        guard let source = placement.drag.onlyCandidateOf, source != placement.target.address else { return }
        objections.warn(
            "\(placement.replica.address) is the only replica of \(source) that could take its place",
            measured: [Measurement("candidates left", of: source, "0")],
            remedies: [.advice("prepare another replica of \(source) first: a binary log with log_replica_updates")])
    }
}
