/// What a lab shall look like: which servers there are, of which family, and which replicates from which.
///
/// It is written in a short notation (see ``init(parsing:)`` and `docs/lab.md`) and printed in the same
/// (``description``): parsing what was printed gives an equal value.
public struct Shape: Hashable, Sendable {
    /// The two families of servers that a lab can run.
    public enum Flavour: String, Hashable, Sendable, CaseIterable, Codable {
        case mysql
        case mariadb
    }

    /// Servers of one family with the options they share.
    public struct Group: Hashable, Sendable {
        /// The family of all servers of the group.
        public let flavour: Flavour
        /// What holds for every server of the group that does not say otherwise itself.
        public let options: ServerOptions
        /// In the order in which the notation mentions them first: a source before its replicas, rings aside.
        public let servers: [Server]
        /// Co-primaries, each ring in its order: every member replicates from the one before it, the first from
        /// the last.
        public let rings: [[String]]
    }

    /// One server.
    public struct Server: Hashable, Sendable {
        /// One word, and the only server of the shape with it.
        public let name: String
        /// Its own options, without those of its group.
        public let options: ServerOptions
        /// The names of the servers it replicates from, the other members of its ring not counted.
        public let sources: [String]
    }

    /// In the order of the notation.
    public let groups: [Group]

    /// The most servers a shape may have; more don't fit a workstation.
    public static let maximumServers = 200

    init(groups: [Group]) {
        self.groups = groups
    }

    /// The number of servers in all groups.
    public var serverCount: Int { groups.reduce(0) { $0 + $1.servers.count } }
}

extension Shape.Group {
    /// What holds for a server: its own options, and the group's where it says nothing.
    public func effectiveOptions(of server: Shape.Server) -> ServerOptions {
        server.options.over(options)
    }

    /// Everything a server replicates from: its sources, and its predecessor in a ring.
    public func allSources(of server: Shape.Server) -> [String] {
        guard let ring = rings.first(where: { $0.contains(server.name) }),
            let place = ring.firstIndex(of: server.name)
        else { return server.sources }
        return [ring[(place + ring.count - 1) % ring.count]] + server.sources
    }

    /// Whether a server takes writes when the lab comes up: primaries do, replicas don't, unless told.
    public func isReadOnly(_ server: Shape.Server) -> Bool {
        if let access = effectiveOptions(of: server).access { return access == .readOnly }
        return !server.sources.isEmpty
    }
}
