import Topology

extension Rule {
    static let targetContact = Rule(
        "conn.down-t", "The target must answer", why: contact,
        remedy: "Bring the server back, or give baton's account access, or choose another target.", gravity: .refuse
    ) { placement, objections in
        placement.checkContact(of: placement.target, &objections)
    }
}
