import Topology

extension Rule {
    static let ownself = Rule(
        "move.self", "A server cannot follow itself",
        why: """
            Two names may lead to one server, so canonical addresses are compared; servers of one `server_uuid` under two \
            addresses are found by the rule `id.uuid`.
            """,
        remedy: "Choose another target.", gravity: .refuse
    ) { placement, objections in
        guard placement.replica.address == placement.target.address else { return }
        objections.refuse("\(placement.target.address) is the server that is to be moved", remedies: [.anotherTarget])
    }
}
