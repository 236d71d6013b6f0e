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
    /// By place, whether transactions of servers that baton does not know may arrive there, from something above.
    let isOpenAbove: [Bool]
    /// Whether any replica leaves anything out.
    let hasFilters: Bool
    /// Whether any replica is late on purpose.
    let hasDelays: Bool

    /// Whether any server has several sources.
    let hasSeveralSources: Bool

    /// A board of the fleet; where only facts of servers have changed since the former scene, the rest is taken from it.
    static func of(_ fleet: Fleet, _ forest: Forest, after former: RuleScene?) -> RuleBoard {
        former.flatMap { RuleBoard(renewing: $0, fleet, forest) } ?? RuleBoard(fleet, forest)
    }

    /// `nil` where who follows whom has changed.
    private init?(renewing former: RuleScene, _ fleet: Fleet, _ forest: Forest) {
        guard fleet.structureVersion == former.fleet.structureVersion, forest.hasSamePlaces(as: former.forest) else {
            return nil
        }
        let board = former.board
        var sides = board.sides
        for address in fleet.addresses(changedSince: former.fleet) {
            guard let place = forest.index(of: address) else { return nil }
            let side = RuleSide(
                address, fleet[address], index: place, cluster: forest.clusterIndex(at: place))
            guard side.hasSamePlace(as: sides[place]) else { return nil }
            sides[place] = side
        }
        self.sides = sides
        replicas = board.replicas
        firstSources = board.firstSources
        cohorts = board.cohorts
        isOpenAbove = board.isOpenAbove
        hasFilters = sides.contains { $0.hasFilters }
        hasDelays = sides.contains { $0.longestDelay > .zero }
        hasSeveralSources = sides.contains { $0.channels.count > 1 }
    }

    private init(_ fleet: Fleet, _ forest: Forest) {
        let addresses = forest.addresses
        // In the forest's order, in which they are gone through again and again: in the fleet's own it takes longer.
        let sides = addresses.enumerated().map { place, address in
            RuleSide(address, fleet[address], index: place, cluster: forest.clusterIndex(at: place))
        }
        var replicas: [[Int]] = Array(repeating: [], count: addresses.count)
        var firstSources: [Int?] = Array(repeating: nil, count: addresses.count)
        var cohorts: [String: [Int]] = [:]
        var open: [Int] = []
        for (place, side) in sides.enumerated() {
            // By index, because a loop over channels would copy each with all that is in it.
            for index in side.channels.indices {
                guard let name = side.channels[index].source,
                    let source = forest.index(of: name) ?? forest.index(of: fleet.canonical(name))
                else { continue }
                replicas[source].append(place)
                if firstSources[place] == nil { firstSources[place] = source }
            }
            if let group = side.group, group.own != nil { cohorts[group.groupName, default: []].append(place) }
            if let galera = side.galera { cohorts[galera.clusterID, default: []].append(place) }
            if side.isOpenAbove { open.append(place) }
        }
        self.sides = sides
        self.replicas = replicas
        self.firstSources = firstSources
        self.cohorts = cohorts
        hasFilters = sides.contains { $0.hasFilters }
        hasDelays = sides.contains { $0.longestDelay > .zero }
        hasSeveralSources = sides.contains { $0.channels.count > 1 }
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
