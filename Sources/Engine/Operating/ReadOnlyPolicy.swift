import Discovery
import Refactoring
import Topology

/// What may only be looked at, by configuration or by how baton was started.
public struct ReadOnlyPolicy: Hashable, Sendable {
    /// Why nothing at all may be changed; `nil` where that is not so.
    public var everything: String?
    /// Clusters in which nothing may be changed: each text is a cluster's name, or found in a member's `host:port`.
    public var clusters: [AddressPattern]

    /// Makes a policy; by default everything may be changed.
    public init(everything: String? = nil, clusters: [AddressPattern] = []) {
        self.everything = everything
        self.clusters = clusters
    }

    /// The holds that the policy puts on these trees, with the servers that others hold.
    public func holds(on forest: Forest, locks: [InstanceAddress: String] = [:]) -> Holds {
        var holds = Holds(everything: everything, locks: locks)
        guard !clusters.isEmpty else { return holds }
        holds.unseen = "the configuration marks clusters read-only"
        for cluster in forest.clusters {
            if let pattern = clusters.first(where: { $0.text == cluster.name }) { holds.mark(cluster, by: pattern) }
        }
        for (index, address) in forest.addresses.enumerated() {
            let cluster = forest.clusters[forest.clusterIndex(at: index)]
            guard holds.clusters[cluster.id] == nil else { continue }
            if let pattern = clusters.first(where: { $0.isFound(in: address) }) { holds.mark(cluster, by: pattern) }
        }
        return holds
    }
}

extension Holds {
    fileprivate mutating func mark(_ cluster: Cluster, by pattern: AddressPattern) {
        clusters[cluster.id] = "the configuration marks \"\(pattern.text)\" read-only"
    }
}
