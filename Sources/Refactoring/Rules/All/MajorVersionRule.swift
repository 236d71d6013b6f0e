import Topology

extension Rule {
    static let majorVersion = Rule(
        "ver.major", "The replica must not be of an older release series than the target",
        why: """
            An older server does not understand all events of a newer one (MySQL manual, "Replication Compatibility Between \
            MySQL Versions"; orchestrator's rule 4). Series are compared as numbers, and only within a family.
            """,
        remedy: "Upgrade the replica, or choose a target that is not newer.", gravity: .refuse
    ) { placement, objections in
        let (replica, target) = (placement.replica, placement.target)
        guard let own = replica.version, let theirs = target.version, replica.isMySQLFamily == target.isMySQLFamily,
            (own.major, own.minor) < (theirs.major, theirs.minor)
        else { return }
        objections.refuse(
            "\(replica.address) is \(own) and older than \(target.address), \(theirs)",
            measured: placement.measured("version", own.text, theirs.text),
            remedies: [
                .advice("upgrade \(replica.address) to \(target.series) or later"),
                .advice("choose a target of series \(replica.series) or older"),
            ])
    }
}
