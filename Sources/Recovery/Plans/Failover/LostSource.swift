import Refactoring
import Topology

/// A source that is given up, and what is left of it: what a failover works on.
struct LostSource {
    /// Under the name that the fleet has for it.
    let address: InstanceAddress
    /// The replicas that answer, with the channel from it or from a replica of it that does not answer, in the order of their
    /// addresses.
    let replicas: [FoundReplica]
    /// Those that do not answer, or were never read.
    let silent: [InstanceAddress]
    /// Those that answer and on which somebody works: nothing is done with them.
    let reserved: [(address: InstanceAddress, mark: Mark<Maintenance>)]
    /// By what the replicas are compared.
    let method: RecoveryMethod

    init(_ source: InstanceAddress, in draft: PlanDraft) {
        let source = draft.fleet.canonical(source)
        address = source
        var (replicas, silent): ([FoundReplica], [InstanceAddress]) = ([], [])
        var seen: Set<InstanceAddress> = [source]
        var pending = [source]
        // Below a replica that does not answer either, its replicas are as lost as it.
        while let above = pending.popLast() {
            let found = draft.replicas(of: above).filter { !seen.contains($0.address) }
            replicas += found.filter(\.answers)
            let unread = draft.unreadReplicas(of: above).map(\.address)
            let mute = Set(found.filter { !$0.answers }.map(\.address) + unread).subtracting(seen)
            silent += mute
            pending += mute
            seen.formUnion(found.map(\.address))
            seen.formUnion(mute)
        }
        let (marks, now) = (draft.scene.marks, draft.scene.now)
        let maintained = replicas.map(\.address).compactMap { address in
            marks.maintenance(of: address, at: now).map { (address, $0) }
        }
        let untouched = Set(maintained.map(\.0))
        reserved = maintained.sorted { $0.0 < $1.0 }
        self.replicas = replicas.filter { !untouched.contains($0.address) }.sorted { $0.address < $1.address }
        self.silent = silent.sorted()
        method = RecoveryMethod(of: replicas.map(\.channel))
    }

    /// What is to be said of those on which somebody works.
    var reservations: [Reason] {
        reserved.map { address, mark in
            Reason(
                FailoverCondition.lostReplica,
                "\(address) is in maintenance (\(mark.owner)\(mark.reason.isEmpty ? "" : ", \(mark.reason)")), and is left as "
                    + "it is",
                remedies: [.command("baton end-maintenance \(address)")])
        }
    }

    /// The replica of that address, `nil` where it is none that answers.
    func replica(_ address: InstanceAddress) -> FoundReplica? {
        replicas.first { $0.address == address }
    }
}

extension FoundReplica {
    /// Whether it was read in this run and answers.
    fileprivate var answers: Bool { instance.contact.isReachable && instance.facts?.proxy == nil }
}
