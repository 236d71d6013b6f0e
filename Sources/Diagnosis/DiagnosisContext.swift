import Topology

/// What detectors may know besides the server that they look at; all but the fleet follows from its structure.
struct DiagnosisContext: Sendable {
    var fleet: Fleet
    let limits: DiagnosisLimits
    let forest: Forest
    /// The primaries of all clusters.
    let primaries: Set<InstanceAddress>
    /// Co-primaries and members of rings: replicas that may be meant to be written on.
    let inRings: Set<InstanceAddress>
    /// The rings that nobody means.
    let rings: Rings
    /// The other servers in the same cluster with the same `server_id`.
    let namesakes: [InstanceAddress: [InstanceAddress]]

    init(_ fleet: Fleet, limits: DiagnosisLimits) {
        self.fleet = fleet
        self.limits = limits
        forest = fleet.forest()
        primaries = Set(forest.clusters.compactMap(\.primary))
        inRings = Self.ringMembers(forest)
        rings = Rings(fleet, forest)
        namesakes = Self.namesakes(fleet, forest)
    }

    /// Runs every detector on one server; worst problem first.
    func problems(of instance: Instance) -> [Problem] {
        let examined = Examined(instance, in: self)
        var problems: [Problem] = []
        for detector in Detector.all { detector.find(examined, &problems) }
        if problems.count > 1 { problems.sort(by: Problem.isShownBefore) }
        return problems
    }

    /// The other members of rings in the same cluster; nobody where the server is in none.
    func ringMembers(besides address: InstanceAddress) -> [InstanceAddress] {
        guard inRings.contains(address) else { return [] }
        let cluster = forest.clusterIndex(of: address)
        return inRings.filter { $0 != address && forest.clusterIndex(of: $0) == cluster }
    }

    static func ringMembers(_ forest: Forest) -> Set<InstanceAddress> {
        var members: Set<InstanceAddress> = []
        for cluster in forest.clusters {
            var pending = cluster.roots
            while let node = pending.popLast() {
                switch node.relation {
                case .coPrimary: members.insert(node.address)
                case .ringMember: members.formUnion([node.address] + forest.sourceChain(of: node.address))
                case .root, .replica, .reference, .groupSecondary, .galeraMember: break
                }
                pending.append(contentsOf: node.children)
            }
        }
        return members
    }

    private static func namesakes(_ fleet: Fleet, _ forest: Forest) -> [InstanceAddress: [InstanceAddress]] {
        struct Key: Hashable {
            let cluster: Int
            let serverID: UInt32
        }
        var first: [Key: InstanceAddress] = [:]
        var doubles: [Key: [InstanceAddress]] = [:]
        for address in forest.addresses {
            // A server_id of 0 means that the server takes no part in replication.
            guard let facts = fleet[address]?.facts, facts.identity.serverID != 0, facts.proxy == nil,
                let cluster = forest.clusterIndex(of: address)
            else { continue }
            let key = Key(cluster: cluster, serverID: facts.identity.serverID)
            if let other = first[key] {
                doubles[key, default: [other]].append(address)
            } else {
                first[key] = address
            }
        }
        var result: [InstanceAddress: [InstanceAddress]] = [:]
        for addresses in doubles.values {
            for address in addresses {
                let others = addresses.filter { $0 != address && disturb(fleet[$0]?.facts, fleet[address]?.facts) }
                if !others.isEmpty { result[address] = others }
            }
        }
        return result
    }

    /// Whether two servers with one `server_id` are in each other's way: not where both names lead to one server, and
    /// not within a Galera cluster, where one id for all members is usual (`wsrep_gtid_mode` asks for it).
    private static func disturb(_ left: InstanceFacts?, _ right: InstanceFacts?) -> Bool {
        guard let left, let right else { return false }
        if let leftUUID = left.identity.serverUUID, leftUUID == right.identity.serverUUID { return false }
        if left.identity.hostName == right.identity.hostName, left.identity.port == right.identity.port { return false }
        return left.galera == nil || left.galera?.clusterID != right.galera?.clusterID
    }
}

/// One server under examination.
struct Examined {
    let instance: Instance
    let context: DiagnosisContext
    /// The facts, where they may be taken for the present and for one server: not those of a server that has stopped
    /// answering, nor those of a proxy, behind which another server may stand each time.
    let facts: InstanceFacts?

    /// The channels that have a source and are not group replication's own.
    let channels: [ReplicationChannel]

    var address: InstanceAddress { instance.address }

    init(_ instance: Instance, in context: DiagnosisContext) {
        self.instance = instance
        self.context = context
        facts = instance.trustedFacts
        channels = (facts?.channels ?? []).filter { $0.source != nil && !$0.isInternalToGroup }
    }
}

extension Instance {
    /// See ``Examined/facts``.
    var trustedFacts: InstanceFacts? {
        switch contact {
        case .reachable, .remembered: facts?.proxy == nil ? facts : nil
        case .neverTried, .noAccess, .unreachable: nil
        }
    }
}
