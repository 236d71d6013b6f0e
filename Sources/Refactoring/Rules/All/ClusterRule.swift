import Topology

extension Rule {
    static let cluster = Rule(
        "move.cluster", "Replica and target must have one history",
        why: """
            A server of another cluster holds other data: a replica that is put there would mix two data sets, and the \
            servers themselves do not notice. It counts as the same history where the replica's transactions are all on the \
            target, by GTID; log positions of two clusters have nothing to do with each other.
            """,
        remedy: "Choose a target in the replica's cluster, or rebuild the replica from a backup of the target.",
        gravity: .refuse
    ) { placement, objections in
        let (replica, target) = (placement.replica, placement.target)
        guard let from = replica.cluster, let to = target.cluster, from != to else { return }
        let clusters = placement.scene.forest.clusters
        if placement.drag.usesGTID, isProven(replica, target) {
            objections.warn(
                "\(target.address) stands in another cluster, \(clusters[to].name), but has every transaction of "
                    + "\(replica.address)",
                measured: [Measurement("cluster", of: target.address, clusters[to].name)],
                remedies: [.advice("check that \(target.address) is the server that you mean")])
        } else {
            objections.refuse(
                "\(target.address) stands in another cluster, \(clusters[to].name), and nothing shows that it has the data "
                    + "of \(replica.address)",
                measured: placement.measured("cluster", clusters[from].name, clusters[to].name),
                remedies: [
                    .advice("choose a target in the cluster \(clusters[from].name)"),
                    .advice("rebuild \(replica.address) from a backup of \(target.address)"),
                ])
        }
    }

    private static func isProven(_ replica: RuleSide, _ target: RuleSide) -> Bool {
        if let executed = replica.executed, let theirs = target.executed {
            return !executed.isEmpty && executed.isSubset(of: theirs)
        }
        if let state = replica.mariadb, let theirs = target.mariadb {
            let position = state.currentPosition
            return !position.isEmpty && position.gtids.allSatisfy { theirs.binlogState.covers($0) }
        }
        return false
    }
}
