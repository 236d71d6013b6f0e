import Topology

extension Rule {
    static let unseenFacts = Rule(
        "priv.see", "baton's account must be able to read what the rules judge",
        why: """
            A fact that is hidden from baton is not a yes. Without the replica status nobody can say whom a server follows, \
            so that a ring cannot be ruled out; without the variables neither ids nor GTIDs are known. Other hidden facts \
            leave a question that somebody has to answer.
            """,
        remedy: "Give the account the privilege that is named; `baton doctor SERVER` lists all of them.",
        gravity: .refuse
    ) { placement, objections in
        for side in [placement.replica, placement.target] where side.hasUnavailable {
            for fact in side.facts?.unavailable ?? [] {
                guard let gravity = placement.need(of: fact.fact, on: side) else { continue }
                objections.add(
                    gravity,
                    "baton cannot read on \(side.address): \(fact.fact) (\(shortened(fact.message)))",
                    measured: [Measurement(fact.fact, of: side.address, "error \(fact.code)")],
                    remedies: fact.remedy.map { remedy in
                        remedy.split(separator: "; ").map { .statement(String($0), on: side.address) }
                    } ?? [.command("baton doctor \(side.address)")])
            }
        }
    }
}

extension Placement {
    /// How much it weighs that a fact is hidden, by the names that probes give to facts; `nil` where no rule needs it.
    fileprivate func need(of fact: String, on side: RuleSide) -> Gravity? {
        switch fact {
        case "replica status", "system variables", "identity": return .refuse
        case "gtid_executed", "gtid_purged", "gtid_binlog_state", "gtid_slave_pos", "gtid_current_pos":
            return drag.usesGTID ? .refuse : .warn
        case "gtid_binlog_pos": return drag.usesGTID ? .confirm : nil
        case "end of the binary log": return drag.usesGTID ? nil : .refuse
        case "group members", "Galera status": return .confirm
        case "semi-sync status": return side === target ? nil : .warn
        default: return nil
        }
    }
}
