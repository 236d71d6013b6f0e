/// Servers that are connected by replication, directly or through others, and the trees that they form.
public struct Cluster: Hashable, Sendable, Identifiable {
    /// The address of the first root: stable while the primary stays.
    public var id: InstanceAddress
    /// A friendly name, where one was given or read.
    public var alias: String?
    /// The writable root, or the only root; `nil` where that is not clear.
    public var primary: InstanceAddress?
    /// The trees, in drawing order.
    public var roots: [TreeNode]

    /// The alias, or else the address of the first root.
    public var name: String { alias ?? id.description }

    /// Makes a cluster from its trees, in drawing order.
    public init(id: InstanceAddress, alias: String? = nil, primary: InstanceAddress?, roots: [TreeNode]) {
        self.id = id
        self.alias = alias
        self.primary = primary
        self.roots = roots
    }
}
