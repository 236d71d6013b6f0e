extension Shape: CustomStringConvertible {
    /// The shape in its own notation, one line; ``init(parsing:)`` reads it back to an equal value.
    public var description: String {
        groups.map(\.description).joined(separator: "; ")
    }
}

extension Shape.Group: CustomStringConvertible {
    /// The group in the notation of shapes.
    public var description: String {
        var printer = GroupPrinter(group: self)
        return flavour.rawValue + options.description + ": " + printer.trees()
    }
}

extension ServerOptions: CustomStringConvertible {
    /// The options in brackets, or nothing when nothing is said.
    public var description: String {
        let words = OptionWord.all.compactMap { $0.printed(self) } + raw.map { "--" + $0 }
        return words.isEmpty ? "" : "[" + words.joined(separator: " ") + "]"
    }
}

/// Prints each server in full where it comes first and by its name alone where it comes again.
private struct GroupPrinter {
    let group: Shape.Group
    private var printed: Set<String> = []

    init(group: Shape.Group) {
        self.group = group
    }

    mutating func trees() -> String {
        var trees: [String] = []
        var done: Set<String> = []
        for server in group.servers where !done.contains(server.name) {
            if let ring = group.rings.first(where: { $0.contains(server.name) }) {
                done.formUnion(ring)
                var members: [String] = []
                for name in ring { members.append(text(of: name)) }
                trees.append(members.joined(separator: "="))
            } else if server.sources.isEmpty {
                trees.append(text(of: server.name))
            }
        }
        return trees.joined(separator: " ")
    }

    private mutating func text(of name: String) -> String {
        guard printed.insert(name).inserted, let server = group.servers.first(where: { $0.name == name }) else {
            return name
        }
        var replicas: [String] = []
        for child in group.servers where child.sources.contains(name) { replicas.append(text(of: child.name)) }
        return name + server.options.description + (replicas.isEmpty ? "" : "(" + replicas.joined(separator: " ") + ")")
    }
}
