/// Works out the trees of a fleet on plain numbers: servers are indices in the order of their addresses.
struct ForestPlanter {
    /// Why a server stands under its parent.
    private enum Link {
        case channel(String)
        case group
        case galera
    }

    /// One server below another in ``links``.
    private struct Edge {
        let parent: Int
        let link: Link
    }

    /// A further channel of a server that is drawn elsewhere.
    private struct Reference {
        let replica: Int
        let channel: String
    }

    private let fleet: Fleet
    private let addresses: [InstanceAddress]
    private let indices: [InstanceAddress: Int]
    private let instances: [StructuralFacts?]

    private var links: [Edge?]
    private var references: [[Reference]]
    private var relations: [TreeNode.Relation]
    private var components: DisjointSets

    init(_ fleet: Fleet) {
        self.fleet = fleet
        var entries = fleet.structures.map { (address: $0.address, structure: Optional($0.structure)) }
        entries += fleet.unseenSources.map { (address: $0, structure: nil) }
        entries.sort { $0.address < $1.address }
        addresses = entries.map(\.address)
        instances = entries.map(\.structure)
        indices = Dictionary(uniqueKeysWithValues: zip(addresses, addresses.indices))
        links = Array(repeating: nil, count: entries.count)
        references = Array(repeating: [], count: entries.count)
        relations = Array(repeating: .root, count: entries.count)
        components = DisjointSets(count: entries.count)
    }

    func plant() -> Forest {
        var planter = self
        planter.linkMemberships()
        planter.linkChannels()
        planter.linkListed()
        let coPrimaries = planter.cutRings()
        planter.nameRelations(coPrimaries: coPrimaries)
        return planter.grow(coPrimaries: coPrimaries)
    }

    private func index(of name: InstanceAddress) -> Int? {
        indices[name] ?? indices[fleet.canonical(name)]
    }

    // MARK: Links

    private mutating func linkMemberships() {
        for cohort in Cohorts(instances: instances, index: index(of:)).all {
            for member in cohort.members where member != cohort.head {
                components.unite(member, cohort.head)
                links[member] = Edge(parent: cohort.head, link: cohort.isGalera ? .galera : .group)
            }
        }
    }

    /// The first channel decides where a server is drawn, unless it stands under the head of its group already; the
    /// other channels become references. A channel from the server itself leads nowhere.
    private mutating func linkChannels() {
        for (replica, instance) in instances.enumerated() {
            for channel in instance?.sources ?? [] where !channel.isInternalToGroup {
                guard let source = index(of: channel.address), source != replica else { continue }
                components.unite(replica, source)
                if links[replica] == nil {
                    links[replica] = Edge(parent: source, link: .channel(channel.channel))
                } else {
                    references[source].append(Reference(replica: replica, channel: channel.channel))
                }
            }
        }
    }

    /// A server that was never read stands below the one that lists it as its replica: what it says itself is not known.
    private mutating func linkListed() {
        guard instances.contains(where: { $0?.isKnown == false }) else { return }
        for (source, instance) in instances.enumerated() {
            for name in instance?.reportedReplicas ?? [] {
                guard let replica = index(of: name), replica != source, instances[replica]?.isKnown == false,
                    links[replica] == nil
                else { continue }
                components.unite(replica, source)
                links[replica] = Edge(parent: source, link: .channel(""))
            }
        }
    }

    // MARK: Rings

    /// Makes a root of one server in each ring, and of both in a ring of two.
    ///
    /// - Returns: the partner of each co-primary.
    private mutating func cutRings() -> [Int: Int] {
        var coPrimaries: [Int: Int] = [:]
        for ring in rings() {
            let candidates = ring.filter { if case .channel = links[$0]?.link { true } else { false } }
            guard let root = candidates.min(by: isBetterRoot), let cut = links[root] else { continue }
            if ring.count == 2, candidates.count == 2 {
                coPrimaries[ring[0]] = ring[1]
                coPrimaries[ring[1]] = ring[0]
                links[ring[0]] = nil
                links[ring[1]] = nil
                continue
            }
            links[root] = nil
            if case .channel(let channel) = links[cut.parent]?.link {
                relations[cut.parent] = .ringMember(channel: channel)
            } else if case .channel(let channel) = cut.link {
                references[cut.parent].append(Reference(replica: root, channel: channel))
            }
        }
        return coPrimaries
    }

    /// The rings among the links; each server has one link upwards at most, so that rings never share a server.
    private func rings() -> [[Int]] {
        var visit = Array(repeating: -1, count: links.count)
        var rings: [[Int]] = []
        for start in links.indices where visit[start] < 0 {
            var path: [Int] = []
            var current = start
            while visit[current] < 0 {
                visit[current] = start
                path.append(current)
                guard let next = links[current]?.parent else { break }
                current = next
            }
            guard links[current] != nil, visit[current] == start else { continue }
            guard let first = path.firstIndex(of: current) else { continue }
            rings.append(Array(path[first...]))
        }
        return rings
    }

    /// Writable before read-only, then by address: it stays the same while servers come and go below.
    private func isBetterRoot(_ left: Int, _ right: Int) -> Bool {
        isWritable(left) == isWritable(right) ? left < right : isWritable(left)
    }

    private func isWritable(_ index: Int) -> Bool {
        instances[index]?.writability == .writable
    }

    // MARK: Growing

