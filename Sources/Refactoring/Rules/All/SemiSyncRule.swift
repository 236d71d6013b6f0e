import Topology

extension Rule {
    static let semiSync = Rule(
        "semi.last", "The present source should keep enough semi-synchronous replicas",
        why: """
            Each commit on the source waits until enough replicas have acknowledged it. With too few of them every commit \
            waits for the timeout, and after it the source goes on without the guarantee.
            """,
        remedy: "Switch another replica of the source to semi-synchronous first.", gravity: .confirm, contexts: [.move]
    ) { placement, objections in
        guard let loss = placement.drag.semiSyncLoss, loss.source != placement.target.address else { return }
        objections.confirm(
            "\(loss.source) waits for \(loss.needed.counted("semi-synchronous replica")) and would have \(loss.left)",
            measured: [
                Measurement("semi-sync replicas needed", of: loss.source, String(loss.needed)),
                Measurement("semi-sync replicas left", of: loss.source, String(loss.left)),
            ],
            remedies: [.advice("switch another replica of \(loss.source) to semi-synchronous first")])
    }
}
