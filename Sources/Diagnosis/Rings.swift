import Topology

/// The rings of three or more servers that replicate round, over channels that lead from one to the next.
///
/// A ring of two is a pair of co-primaries, which is set up on purpose. A way through a Galera cluster or a group is not
/// followed: two such clusters that replicate both ways look alike, and are as usual as co-primaries.
struct Rings: Sendable {
    /// Each ring in the order in which its transactions go round, from its first member by address on.
    private(set) var all: [[InstanceAddress]] = []

    init(_ fleet: Fleet, _ forest: Forest) {
        var found: Set<Set<InstanceAddress>> = []
        for edge in Self.closingEdges(forest) {
            guard let ring = Self.ring(closedBy: edge, fleet), found.insert(Set(ring)).inserted else { continue }
            all.append(Self.fromFirst(ring))
        }
        all.sort { $0.lexicographicallyPrecedes($1) }
    }

    /// A channel that is drawn as no branch of a tree.
    private struct Edge {
        let source: InstanceAddress
        let replica: InstanceAddress
    }

    /// Trees have no rings, so that each ring has one of the channels that are drawn in another way.
    private static func closingEdges(_ forest: Forest) -> [Edge] {
        var edges: [Edge] = []
        for cluster in forest.clusters {
            var pending = cluster.roots
            while let node = pending.popLast() {
                if case .ringMember = node.relation, let root = forest.sourceChain(of: node.address).last {
                    edges.append(Edge(source: node.address, replica: root))
                }
                for child in node.children where child.relation.isReference {
                    edges.append(Edge(source: node.address, replica: child.address))
                }
                pending.append(contentsOf: node.children)
            }
        }
        return edges
    }

    /// The shortest way up from the source to the replica that has a server in between, turned round.
    private static func ring(closedBy edge: Edge, _ fleet: Fleet) -> [InstanceAddress]? {
        var below: [InstanceAddress: InstanceAddress] = [:]
        var pending = [edge.source]
        var next = 0
        while next < pending.count {
            let server = pending[next]
            next += 1
            for channel in fleet[server]?.channels ?? [] where !channel.isInternalToGroup {
                guard let source = fleet.source(of: channel), source != edge.source, below[source] == nil else {
                    continue
                }
                // Where the two follow each other, that is no ring of three yet.
                if source == edge.replica, server == edge.source { continue }
                below[source] = server
                if source == edge.replica {
                    return Array(sequence(first: source) { $0 == edge.source ? nil : below[$0] })
                }
                pending.append(source)
            }
        }
        return nil
    }

    private static func fromFirst(_ ring: [InstanceAddress]) -> [InstanceAddress] {
        guard let first = ring.min(), let place = ring.firstIndex(of: first) else { return ring }
        return Array(ring[place...] + ring[..<place])
    }
}
