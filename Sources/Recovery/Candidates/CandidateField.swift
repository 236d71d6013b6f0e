import Refactoring
import Topology

/// All who may take a server's place, with what they have: what every candidate is judged against.
struct CandidateField: Sendable {
    let scene: RuleScene
    let policy: CandidatePolicy
    let situation: RecoverySituation
    /// The server to be replaced, by its canonical address.
    let failed: InstanceAddress
    /// What was last read of it; `nil` where it never was.
    let failedInstance: Instance?
    let method: RecoveryMethod
    /// The replicas of the server to be replaced, which need a new source whoever takes its place.
    let orphans: [Contender]
    /// Who may take its place.
    let contenders: [Contender]
    /// What all orphans that answer have received together.
    let together: Received
    /// Those from whom it can be had, besides from the chosen one itself.
    let donors: [Contender]

    init(
        of failed: InstanceAddress, in scene: RuleScene, policy: CandidatePolicy,
        situation: RecoverySituation
    ) {
        let fleet = scene.fleet
        let failed = fleet.canonical(failed)
        self.scene = scene
        self.policy = policy
        self.situation = situation
        self.failed = failed
        failedInstance = fleet[failed]
        let found = Self.orphans(of: failed, in: fleet, seekingBelow: !situation.sourceLives)
        let method = RecoveryMethod(of: found.filter { $0.instance.facts != nil }.map(\.channel))
        self.method = method
        let log = Self.comparedLog(of: failed, found, in: fleet)
        func contender(_ instance: Instance, _ role: Candidate.Role, _ channel: ReplicationChannel?) -> Contender {
            Contender(
                instance, as: role, by: channel, method: method,
                isComparable: method != .position || role == .sibling
                    || channel.map { fleet.source(of: $0) == log } ?? true,
                errant: errantTransactions(of: instance.address, in: fleet))
        }
        let orphans = found.map { contender($0.instance, .replica, $0.channel) }
        self.orphans = orphans
        let upstream = (failedInstance?.channels ?? []).compactMap { fleet.source(of: $0) }
        var others: [Contender] = []
        switch situation {
        case .failover, .switchover: break
        case .intermediate:
            var known = Set(orphans.map(\.address)).union([failed])
            // What one member of a group or of a Galera cluster has the others have.
            for instance in fleet.instances where Self.areFellows(instance, failedInstance) {
                guard known.insert(instance.address).inserted else { continue }
                others.append(contender(instance, .sibling, nil))
            }
            for source in upstream {
                guard known.insert(source).inserted, let instance = fleet[source] else { continue }
                others.append(contender(instance, .source, nil))
            }
            for source in upstream {
                for address in fleet.replicas(of: source) where known.insert(address).inserted {
                    guard let instance = fleet[address] else { continue }
                    others.append(contender(instance, .sibling, instance.channel(from: source, in: fleet)))
                }
            }
        case .coPrimary: break
        }
        contenders =
            orphans.map { orphan in
                guard situation == .coPrimary, upstream.contains(orphan.address) else { return orphan }
                return contender(orphan.instance, .coPrimary, orphan.channel)
            } + others
        let heard = orphans.filter(\.answers)
        together = heard.reduce(.unknown) { $0.union($1.received) }
        donors = heard.filter { $0.canGive && (policy.waitsForDelayed || !$0.isDelayed) }
    }

    /// Whether two servers are members of one group, or nodes of one Galera cluster.
    private static func areFellows(_ instance: Instance, _ failed: Instance?) -> Bool {
        guard let own = instance.facts, let theirs = failed?.facts else { return false }
        if let group = own.groupReplication, group.own?.state == "ONLINE" {
            return group.groupName == theirs.groupReplication?.groupName
        }
        guard let galera = own.galera, galera.isInPrimaryComponent else { return false }
        return galera.clusterID == theirs.galera?.clusterID
    }

    /// In whose log places are compared: in that of the lost source, where one that answers follows it; otherwise in that of a
    /// replica of it which does not answer either. A place in one log says nothing of a place in another.
    private static func comparedLog(
        of failed: InstanceAddress, _ orphans: [(instance: Instance, channel: ReplicationChannel)], in fleet: Fleet
    ) -> InstanceAddress {
        let sources = orphans.filter(\.instance.isAnswering).compactMap { fleet.source(of: $0.channel) }
        return sources.contains(failed) ? failed : sources.first ?? failed
    }

    /// The direct replicas; where one does not answer, also those below it.
    private static func orphans(
        of failed: InstanceAddress, in fleet: Fleet, seekingBelow: Bool
    ) -> [(instance: Instance, channel: ReplicationChannel)] {
        var found: [InstanceAddress: (instance: Instance, channel: ReplicationChannel)] = [:]
        var seen: Set<InstanceAddress> = [failed]
        var pending = [failed]
        while let source = pending.popLast() {
            for address in fleet.replicas(of: source) where seen.insert(address).inserted {
                guard let instance = fleet[address], let channel = instance.channel(from: source, in: fleet) else {
                    continue
                }
                found[address] = (instance, channel)
                if seekingBelow, !instance.isAnswering { pending.append(address) }
            }
        }
        return found.values.sorted { $0.instance.address < $1.instance.address }
    }
}

extension Instance {
    /// Its channel from that source, by the source's canonical address.
    func channel(from source: InstanceAddress, in fleet: Fleet) -> ReplicationChannel? {
        channels.first { !$0.isInternalToGroup && fleet.source(of: $0) == source }
    }
}
