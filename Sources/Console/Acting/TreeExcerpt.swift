import Refactoring
import Topology

/// The part of the trees that a plan changes, before and after it: the servers that it touches, whom they follow, and
/// what is above those; of the rest only how many there are.
struct TreeExcerpt: Sendable {
    struct Line: Hashable, Sendable {
        var depth: Int
        var rails: [Bool]
        var isLast: Bool
        /// `nil` for a line that stands for several others.
        var address: InstanceAddress?
        var text: String
        /// The server's alias, with a blank before it; empty where it has none.
        var alias = ""
        /// What is different here from the other picture; `nil` where nothing is.
        var change: String?
        /// Whether the line stands at another place in the other picture.
        var isMoved: Bool
    }

    let before: [Line]
    let after: [Line]

    init(of plan: Plan, _ fleet: Fleet, _ forest: Forest, _ later: Fleet, _ laterForest: Forest) {
        var concerned = Set(plan.instances.map(fleet.canonical))
        for address in concerned {
            concerned.formUnion(Self.sources(of: address, fleet))
            concerned.formUnion(Self.sources(of: address, later))
        }
        for address in Array(concerned) {
            concerned.formUnion(forest.sourceChain(of: address))
            concerned.formUnion(laterForest.sourceChain(of: address))
        }
        let touched = Set(plan.instances.map(fleet.canonical))
        func lines(_ own: Fleet, _ ownForest: Forest, _ other: Fleet, isAfter: Bool) -> [Line] {
            let alias = { (address: InstanceAddress) in own[address]?.alias.map { " \($0.sanitized)" } ?? "" }
            return Self.lines(concerned, ownForest, alias: alias) { address in
                guard touched.contains(address) else { return (false, nil) }
                let isMoved = Self.sources(of: address, own) != Self.sources(of: address, other)
                return (isMoved, isAfter ? Self.change(from: other[address], to: own[address]) : nil)
            }
        }
        before = lines(fleet, forest, later, isAfter: false)
        after = lines(later, laterForest, fleet, isAfter: true)
    }

    private static func sources(of address: InstanceAddress, _ fleet: Fleet) -> [InstanceAddress] {
        (fleet[address]?.channels ?? []).compactMap(fleet.source(of:))
    }

    private static func lines(
        _ concerned: Set<InstanceAddress>, _ forest: Forest, alias: (InstanceAddress) -> String,
        _ difference: (InstanceAddress) -> (isMoved: Bool, change: String?)
    ) -> [Line] {
        var clusters: Set<Int> = []
        for address in concerned { if let place = forest.clusterIndex(of: address) { clusters.insert(place) } }
        var lines: [Line] = []
        for place in clusters.sorted() {
            var hidden: [Int: Int] = [:]
            let rows = forest.clusters[place].rows()
            for (index, row) in rows.enumerated() {
                if concerned.contains(row.address), !row.relation.isReference {
                    let (isMoved, change) = difference(row.address)
                    lines.append(
                        Line(
                            depth: row.depth, rails: row.continuations, isLast: row.isLastSibling,
                            address: row.address, text: "\(row.address)", alias: alias(row.address), change: change,
                            isMoved: isMoved))
                } else if let parent = row.parent, concerned.contains(parent) {
                    // What is not shown is counted, where its siblings end.
                    hidden[row.depth, default: 0] += 1
                }
                let next = rows.indices.contains(index + 1) ? rows[index + 1].depth : 0
                for depth in hidden.keys.sorted(by: >) where depth > next || index == rows.count - 1 {
                    let count = hidden.removeValue(forKey: depth) ?? 0
                    let rails = Array((row.continuations + [false]).prefix(max(0, depth - 1)))
                    lines.append(
                        Line(
                            depth: depth, rails: rails, isLast: true, address: nil,
                            text: "\(count) more", change: nil, isMoved: false))
                }
            }
        }
        return Self.mended(lines)
    }

    /// A line is the last of its siblings where none follows in the excerpt.
    private static func mended(_ lines: [Line]) -> [Line] {
        var lines = lines
        for index in lines.indices {
            let depth = lines[index].depth
            let next = lines[(index + 1)...].first { $0.depth <= depth }
            lines[index].isLast = next.map { $0.depth < depth } ?? true
        }
        // A rail goes on where the ancestor at its level has a sibling still to come.
        var open: [Int: Bool] = [:]
        for index in lines.indices {
            let depth = lines[index].depth
            lines[index].rails = depth > 1 ? (1..<depth).map { open[$0] ?? false } : []
            open[depth] = !lines[index].isLast
        }
        return lines
    }

    /// What is different about a server itself, in words.
    private static func change(from old: Instance?, to new: Instance?) -> String? {
        guard let old = old?.facts, let new = new?.facts else { return nil }
        var words: [String] = []
        if old.writability.isWritable != new.writability.isWritable {
            words.append(new.writability.isWritable ? "writable" : "read-only")
        }
        for channel in new.channels {
            let name = channel.name.isEmpty ? "" : " (\(channel.name))"
            guard let was = old.channels.first(where: { $0.name == channel.name }) else {
                words.append("replicates\(name)")
                continue
            }
            if was.isReplicating, !channel.isReplicating { words.append("stopped\(name)") }
            if !was.isReplicating, channel.isReplicating { words.append("replicates\(name)") }
            if was.positioning != channel.positioning {
                words.append((channel.positioning.isGTID ? "by GTID" : "by position") + name)
            }
            if was.delay != channel.delay { words.append("delay \(channel.delay.secondsWords)\(name)") }
            if was.detachedFrom == nil, channel.detachedFrom != nil { words.append("detached\(name)") }
        }
        if old.channels.count > new.channels.count { words.append("no replica any more") }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}
