import Topology

/// All servers of a fleet with who follows whom, as numbers: made once for all placements of a scene.
final class RuleBoard: Sendable {
    /// By place in the forest's list; sources that were never seen are among them.
    let sides: [RuleSide]
    /// By place, the places of those that have a channel from there.
    let replicas: [[Int]]
    /// By place, the place of the first channel's source.
    let firstSources: [Int?]
    /// Places of the members of each group and Galera cluster, by its name.
    let cohorts: [String: [Int]]
    /// Places of servers by `server_uuid`.
    let placesByUUID: [ServerUUID: [Int]]
    /// By place, whether transactions of servers that baton does not know may arrive there: something above was never
    /// read, is a proxy, or a Galera cluster, which numbers under a name of its own.
    let isOpenAbove: [Bool]
    /// Whether any replica leaves anything out.
    let hasFilters: Bool

    init(_ fleet: Fleet, _ forest: Forest) {
        let addresses = forest.addresses
        var sides: [RuleSide] = []
        sides.reserveCapacity(addresses.count)
        var replicas: [[Int]] = Array(repeating: [], count: addresses.count)
        var firstSources: [Int?] = Array(repeating: nil, count: addresses.count)
        var cohorts: [String: [Int]] = [:]
        var placesByUUID: [ServerUUID: [Int]] = [:]
        var open: [Int] = []
        var hasFilters = false
        for (place, address) in addresses.enumerated() {
            let side = RuleSide(address, fleet[address], index: place, cluster: forest.clusterIndex(at: place))
            sides.append(side)
            for channel in side.channels {
                guard let name = channel.source,
                    let source = forest.index(of: name) ?? forest.index(of: fleet.canonical(name))
                else { continue }
                replicas[source].append(place)
                if firstSources[place] == nil { firstSources[place] = source }
                if !channel.filters.isEmpty { hasFilters = true }
            }
            if let group = side.group, group.own != nil { cohorts[group.groupName, default: []].append(place) }
            if let galera = side.galera { cohorts[galera.clusterID, default: []].append(place) }
            if let uuid = side.serverUUID { placesByUUID[uuid, default: []].append(place) }
            if side.facts == nil || side.isProxy || side.galera != nil { open.append(place) }
        }
        self.sides = sides
        self.replicas = replicas
        self.firstSources = firstSources
        self.cohorts = cohorts
        self.placesByUUID = placesByUUID
        self.hasFilters = hasFilters
        isOpenAbove = Self.below(open, sides, replicas, cohorts)
    }

    /// By place, whether what is written on one of `places` arrives there, over all channels, groups and rings; true
    /// of the places themselves.
    func below(_ places: [Int]) -> [Bool] { Self.below(places, sides, replicas, cohorts) }

    private static func below(
        _ places: [Int], _ sides: [RuleSide], _ replicas: [[Int]], _ cohorts: [String: [Int]]
    ) -> [Bool] {
        var isBelow = Array(repeating: false, count: sides.count)
        var pending = places
        func visit(_ place: Int) {
            guard !isBelow[place] else { return }
            isBelow[place] = true
            pending.append(place)
        }
        for place in places { isBelow[place] = true }
        while let place = pending.popLast() {
            for replica in replicas[place] { visit(replica) }
            if cohorts.isEmpty { continue }
            let side = sides[place]
            if let group = side.group, group.own != nil { for mate in cohorts[group.groupName] ?? [] { visit(mate) } }
            if let galera = side.galera { for mate in cohorts[galera.clusterID] ?? [] { visit(mate) } }
        }
        return isBelow
    }
}
