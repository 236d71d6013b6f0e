import Topology

extension Rule {
    /// Why both rules on this ask for it.
    static let contact = """
        A plan begins with statements on the replica and ends with a look at both. A server that does not answer, does not \
        let us in or was never read cannot be changed, and what it was like earlier proves nothing.
        """
}

extension Placement {
    func checkContact(of side: RuleSide, _ objections: inout Objections) {
        if side.isReachable, side.facts != nil { return }
        func remedies() -> [Remedy] {
            [
                .command("baton doctor \(side.address)"),
                side === target ? .anotherTarget : .advice("bring it back first"),
            ]
        }
        switch side.contact {
        case .remembered where side.facts != nil: return
        case .unreachable(let since, _, let failure):
            let silence = scene.now - since
            let what =
                silence < .seconds(1) ? "does not answer" : "has not answered for \(silence.inWords)"
            objections.refuse(
                "\(side.address) \(what): \(failure.message)",
                measured: [Measurement("contact", of: side.address, failure.kind.rawValue)], remedies: remedies())
        case .noAccess(_, _, let failure):
            objections.refuse(
                "\(side.address) does not let baton in: \(failure.message)",
                measured: [Measurement("contact", of: side.address, failure.kind.rawValue)], remedies: remedies())
        case .neverTried, .remembered, .reachable:
            objections.refuse(
                "\(side.address) was never read by baton",
                measured: [Measurement("contact", of: side.address, "never")], remedies: remedies())
        }
    }
}
