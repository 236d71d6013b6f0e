import Topology

extension Fleet {
    /// A fleet of `count` servers with everything that a tree can meet: chains, rings, co-primaries, several channels,
    /// servers that replicate from themselves, sources never seen, groups and Galera clusters.
    public static func random(count: Int, using generator: inout SeededGenerator) -> Fleet {
        func address(_ number: Int) -> InstanceAddress { InstanceAddress(host: "db\(number)") }
        let clumsiness = Int.random(in: 2...8, using: &generator)
        return Fleet(
            (0..<count).map { number in
                var sources: [InstanceAddress] = []
                while Int.random(in: 0..<10, using: &generator) < clumsiness, sources.count < 3 {
                    sources.append(address(Int.random(in: 0..<(count + 2), using: &generator)))
                }
                var instance = Instance.multiSourceReplica(address(number), of: sources)
                if Int.random(in: 0..<3, using: &generator) == 0 {
                    instance = instance.changed { $0.writability = .writable }
                }
                switch Int.random(in: 0..<10, using: &generator) {
                case 0: instance = instance.inGroup("group\(number % 2)", primary: address(number / 2))
                case 1: instance = instance.changed { $0.galera = .test("galera\(number % 2)", members: []) }
                case 2: instance = instance.unreachable()
                case 3: instance = .unprobed(instance.address)
                default: break
                }
                return instance
            })
    }

    /// A fleet of a real shape: clusters of a primary with intermediate sources, each with replicas.
    public static func realistic(clusters: Int, instancesPerCluster: Int) -> Fleet {
        var instances: [Instance] = []
        for cluster in 0..<clusters {
            let primary = InstanceAddress(host: "c\(cluster)-db0")
            let executed = "\(primary.testUUID):1-88213,\(ServerUUID.test(7)):1-20:25-90"
            instances.append(.source(primary, executed: executed))
            for number in 1..<max(1, instancesPerCluster) {
                let source = number <= 10 ? primary : InstanceAddress(host: "c\(cluster)-db\(number % 10 + 1)")
                instances.append(
                    .replica(InstanceAddress(host: "c\(cluster)-db\(number)"), of: source, executed: executed))
            }
        }
        return Fleet(instances)
    }
}

extension Instance {
    /// The instance as an online member of a single-primary group, which sees itself and the primary.
    public func inGroup(_ name: String, primary: InstanceAddress, state: String = "ONLINE") -> Instance {
        let address = self.address
        return changed { facts in
            var members = [
                GroupReplicationMembership.Member(
                    uuid: primary.testUUID, address: primary, state: "ONLINE", isPrimary: true)
            ]
            let own = GroupReplicationMembership.Member(
                uuid: address.testUUID, address: address, state: state, isPrimary: address == primary)
            if address != primary { members.append(own) }
            facts.groupReplication = GroupReplicationMembership(
                groupName: name, isSinglePrimary: true, members: members, own: own)
        }
    }
}

extension GaleraMembership {
    /// A synced membership in the cluster of that name.
    public static func test(
        _ name: String, members: [InstanceAddress], state: String = "Synced", isInPrimaryComponent: Bool = true
    ) -> GaleraMembership {
        GaleraMembership(
            clusterID: name, clusterName: name, state: state, isInPrimaryComponent: isInPrimaryComponent,
            size: members.count, members: members)
    }
}
