/// The trees and clusters of a fleet at one moment, with an answer at hand for who stands where.
///
/// Valid for every fleet of the same descent with the same ``Fleet/structureVersion``.
public struct Forest: Sendable {
    /// Sorted by name.
    public let clusters: [Cluster]
    /// Every server that stands in a tree, the unseen sources among them, ascending.
    public let addresses: [InstanceAddress]

    private let indices: [InstanceAddress: Int]
    private let parents: [Int?]
    private let depths: [Int]
    /// For each server the place of its cluster in ``clusters``.
    private let clusterIndices: [Int]

    init(
        clusters: [Cluster], addresses: [InstanceAddress], indices: [InstanceAddress: Int], parents: [Int?],
        depths: [Int], clusterIndices: [Int]
    ) {
        self.clusters = clusters
        self.addresses = addresses
        self.indices = indices
        self.parents = parents
        self.depths = depths
        self.clusterIndices = clusterIndices
    }

    /// The cluster in which a server stands, by its canonical address; `nil` where it is in no tree.
    public func cluster(of address: InstanceAddress) -> Cluster? {
        indices[address].map { clusters[clusterIndices[$0]] }
    }

    /// The place of a server in ``addresses``, by its canonical address: a number by which much can be told of many
    /// servers without hashing their names again and again.
    public func index(of address: InstanceAddress) -> Int? { indices[address] }

    /// The place in ``clusters`` of the cluster of the server at that place in ``addresses``.
    public func clusterIndex(at index: Int) -> Int { clusterIndices[index] }

    /// Whether servers have the same places in both, and their clusters too; at once where one is a copy of the other.
    public func hasSamePlaces(as other: Forest) -> Bool {
        addresses == other.addresses && clusterIndices == other.clusterIndices
    }

    /// The place in ``clusters`` of a server's cluster.
    public func clusterIndex(of address: InstanceAddress) -> Int? {
        indices[address].map { clusterIndices[$0] }
    }

    /// How many steps a server is below its root: 0 for roots and co-primaries.
    public func depth(of address: InstanceAddress) -> Int? {
        indices[address].map { depths[$0] }
    }

    /// The server under which this one is drawn; `nil` for roots.
    public func parent(of address: InstanceAddress) -> InstanceAddress? {
        guard let index = indices[address], let parent = parents[index] else { return nil }
        return addresses[parent]
    }

    /// The servers above this one, from its parent to the root; empty for roots.
    public func sourceChain(of address: InstanceAddress) -> [InstanceAddress] {
        var chain: [InstanceAddress] = []
        var index = indices[address].flatMap { parents[$0] }
        while let current = index {
            chain.append(addresses[current])
            index = parents[current]
        }
        return chain
    }
}

extension Fleet {
    /// The clusters, sorted by name; keep a ``forest()`` where more than this is asked.
    public func clusters() -> [Cluster] { forest().clusters }

    /// Finds clusters and trees: time in proportion to the number of instances.
    public func forest() -> Forest { ForestPlanter(self).plant() }
}
