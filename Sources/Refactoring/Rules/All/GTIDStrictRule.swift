import Topology

extension Rule {
    static let gtidStrict = Rule(
        "gtid.strict", "A MariaDB replica should be strict about GTIDs",
        why: """
            Without `gtid_strict_mode` a MariaDB replica logs transactions out of sequence without complaint, so that a \
            divergence shows only later, when somebody is put below it (MariaDB manual, "gtid_strict_mode").
            """,
        remedy: "`SET GLOBAL gtid_strict_mode = ON`, and the same in the option file.", gravity: .warn
    ) { placement, objections in
        let replica = placement.replica
        guard placement.drag.usesGTID, let state = replica.mariadb, !state.isStrict else { return }
        objections.warn(
            "\(replica.address) has gtid_strict_mode = OFF",
            measured: [Measurement("gtid_strict_mode", of: replica.address, "OFF")],
            remedies: replica.setVariable("gtid_strict_mode", "ON"))
    }
}
