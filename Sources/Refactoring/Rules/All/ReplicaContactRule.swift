import Topology

extension Rule {
    static let replicaContact = Rule(
        "conn.down-d", "The replica must answer", why: contact,
        remedy: "Bring the server back, or give baton's account access; then try again.",
        gravity: .refuse, subject: .replica
    ) { placement, objections in
        placement.checkContact(of: placement.replica, &objections)
    }
}
