import Topology

extension Rule {
    static let staleTarget = Rule(
        "seen.stale-t", "The target must have been read within one poll",
        why: staleness, remedy: "Wait for the next poll, or ask the servers now.", gravity: .refuse
    ) { placement, objections in
        placement.checkFreshness(of: placement.target, &objections)
    }
}