    private mutating func nameRelations(coPrimaries: [Int: Int]) {
        for (index, link) in links.enumerated() {
            if let partner = coPrimaries[index] {
                relations[index] = .coPrimary(with: addresses[partner])
                continue
            }
            if case .ringMember = relations[index] { continue }
            switch link?.link {
            case .channel(let channel): relations[index] = .replica(channel: channel)
            case .group: relations[index] = .groupSecondary
            case .galera: relations[index] = .galeraMember
            case nil: relations[index] = .root
            }
        }
    }

    private func grow(coPrimaries: [Int: Int]) -> Forest {
        var children: [[Int]] = Array(repeating: [], count: links.count)
        var order: [Int] = []
        for (index, link) in links.enumerated() {
            if let link { children[link.parent].append(index) } else { order.append(index) }
        }
        let roots = order
        var depths = Array(repeating: 0, count: links.count)
        var next = 0
        while next < order.count {
            for child in children[order[next]] {
                depths[child] = depths[order[next]] + 1
                order.append(child)
            }
            next += 1
        }
        // Leaves first, so that each node finds its children finished and a long chain needs no deep recursion.
        var nodes: [TreeNode?] = Array(repeating: nil, count: links.count)
        for index in order.reversed() {
            var below: [TreeNode] = []
            below.reserveCapacity(children[index].count + references[index].count)
            for child in children[index] {
                if let node = nodes[child].take() { below.append(node) }
            }
            for reference in references[index] {
                below.append(
                    TreeNode(address: addresses[reference.replica], relation: .reference(channel: reference.channel)))
            }
            if below.count > 1 { below.sort(by: Self.isDrawnBefore) }
            nodes[index] = TreeNode(address: addresses[index], relation: relations[index], children: below)
        }
        return forest(roots: roots, nodes: &nodes, depths: depths, coPrimaries: coPrimaries)
    }

    /// Members of the parent's own group first, then by address, a reference after a subtree.
    private static func isDrawnBefore(_ left: TreeNode, _ right: TreeNode) -> Bool {
        if left.relation.isMembership != right.relation.isMembership { return left.relation.isMembership }
        if left.address != right.address { return left.address < right.address }
        return !left.relation.isReference && right.relation.isReference
    }

    private func forest(
        roots: [Int], nodes: inout [TreeNode?], depths: [Int], coPrimaries: [Int: Int]
    ) -> Forest {
        var rootsByComponent: [Int: [Int]] = [:]
        var components = components
        for root in roots { rootsByComponent[components.find(root), default: []].append(root) }
        var aliases = ClusterAliases(given: givenAliases)
        for (index, instance) in instances.enumerated() {
            aliases.add(index, instance, component: components.find(index))
        }
        var drafts: [(component: Int, cluster: Cluster)] = []
        for (component, roots) in rootsByComponent {
            let primary = primary(among: roots)
            let sorted = inDrawingOrder(roots, primary: primary, coPrimaries: coPrimaries)
            let alias = aliases.alias(component: component, primary: primary)
            let cluster = Cluster(
                id: addresses[sorted[0]], alias: alias, primary: primary.map { addresses[$0] },
                roots: sorted.compactMap { nodes[$0].take() })
            drafts.append((component, cluster))
        }
        drafts.sort { left, right in
            let (leftName, rightName) = (left.cluster.name, right.cluster.name)
            return leftName == rightName ? left.cluster.id < right.cluster.id : leftName < rightName
        }
        var places: [Int: Int] = [:]
        for (place, draft) in drafts.enumerated() { places[draft.component] = place }
        let clusterIndices = addresses.indices.map { places[components.find($0)] ?? 0 }
        return Forest(
            clusters: drafts.map(\.cluster), addresses: addresses, indices: indices, parents: links.map { $0?.parent },
            depths: depths, clusterIndices: clusterIndices)
    }

    private var givenAliases: [Int: String] {
        var aliases: [Int: String] = [:]
        for (address, alias) in fleet.givenClusterAliases {
            if let index = index(of: address) { aliases[index] = alias }
        }
        return aliases
    }

    /// The only writable root, or the only root; nobody where several could be it.
    private func primary(among roots: [Int]) -> Int? {
        let writable = roots.filter(isWritable)
        if writable.count == 1 { return writable[0] }
        return roots.count == 1 ? roots[0] : nil
    }

    /// The primary first, the rest by address, each second co-primary right behind its partner.
    private func inDrawingOrder(_ roots: [Int], primary: Int?, coPrimaries: [Int: Int]) -> [Int] {
        func isLeading(_ root: Int) -> Bool {
            coPrimaries[root].map { isBetterRoot(root, $0) } ?? true
        }
        let leading = roots.filter(isLeading).sorted { left, right in
            let (leftHasPrimary, rightHasPrimary) = (left == primary, right == primary)
            return leftHasPrimary == rightHasPrimary ? left < right : leftHasPrimary
        }
        return leading.flatMap { root in coPrimaries[root].map { [root, $0] } ?? [root] }
    }
}

extension TreeNode.Relation {
    /// Whether the node stands under its parent because both belong to one group.
    var isMembership: Bool {
        switch self {
        case .groupSecondary, .galeraMember: true
        case .root, .replica, .reference, .coPrimary, .ringMember: false
        }
    }

    /// Whether the node only points at a server that is drawn elsewhere.
    public var isReference: Bool {
        if case .reference = self { true } else { false }
    }
}

extension ReplicationChannel {
    /// Whether group replication uses this channel for itself; its source changes as members come and go.
    public var isInternalToGroup: Bool {
        name == "group_replication_applier" || name == "group_replication_recovery"
    }
}
