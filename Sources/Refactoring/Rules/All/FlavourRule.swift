import Topology

extension Rule {
    static let flavour = Rule(
        "gtid.flavour", "Replica and target must be of one family",
        why: """
            MySQL's and MariaDB's GTIDs are two different things, and neither family's replica can find its place by the \
            other's. MySQL cannot read MariaDB's events either; MariaDB can read those of some MySQL releases, by log \
            position (MariaDB manual, "Replication Compatibility Between MariaDB and MySQL"). orchestrator did not compare \
            flavours.
            """,
        remedy: "Choose a target of the same family.", gravity: .refuse
    ) { placement, objections in
        let (replica, target) = (placement.replica, placement.target)
        guard let own = replica.version, let theirs = target.version, replica.isMySQLFamily != target.isMySQLFamily
        else { return }
        let byPosition = replica.isMySQLFamily == false && !placement.drag.usesGTID
        objections.add(
            byPosition ? .confirm : .refuse,
            byPosition
                ? "\(replica.address) is \(own) and would read the log of \(theirs) by position, which works with some releases"
                : "\(replica.address) is \(own) and cannot follow \(theirs)",
            measured: placement.measured("version", own.description, theirs.description),
            remedies: [
                .advice("choose a target that is \(replica.isMySQLFamily ? "MySQL or Percona Server" : "MariaDB")")
            ])
    }
}
