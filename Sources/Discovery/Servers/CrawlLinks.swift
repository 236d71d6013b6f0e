import Topology

/// The other servers of which one server speaks.
struct CrawlLinks: Hashable {
    /// Servers that are part of the topology whether they answer or not: sources and fellow members.
    var certain: [InstanceAddress] = []
    /// Replicas by the name that they told: they are there, though the name may be of use to nobody but them.
    var listed: [InstanceAddress] = []
    /// Servers that may be there: replicas whose port is a guess (facts of the process list).
    var hinted: [InstanceAddress] = []

    init() {}

    init(_ facts: InstanceFacts, ignoring ignored: IgnoreFilters) {
        // Of a detached replica the mark tells whom it followed: without that one nobody could attach it again.
        let sources = facts.channels.compactMap { $0.source ?? $0.detachedFrom }.filter { !ignored.sources.match($0) }
        let members =
            (facts.groupReplication?.members.map(\.address) ?? []) + (facts.galera?.members ?? [])
        certain = (sources + members).filter { Self.isUsable($0) && !ignored.hosts.match($0) }
        let isWanted = { (address: InstanceAddress) in
            Self.isUsable(address) && !ignored.replicas.match(address) && !ignored.hosts.match(address)
        }
        listed = facts.reportedReplicas.filter(isWanted)
        hinted = facts.guessedReplicas.filter(isWanted)
    }

    /// Whether a connection to the address can be tried: orchestrator marks what it has cut off as `_` or `//host`.
    static func isUsable(_ address: InstanceAddress) -> Bool {
        !address.host.isEmpty && address.host != "_" && !address.host.hasPrefix("//") && address.port != 0
            && !address.host.contains(",")
    }
}
