import Topology

extension Rule {
    static let gtidMode = Rule(
        "gtid.mode-mix", "The two GTID modes must go together",
        why: """
            A replica with `gtid_mode = OFF` cannot apply transactions with GTIDs, and one with `ON` none without; with \
            `SOURCE_AUTO_POSITION = 1` the source has to have `gtid_mode = ON` (MySQL manual, "Replication Mode Concepts", \
            the table of compatible modes). A MariaDB replica that uses GTIDs needs a MariaDB source.
            """,
        remedy: "Change `gtid_mode` step by step on the server that is behind, or move by log position.",
        gravity: .refuse
    ) { placement, objections in
        let (replica, target) = (placement.replica, placement.target)
        guard replica.isMySQLFamily, target.isMySQLFamily, target.facts != nil, replica.facts != nil else { return }
        let (own, theirs) = (replica.gtidMode ?? .off, target.gtidMode ?? .off)
        if placement.drag.usesGTID, theirs != .on {
            objections.refuse(
                "\(replica.address) follows by GTID, and \(target.address) has gtid_mode = \(theirs.rawValue)",
                measured: placement.measured("gtid_mode", own.rawValue, theirs.rawValue),
                remedies: towardsOn(target, theirs) + [
                    .advice("let \(replica.address) follow by log position first: SOURCE_AUTO_POSITION = 0")
                ])
        } else if own == .off, theirs == .on || theirs == .onPermissive {
            objections.refuse(
                "\(replica.address) has gtid_mode = OFF and cannot apply the GTIDs of \(target.address)",
                measured: placement.measured("gtid_mode", own.rawValue, theirs.rawValue),
                remedies: towardsOn(replica, own))
        } else if own == .on, theirs == .off || theirs == .offPermissive {
            objections.refuse(
                "\(replica.address) has gtid_mode = ON and cannot apply transactions without GTIDs, as \(target.address) "
                    + "writes them",
                measured: placement.measured("gtid_mode", own.rawValue, theirs.rawValue),
                remedies: towardsOn(target, theirs))
        }
    }

    /// The mode can change by one step only, and never from one permissive side to the other at once.
    private static func towardsOn(_ side: RuleSide, _ mode: GTIDMode) -> [Remedy] {
        let steps: [GTIDMode] = [.off, .offPermissive, .onPermissive, .on]
        guard let place = steps.firstIndex(of: mode), place + 1 < steps.count else { return [] }
        return [.statement("SET GLOBAL gtid_mode = \(steps[place + 1].rawValue)", on: side.address)]
    }
}
