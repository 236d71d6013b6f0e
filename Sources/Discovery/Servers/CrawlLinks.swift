import Topology

/// The other servers of which one server speaks.
struct CrawlLinks: Hashable {
    /// Servers that are part of the topology whether they answer or not: sources and fellow members.
    var certain: [InstanceAddress] = []
    /// Servers that may be there: listed replicas, whose port may be a guess (facts of the process list).
    var hinted: [InstanceAddress] = []

    init() {}

    init(_ facts: InstanceFacts, ignoring ignored: IgnoreFilters) {
        let sources = facts.channels.compactMap(\.source).filter { !ignored.sources.match($0) }
        let members =
            (facts.groupReplication?.members.map(\.address) ?? []) + (facts.galera?.members ?? [])
        certain = (sources + members).filter { Self.isUsable($0) && !ignored.hosts.match($0) }
        hinted = facts.reportedReplicas.filter {
            Self.isUsable($0) && !ignored.replicas.match($0) && !ignored.hosts.match($0)
        }
    }

    /// Whether a connection to the address can be tried: orchestrator marks what it has cut off as `_` or `//host`.
    static func isUsable(_ address: InstanceAddress) -> Bool {
        !address.host.isEmpty && address.host != "_" && !address.host.hasPrefix("//") && address.port != 0
            && !address.host.contains(",")
    }
}
