import Topology

extension Rule {
    static let proxy = Rule(
        "id.proxy", "Both addresses must be servers, not proxies",
        why: """
            Behind a proxy or a moving address another server may answer each time: statements would go to one and \
            checks to another, and a replica that follows such an address changes its source without being told.
            """,
        remedy: "Use the address of the server itself.", gravity: .refuse
    ) { placement, objections in
        for side in [placement.replica, placement.target] where side.isProxy {
            let what =
                switch side.facts?.proxy {
                case .named(let name): name
                case .changingIdentity(let first, let second): "\(first) and then \(second)"
                case nil: ""
                }
            objections.refuse(
                "\(side.address) is not one server: \(what) answers there",
                measured: [Measurement("version_comment", of: side.address, what)],
                remedies: [.advice("use the address of the server behind \(side.address)")])
        }
    }
}
