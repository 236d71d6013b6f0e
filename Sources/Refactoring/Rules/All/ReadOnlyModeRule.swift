import Topology

extension Rule {
    static let readOnlyMode = Rule(
        "ro.mode", "baton, and both clusters, must not be read-only",
        why: """
            Whoever starts baton read-only, or marks a cluster so in the configuration, wants to look and not to change. \
            The mark holds for every way in: console, command line and resumed operations.
            """,
        remedy: "Start baton without `--read-only`, or take the mark of the cluster out of the configuration.",
        gravity: .refuse
    ) { placement, objections in
        let holds = placement.scene.holds
        if let reason = holds.everything {
            objections.refuse(
                "baton changes nothing here: \(reason)",
                remedies: [.advice("start baton without its read-only mode")])
        }
        guard !holds.clusters.isEmpty else { return }
        for cluster in Set([placement.replica.cluster, placement.target.cluster].compactMap { $0 }).sorted() {
            let cluster = placement.scene.forest.clusters[cluster]
            guard let reason = holds.clusters[cluster.id] else { continue }
            objections.refuse(
                "the cluster \(cluster.name) is read-only: \(reason)",
                remedies: [.advice("take the mark of \(cluster.name) out of the configuration")])
        }
    }
}
