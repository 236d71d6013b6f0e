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
        if case .remembered = side.contact, side.facts != nil { return }
        let silence = side.contact.silence(of: side.address, at: scene.now)
        objections.refuse(
            silence?.sentence ?? "\(side.address) was never read by baton",
            measured: [silence?.measured ?? Measurement("contact", of: side.address, "never")], remedies: remedies())
    }
}

extension Contact {
    /// How a server failed that was asked and did not answer, or not let us in; `nil` for any other.
    func silence(
        of address: InstanceAddress, at now: Timestamp
    ) -> (sentence: String, measured: Measurement)? {
        let sentence: String
        switch self {
        case .unreachable(let since, _, let failure):
            let silence = now - since
            let what = silence < .seconds(1) ? "does not answer" : "has not answered for \(silence.inWords)"
            sentence = "\(address) \(what): \(failure.message)"
        case .noAccess(_, _, let failure): sentence = "\(address) does not let baton in: \(failure.message)"
        case .neverTried, .remembered, .reachable: return nil
        }
        return failure.map { (sentence, Measurement("contact", of: address, $0.kind.rawValue)) }
    }
}
