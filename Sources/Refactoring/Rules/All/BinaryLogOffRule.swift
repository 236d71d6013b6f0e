import Topology

extension Rule {
    static let binaryLogOff = Rule(
        "log.off-t", "The target must have a binary log",
        why: """
            Replicas read their source's binary log; a server without one has nothing to give (orchestrator's rule 2).
            """,
        remedy: "Turn the binary log on (`log_bin` in the option file, and a restart), or choose another target.",
        gravity: .refuse
    ) { placement, objections in
        let target = placement.target
        guard target.facts != nil, target.binaryLog == nil else { return }
        objections.refuse(
            "\(target.address) has no binary log",
            measured: [Measurement("log_bin", of: target.address, "OFF")],
            remedies: [.optionFile("log_bin = binlog", on: target.address)] + placement.otherTargets)
    }
}
