import Topology

/// A cluster as a record names it: what it was called when the record was made.
///
/// A cluster's identity is its primary's address, which a recovery changes; the record stays with the cluster because the
/// address is that of a member still, or because the alias is.
public struct ClusterName: Hashable, Sendable {
    /// The cluster's identity at that time: the address of its first root.
    public var id: InstanceAddress
    /// Its friendly name at that time.
    public var alias: String?

    /// Names a cluster.
    public init(_ id: InstanceAddress, alias: String? = nil) {
        self.id = id
        self.alias = alias
    }

    /// Names a cluster as it is now.
    public init(_ cluster: Cluster) {
        self.init(cluster.id, alias: cluster.alias)
    }
}

extension ClusterName: CustomStringConvertible {
    /// The alias, or else the address.
    public var description: String { alias ?? id.description }
}
