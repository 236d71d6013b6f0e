/// One server's place in a drawn tree.
public struct TreeNode: Hashable, Sendable {
    /// Why a node stands where it stands.
    public enum Relation: Hashable, Sendable {
        /// Top of a tree: a source, or a server whose source is unknown.
        case root
        /// Replicates from the parent over the named channel.
        case replica(channel: String)
        /// Also replicates from the parent over the named channel, but is drawn with its subtree elsewhere.
        case reference(channel: String)
        /// One of two sources that replicate from each other; the partner is the root beside it.
        case coPrimary(with: InstanceAddress)
        /// Replicates from the parent over the named channel, and the root of this tree replicates from it: it closes a
        /// ring of three or more, which is drawn once.
        case ringMember(channel: String)
        /// A secondary of the group whose primary is the parent; in a multi-primary group, or where no primary is
        /// known, another member of the parent's group.
        case groupSecondary
        /// A member of the same Galera cluster as the parent.
        case galeraMember
    }

    /// The server; also one that the fleet does not hold, but others name as their source.
    public var address: InstanceAddress
    /// Why it stands below its parent, or beside other roots.
    public var relation: Relation
    /// What stands below it, in drawing order.
    public var children: [TreeNode]

    /// Makes a node with what is below it.
    public init(address: InstanceAddress, relation: Relation, children: [TreeNode] = []) {
        self.address = address
        self.relation = relation
        self.children = children
    }
}
