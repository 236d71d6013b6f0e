import Topology

extension Rule {
    static let gtidDomain = Rule(
        "gtid.domain", "The target must know every domain of the replica (MariaDB)",
        why: """
            MariaDB lets a replica connect whose position has a domain that the source never logged, and checks nothing in \
            it: the target then lacks all that was written in that domain, and the replica gets no more of it. A replica \
            with several channels has domains of its other sources, of which nothing can be said.
            """,
        remedy: "Choose a target that follows the servers that write in that domain.", gravity: .refuse
    ) { placement, objections in
        guard placement.drag.usesGTID, let theirs = placement.target.mariadb,
            let position = placement.replica.position(of: placement.channel)
        else { return }
        let known = { (domain: UInt32) in
            theirs.binlogPosition[domain] != nil || theirs.replicaPosition[domain] != nil
        }
        guard position.gtids.contains(where: { !known($0.domain) }) else { return }
        let missing = position.gtids.filter { !known($0.domain) }
        let isShared = placement.replica.channels.count > 1
        let text = missing.map { String($0.domain) }.joined(separator: ", ")
        objections.add(
            isShared ? .warn : .refuse,
            "\(placement.target.address) has logged nothing in the GTID domains \(text) of \(placement.replica.address)",
            measured: [
                Measurement("gtid_slave_pos", of: placement.replica.address, position.description),
                Measurement("gtid_binlog_pos", of: placement.target.address, theirs.binlogPosition.description),
            ],
            remedies: [.advice("choose a target that has the domains \(text)")] + placement.otherTargets)
    }
}
