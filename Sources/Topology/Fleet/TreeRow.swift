/// One line of a drawn tree: a node with what is needed to draw the lines before it.
public struct TreeRow: Hashable, Sendable {
    /// The server of this line.
    public let address: InstanceAddress
    /// Why it stands where it stands.
    public let relation: TreeNode.Relation
    /// 0 for roots.
    public let depth: Int
    /// The node above; `nil` for roots.
    public let parent: InstanceAddress?
    /// Whether no sibling follows: `└` in place of `├`. Roots are siblings of each other.
    public let isLastSibling: Bool
    /// For each level between the root's and this one, from the left, whether the line goes on downwards there: `│` or a
    /// space. It has `depth - 1` elements, none for roots.
    public let continuations: [Bool]
    /// How many children the node has, shown or not.
    public let childCount: Int
    /// Whether it has children that are folded away.
    public let isFolded: Bool
}

extension Cluster {
    /// The trees as lines from top to bottom.
    ///
    /// - Parameter folded: servers whose subtrees are left out; references are never folded, they have none.
    public func rows(folding folded: Set<InstanceAddress> = []) -> [TreeRow] {
        struct Pending {
            let node: TreeNode
            let depth: Int
            let parent: InstanceAddress?
            let isLast: Bool
            let continuations: [Bool]
        }
        var rows: [TreeRow] = []
        var stack: [Pending] = []
        for (index, root) in roots.enumerated().reversed() {
            stack.append(
                Pending(node: root, depth: 0, parent: nil, isLast: index == roots.count - 1, continuations: []))
        }
        while let current = stack.popLast() {
            let node = current.node
            let isFolded = !node.children.isEmpty && folded.contains(node.address)
            rows.append(
                TreeRow(
                    address: node.address, relation: node.relation, depth: current.depth, parent: current.parent,
                    isLastSibling: current.isLast, continuations: current.continuations,
                    childCount: node.children.count, isFolded: isFolded))
            guard !isFolded else { continue }
            let below = current.depth == 0 ? [] : current.continuations + [!current.isLast]
            for (index, child) in node.children.enumerated().reversed() {
                stack.append(
                    Pending(
                        node: child, depth: current.depth + 1, parent: node.address,
                        isLast: index == node.children.count - 1, continuations: below))
            }
        }
        return rows
    }

    /// Every server of the cluster once, in drawing order; unseen sources too.
    public var members: [InstanceAddress] {
        rows().compactMap { $0.relation.isReference ? nil : $0.address }
    }
}
