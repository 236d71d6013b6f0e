/// The groups and Galera clusters of a fleet, each with the member under which the others are drawn.
struct Cohorts {
    struct Cohort {
        let isGalera: Bool
        let head: Int
        let members: Set<Int>
    }

    private(set) var all: [Cohort] = []

    /// Collects the cohorts.
    ///
    /// - Parameters:
    ///   - instances: the servers by index; `nil` for sources that were never seen.
    ///   - index: the index of the server of that name.
    init(instances: [StructuralFacts?], index: (InstanceAddress) -> Int?) {
        var groups: [String: [Int]] = [:]
        var galeraClusters: [String: [Int]] = [:]
        for (place, instance) in instances.enumerated() {
            guard let facts = instance else { continue }
            if let group = facts.group, !group.groupName.isEmpty {
                groups[group.groupName, default: []].append(place)
            }
            if let galera = facts.galera, !galera.clusterID.isEmpty {
                galeraClusters[galera.clusterID, default: []].append(place)
            }
        }
        for members in groups.sorted(by: { $0.key < $1.key }).map(\.value) {
            all.append(Self.group(of: members, instances: instances, index: index))
        }
        for members in galeraClusters.sorted(by: { $0.key < $1.key }).map(\.value) {
            all.append(Self.galeraCluster(of: members, instances: instances, index: index))
        }
        dropDoubles()
    }

    /// A server stands in one cohort; where two claim it the first has it, so that links make no knot.
    private mutating func dropDoubles() {
        var taken: Set<Int> = []
        all = all.compactMap { cohort in
            let members = cohort.members.subtracting(taken)
            guard members.count > 1, let head = members.contains(cohort.head) ? cohort.head : members.min() else {
                return nil
            }
            taken.formUnion(members)
            return Cohort(isGalera: cohort.isGalera, head: head, members: members)
        }
    }

    /// The primary is who most members that answer take for it; without one, the first member by address.
    private static func group(
        of witnesses: [Int], instances: [StructuralFacts?], index: (InstanceAddress) -> Int?
    ) -> Cohort {
        var members = Set(witnesses)
        var byUUID: [ServerUUID: Int] = [:]
        for witness in witnesses {
            if let uuid = instances[witness]?.serverUUID { byUUID[uuid] = witness }
        }
        var votes: [Int: (reachable: Int, all: Int)] = [:]
        for witness in witnesses {
            guard let instance = instances[witness], let view = instance.group else { continue }
            for member in view.members {
                guard let place = byUUID[member.uuid] ?? index(member.address) else { continue }
                members.insert(place)
                guard member.isPrimary, view.isSinglePrimary else { continue }
                votes[place, default: (0, 0)].all += 1
                if instance.isReachable { votes[place, default: (0, 0)].reachable += 1 }
            }
        }
        let elected = votes.max { left, right in
            (left.value.reachable, left.value.all, right.key) < (right.value.reachable, right.value.all, left.key)
        }
        let first = members.min() ?? witnesses[0]
        return Cohort(isGalera: false, head: elected?.key ?? first, members: members)
    }

    /// All members are equal: one that replicates from outside is the head, so that its source stands above; else the
    /// first by address.
    private static func galeraCluster(
        of witnesses: [Int], instances: [StructuralFacts?], index: (InstanceAddress) -> Int?
    ) -> Cohort {
        var members = Set(witnesses)
        for witness in witnesses {
            for address in instances[witness]?.galera?.members ?? [] {
                if let place = index(address) { members.insert(place) }
            }
        }
        let replicas = members.filter { place in
            (instances[place]?.sources ?? []).contains { channel in
                guard let source = index(channel.address) else { return false }
                return !members.contains(source)
            }
        }
        return Cohort(isGalera: true, head: replicas.min() ?? members.min() ?? witnesses[0], members: members)
    }
}
