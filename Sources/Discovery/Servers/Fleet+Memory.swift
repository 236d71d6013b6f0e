import Topology

extension Fleet {
    /// Puts into this fleet what another one remembers around its servers and the seeds, where it does not hold it yet.
    ///
    /// A crawl alone finds only whom somebody names now. A stopped replica is in nobody's list of replicas, and a server
    /// that is down names nobody; what was known of both still counts.
    ///
    /// - Parameters:
    ///   - memory: the last known fleet.
    ///   - seeds: servers from which a crawl starts.
    ///   - ignored: links that are not followed.
    /// - Returns: whether it got any server.
    @discardableResult
    public mutating func remember(
        _ memory: Fleet, around seeds: [InstanceAddress], ignoring ignored: IgnoreFilters = IgnoreFilters()
    ) -> Bool {
        let starts = seeds + Array(addresses) + memory.twins(of: self)
        let new = memory.linked(to: starts, ignoring: ignored).filter { self[$0] == nil }
        for address in new {
            if let instance = memory[address] { update(instance) }
        }
        for (name, address) in memory.knownNames where new.contains(address) && self[name] == nil {
            addName(name, of: address)
        }
        for (member, alias) in memory.givenClusterAliases where new.contains(memory.canonical(member)) {
            setClusterAlias(alias, of: member)
        }
        return !new.isEmpty
    }

    /// The servers here that may be servers of another fleet under other names.
    private func twins(of other: Fleet) -> [InstanceAddress] {
        let fingerprints = Set(other.instances.compactMap { $0.facts.map { ServerFingerprint($0.identity) } })
        return instances.filter { instance in
            other[instance.address] == nil
                && (instance.facts.map { fingerprints.contains(ServerFingerprint($0.identity)) } ?? false)
        }.map(\.address)
    }

    /// The servers that are linked to the given ones, over however many others and from whichever side: what follows
    /// what, what is detached from what, and members of one group. Guesses are no links: who really is a replica names its
    /// source itself.
    private func linked(
        to starts: [InstanceAddress], ignoring ignored: IgnoreFilters
    ) -> Set<InstanceAddress> {
        var neighbours: [InstanceAddress: Set<InstanceAddress>] = [:]
        for instance in instances {
            guard let facts = instance.facts else { continue }
            let links = CrawlLinks(facts, ignoring: ignored)
            for other in (links.certain + links.listed).map(canonical) {
                neighbours[instance.address, default: []].insert(other)
                neighbours[other, default: []].insert(instance.address)
            }
        }
        var linked: Set<InstanceAddress> = []
        var open = starts.map(canonical)
        while let next = open.popLast() {
            if linked.insert(next).inserted { open += neighbours[next] ?? [] }
        }
        return linked.filter { self[$0] != nil }
    }
}
