import Topology

extension Rule {
    /// Why both rules on this ask for it.
    static let staleness = """
        Every other rule judges what was read. What the store or a snapshot remembers, or what was read before the last \
        poll, may be true no more: threads stop, sources change, logs are purged. orchestrator judged on rows that could \
        be five polls old.
        """
}

extension Placement {
    func checkFreshness(of side: RuleSide, _ objections: inout Objections) {
        // That a server does not answer is told by a rule of its own: no next poll helps there.
        guard side.facts != nil, side.contact.failure == nil else { return }
        let seen: Timestamp?
        if case .remembered(let lastSeen, _) = side.contact {
            seen = lastSeen
        } else {
            guard !scene.lastReads.isEmpty, let read = scene.lastReads[side.address] else { return }
            seen = read
        }
        if let seen, scene.now - seen <= scene.limits.staleness { return }
        let age = seen.map { (scene.now - $0).inWords + " ago" } ?? "at an unknown time"
        objections.refuse(
            "\(side.address) was read \(age); the limit is \(scene.limits.staleness.inWords)",
            measured: [Measurement("last read", of: side.address, seen?.description ?? "unknown")],
            remedies: [
                .advice("wait for the next poll of \(side.address)"),
                .command("baton why \(replica.address) \(target.address)"),
            ])
    }
}
