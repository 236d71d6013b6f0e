import Topology

/// The trees of some clusters as one list of rows in drawing order: what the tree screen folds, filters and walks.
///
/// It is made once for each shape of the fleet; folding and filtering only choose from it, so that a key press costs
/// the same with ten instances and with ten thousand.
struct Outline: Sendable {
    /// One line that may be drawn.
    struct Entry: Sendable {
        var id: RowID
        /// The place in the tree; `nil` for a cluster's title.
        var row: TreeRow?
        /// How many of the entries that follow stand below this one.
        var descendants = 0
        /// The index of the entry above: the parent, or the cluster's title for a root.
        var parent: Int?

        var depth: Int { row?.depth ?? 0 }
        var isReference: Bool { row?.relation.isReference ?? false }
    }

    private(set) var entries: [Entry] = []
    /// The entry of each instance that is not a mere reference.
    private(set) var positions: [InstanceAddress: Int] = [:]

    init() {}

    /// Puts the rows of clusters one after the other.
    ///
    /// - Parameter withTitles: whether each cluster gets a line of its own above its trees.
    init(_ clusters: [Cluster], withTitles: Bool) {
        for cluster in clusters {
            let title = withTitles ? entries.count : nil
            if withTitles { entries.append(Entry(id: .cluster(cluster.id))) }
            append(cluster.rows(), title: title)
        }
        // Children follow their parents, so that counting backwards sees each subtree whole.
        for index in entries.indices.reversed() {
            if let above = entries[index].parent { entries[above].descendants += entries[index].descendants + 1 }
        }
    }

    private mutating func append(_ rows: [TreeRow], title: Int?) {
        /// The entry last seen at each depth: the parent of a row is the last one before it that is one level higher.
        var path: [Int] = []
        for row in rows {
            path.removeLast(max(0, path.count - row.depth))
            let reference = row.relation.isReference ? row.parent : nil
            entries.append(
                Entry(id: .instance(row.address, under: reference), row: row, parent: path.last ?? title))
            path.append(entries.count - 1)
            if !row.relation.isReference, positions[row.address] == nil { positions[row.address] = entries.count - 1 }
        }
    }

    /// The entries to show: all but what is folded away.
    func unfolded(folded: Set<RowID>) -> [Int] {
        guard !folded.isEmpty else { return Array(entries.indices) }
        var shown: [Int] = []
        var index = 0
        while index < entries.count {
            shown.append(index)
            index += folded.contains(entries[index].id) ? entries[index].descendants + 1 : 1
        }
        return shown
    }

    /// The entries that match, each with the entries above it, so that a match is seen in its place. Folds do not
    /// count here: what was asked for is shown.
    func matching(_ isMatch: (Entry) -> Bool) -> [Int] {
        var isShown = [Bool](repeating: false, count: entries.count)
        for index in entries.indices where isMatch(entries[index]) {
            var above: Int? = index
            while let current = above, !isShown[current] {
                isShown[current] = true
                above = entries[current].parent
            }
        }
        return entries.indices.filter { isShown[$0] }
    }

    /// The instances below an entry, references left out.
    func addresses(below index: Int) -> [InstanceAddress] {
        entries[(index + 1)..<(index + 1 + entries[index].descendants)].compactMap { entry in
            entry.isReference ? nil : entry.id.address
        }
    }
}

/// What a line of the tree stands for: stable while the fleet changes, unlike its place.
enum RowID: Hashable, Sendable {
    case cluster(InstanceAddress)
    /// An instance; `under` is the source beneath which a mere reference to it is drawn.
    case instance(InstanceAddress, under: InstanceAddress?)

    /// The instance, `nil` for a cluster's title.
    var address: InstanceAddress? {
        switch self {
        case .cluster: nil
        case .instance(let address, _): address
        }
    }
}
