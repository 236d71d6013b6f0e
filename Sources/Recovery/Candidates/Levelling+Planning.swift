import Refactoring
import Topology

extension Levelling {
    /// How a contender gets what the others have received and it has not.
    ///
    /// By GTID it follows those for a while that have it; by position nobody can: only the most advanced miss nothing.
    init(of contender: Contender, in field: CandidateField) {
        let missing = contender.received.shortfall(against: field.together)
        if field.situation.sourceLives || contender.role == .source || contender.role == .sibling || missing.isNothing {
            self.init()
            return
        }
        guard field.method != .position else {
            self.init(
                remaining: missing, obstacle: "by position a server can only get what its source still has to give")
            return
        }
        var own = contender.received
        var donors: [InstanceAddress] = []
        var open = field.donors.filter { $0.address != contender.address }
        while true {
            let left = own.shortfall(against: field.together)
            if left.isNothing {
                self.init(donors: donors)
                return
            }
            let best = open.filter { $0.gives(to: own) }.min { one, other in
                own.rank(of: one, in: field) < own.rank(of: other, in: field)
            }
            guard let best else {
                let isOnDelayed = field.orphans.contains { orphan in
                    orphan.answers && orphan.isDelayed && !own.shortfall(against: orphan.received).isNothing
                }
                let obstacle =
                    isOnDelayed && !field.policy.waitsForDelayed
                    ? "it is only on a replica that is late on purpose, and such are not waited for"
                    : "nobody who has it logs what it applies, leaves nothing out and still has it in its logs"
                self.init(donors: donors, remaining: left, obstacle: obstacle)
                return
            }
            donors.append(best.address)
            own = own.union(best.received)
            open.removeAll { $0.address == best.address }
        }
    }
}

extension Received {
    /// The lower, the better a donor is: those without transactions of their own first, because these would come along, then
    /// those that are not late on purpose, then those that give most.
    fileprivate func rank(of donor: Contender, in field: CandidateField) -> (Int, Int, UInt64, InstanceAddress) {
        let left = union(donor.received).shortfall(against: field.together).transactionCount ?? .max
        return (donor.errant.isEmpty ? 0 : 1, donor.isDelayed ? 1 : 0, left, donor.address)
    }
}

extension Contender {
    /// Whether a server that has `own` gets something new from this one.
    fileprivate func gives(to own: Received) -> Bool {
        guard !own.shortfall(against: received).isNothing else { return false }
        if case .gtids(let set) = own { return purged.isSubset(of: set) }
        return true
    }
}
