import Topology

extension Rule {
    static let galeraMember = Rule(
        "galera.member", "Galera nodes are not moved, and only synced ones are followed",
        why: """
            A Galera node that also follows a source brings those transactions to the whole cluster; moving it changes all of \
            them. A node outside the primary component, or not synced, has not all transactions, and GTIDs of Galera are \
            the same on all nodes only with `wsrep_gtid_mode`.
            """,
        remedy: "Choose a synced node as the target; move the cluster's replication by hand.", gravity: .refuse
    ) { placement, objections in
        if let galera = placement.replica.galera {
            objections.refuse(
                "\(placement.replica.address) is a node of the Galera cluster \(galera.clusterName)",
                measured: [Measurement("wsrep_local_state_comment", of: placement.replica.address, galera.state)],
                remedies: [.advice("move replicas of the cluster, not its nodes")])
        }
        guard let galera = placement.target.galera else { return }
        let isSynced = galera.state == "Synced" && galera.isInPrimaryComponent
        objections.add(
            isSynced ? .warn : .refuse,
            isSynced
                ? "\(placement.target.address) is a Galera node: its GTIDs are those of the other nodes only with wsrep_gtid_mode"
                : "\(placement.target.address) is a Galera node in state \(galera.state)"
                    + (galera.isInPrimaryComponent ? "" : ", outside the primary component"),
            measured: [
                Measurement("wsrep_local_state_comment", of: placement.target.address, galera.state),
                Measurement(
                    "wsrep_cluster_status", of: placement.target.address,
                    galera.isInPrimaryComponent ? "Primary" : "non-Primary"),
            ],
            remedies: isSynced
                ? [.optionFile("wsrep_gtid_mode = ON", on: placement.target.address)]
                : [.advice("choose a node that is synced")])
    }
}
