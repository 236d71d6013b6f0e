import Topology

extension Rule {
    static let staleReplica = Rule(
        "seen.stale-d", "The replica must have been read within one poll",
        why: staleness, remedy: "Wait for the next poll, or ask the servers now.", gravity: .refuse, subject: .replica
    ) { placement, objections in
        placement.checkFreshness(of: placement.replica, &objections)
    }
}
