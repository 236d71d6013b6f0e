import Topology

extension Detector {
    /// A ring of three or more servers: one problem of all of them, told of the first in the order of addresses. Also of
    /// those that do not answer: a ring is at its worst when a member is dead.
    static let ring = Detector { examined, problems in
        for ring in examined.context.rings.all where ring.first == examined.address {
            let way = (ring + [examined.address]).map(\.description).joined(separator: " → ")
            problems.append(
                Problem(
                    .ring, .warning, of: examined.address,
                    summary: "\(examined.address) is in a ring of \(ring.count) servers: "
                        + "each replicates from the one before it",
                    evidence: [
                        "transactions go round: \(way)",
                        "a member that stops cuts off those behind it; what it wrote goes round for ever once it is gone",
                    ],
                    remedy: remedy(ring, examined.context.fleet), partners: Array(ring.dropFirst())))
        }
    }

    /// Moving within the ring only makes it smaller; it ends where one member follows nobody, or a server outside. Neither is
    /// taken back by baton, which closes no ring.
    private static func remedy(_ ring: [InstanceAddress], _ fleet: Fleet) -> String {
        let writable = ring.filter { fleet[$0]?.facts?.writability == .writable }
        let only = writable.count == 1 ? writable[0] : nil
        let who = only.map { "\($0), the only writable one," } ?? "the member that is to be the primary"
        return
            "Let \(who) follow nobody: baton reset-replica \(only?.description ?? "MEMBER"); the others then stand below "
            + "it. Where one was led into the ring by mistake, move it back: baton relocate MEMBER SOURCE."
    }
}
