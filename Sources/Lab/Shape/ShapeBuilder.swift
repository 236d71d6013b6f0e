/// Collects the servers of one group while they are parsed, and puts them in their lasting order.
struct ShapeBuilder {
    private struct Draft {
        var options: ServerOptions?
        var sources: [String] = []
        /// Where the text mentions it first.
        let offset: Int
    }

    /// A reason that concerns a place in the text other than the one the parser is at.
    struct Failure: Error {
        let reason: String
        let offset: Int
    }

    /// Names that other groups have taken.
    private let otherNames: Set<String>
    private var drafts: [String: Draft] = [:]
    /// Names in the order of their first mention.
    private var mentioned: [String] = []
    private var rings: [[String]] = []

    init(otherNames: Set<String>) {
        self.otherNames = otherNames
    }

    /// Notes a server, below a source or at the top; returns what is wrong with that.
    mutating func mention(_ name: String, source: String?, at offset: Int) -> String? {
        if otherNames.contains(name) { return "\(name) is a server of another group already" }
        if drafts[name] == nil {
            if drafts.count + otherNames.count == Shape.maximumServers {
                return "a lab has at most \(Shape.maximumServers) servers"
            }
            drafts[name] = Draft(offset: offset)
            mentioned.append(name)
        }
        guard let source else { return nil }
        if source == name { return "\(name) can't replicate from itself" }
        if drafts[name]?.sources.contains(source) == true { return "\(name) replicates from \(source) already" }
        drafts[name]?.sources.append(source)
        return nil
    }

    mutating func setOptions(_ options: ServerOptions, of name: String) -> String? {
        if drafts[name]?.options != nil { return "the options of \(name) are given already" }
        drafts[name]?.options = options
        return nil
    }

    mutating func addRing(_ ring: [String]) -> String? {
        if Set(ring).count != ring.count { return "a server stands twice among these co-primaries" }
        if let name = ring.first(where: { member in rings.contains { $0.contains(member) } }) {
            return "\(name) is a co-primary of others already"
        }
        rings.append(ring)
        return nil
    }

    /// The group, its servers in the order in which ``Shape/description`` prints them.
    func group(
        flavour: Shape.Flavour,
        options: ServerOptions,
        failure: (Failure) -> ShapeError
    ) throws(ShapeError) -> Shape.Group {
        for ring in rings {
            for (place, name) in ring.enumerated() {
                let previous = ring[(place + ring.count - 1) % ring.count]
                if drafts[name]?.sources.contains(previous) == true {
                    let offset = drafts[name]?.offset ?? 0
                    throw failure(
                        Failure(reason: "\(name) replicates from its co-primary \(previous) already", offset: offset))
                }
            }
        }
        let order = printingOrder()
        if let name = mentioned.first(where: { !order.contains($0) }) {
            let reason = "\(name) would replicate from itself in a circle; co-primaries are written a=b"
            throw failure(Failure(reason: reason, offset: drafts[name]?.offset ?? 0))
        }
        if let cyclic = firstInCycle(order) {
            let reason = "\(cyclic) would replicate from itself in a circle; co-primaries are written a=b"
            throw failure(Failure(reason: reason, offset: drafts[cyclic]?.offset ?? 0))
        }
        let rank = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        let servers = order.map { name in
            let sources = (drafts[name]?.sources ?? []).sorted { rank[$0, default: 0] < rank[$1, default: 0] }
            return Shape.Server(name: name, options: drafts[name]?.options ?? ServerOptions(), sources: sources)
        }
        let sortedRings = rings.sorted { first(of: $0, rank) < first(of: $1, rank) }
        return Shape.Group(flavour: flavour, options: options, servers: servers, rings: sortedRings)
    }

    private func first(of ring: [String], _ rank: [String: Int]) -> Int {
        ring.map { rank[$0, default: 0] }.min() ?? 0
    }

    private func children(of name: String) -> [String] {
        mentioned.filter { drafts[$0]?.sources.contains(name) == true }
    }

    /// Sources before replicas, each below the source that mentions it first; what no top leads to is left out.
    private func printingOrder() -> [String] {
        var order: [String] = []
        var seen: Set<String> = []
        func visit(_ name: String) {
            guard seen.insert(name).inserted else { return }
            order.append(name)
            for child in children(of: name) { visit(child) }
        }
        for name in mentioned {
            if let ring = rings.first(where: { $0.contains(name) }) {
                for member in ring { visit(member) }
            } else if drafts[name]?.sources.isEmpty == true {
                visit(name)
            }
        }
        return order
    }

    /// A server that is its own source's source, rings aside; `nil` when there is none.
    private func firstInCycle(_ order: [String]) -> String? {
        var remaining = order
        while true {
            let left = remaining.filter { name in
                (drafts[name]?.sources ?? []).contains { remaining.contains($0) }
            }
            if left.isEmpty { return nil }
            if left.count == remaining.count { return left.first }
            remaining = left
        }
    }
}
