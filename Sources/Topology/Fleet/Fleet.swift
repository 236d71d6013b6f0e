import HashTreeCollections

/// Every server that baton knows, at one moment: an immutable value that faces and decisions share.
///
/// Publishing a new fleet costs what changed: the collections are persistent trees, and an instance is held by
/// reference, so that a copy of 10,000 instances is a few words.
public struct Fleet: Sendable {
    /// Grows by one with each change of any fact.
    public private(set) var version: UInt64 = 0
    /// The version at which the shape last changed: instances, sources, names or memberships. While it stands still,
    /// trees and clusters computed earlier stay valid.
    public private(set) var structureVersion: UInt64 = 0

    private var boxes: TreeDictionary<InstanceAddress, InstanceBox> = [:]
    /// Other names of servers, each with the address under which the fleet keeps it.
    private var names: TreeDictionary<InstanceAddress, InstanceAddress> = [:]
    /// Who names whom as its source, by canonical address of the source.
    private var replicasBySource: TreeDictionary<InstanceAddress, TreeSet<InstanceAddress>> = [:]
    /// Names of clusters by the address of any member, as configured or read.
    private var clusterAliases: TreeDictionary<InstanceAddress, String> = [:]

    /// Makes a fleet without servers.
    public init() {}

    /// Makes a fleet of the given instances, for tests and snapshots.
    public init(_ instances: some Sequence<Instance>) {
        for instance in instances { update(instance) }
    }

    public var count: Int { boxes.count }
    public var isEmpty: Bool { boxes.isEmpty }

    /// All addresses, in no particular order.
    public var addresses: some Sequence<InstanceAddress> { boxes.keys }

    /// All instances, in no particular order.
    public var instances: some Sequence<Instance> { boxes.values.lazy.map(\.value) }

    /// The instance of that address, or of the server that goes by that name.
    public subscript(_ address: InstanceAddress) -> Instance? {
        boxes[canonical(address)]?.value
    }

    /// The address under which the fleet keeps the server that goes by `name`; `name` itself where it is not known.
    public func canonical(_ name: InstanceAddress) -> InstanceAddress {
        if boxes[name] != nil { return name }
        return names[name] ?? name
    }

    /// The other names of servers, with the canonical address of each.
    public var knownNames: some Sequence<(key: InstanceAddress, value: InstanceAddress)> { names }

    /// The canonical address of a channel's source.
    public func source(of channel: ReplicationChannel) -> InstanceAddress? {
        channel.source.map(canonical)
    }

    /// The instances that have a channel from `address`, sorted by address.
    public func replicas(of address: InstanceAddress) -> [InstanceAddress] {
        (replicasBySource[canonical(address)] ?? []).sorted()
    }

    /// Sources that replicas name and that the fleet does not hold.
    public var unseenSources: [InstanceAddress] {
        replicasBySource.keys.filter { boxes[$0] == nil }.sorted()
    }

    /// The name that was given to the cluster of which `address` is a member, if to any.
    public func clusterAlias(of address: InstanceAddress) -> String? { clusterAliases[address] }

    /// The servers that were added, removed or changed on the way from `old` to this fleet, in no particular order.
    ///
    /// Where `old` is an ancestor of this fleet this compares references and no facts: about a millisecond for
    /// 10,000 servers, and nothing where the version is the same. Fleets of other descent may name servers that are
    /// equal in both.
    public func addresses(changedSince old: Fleet) -> [InstanceAddress] {
        guard version != old.version || count != old.count else { return [] }
        var changed = old.boxes.keys.filter { boxes[$0] == nil }
        for (address, box) in boxes where old.boxes[address] !== box { changed.append(address) }
        return changed
    }

    /// Adds an instance or replaces what is known of it.
    ///
    /// - Returns: whether anything changed; where nothing did, the fleet and its version stay as they are.
    @discardableResult
    public mutating func update(_ instance: Instance) -> Bool {
        let old = boxes[instance.address]?.value
        if old == instance { return false }
        let oldSources = old.map(sources(of:)) ?? []
        boxes[instance.address] = InstanceBox(instance)
        let hadOtherName = names.removeValue(forKey: instance.address) != nil
        let newSources = sources(of: instance)
        version += 1
        if oldSources != newSources || old == nil || hadOtherName || Self.memberships(old) != Self.memberships(instance)
        {
            structureVersion = version
            for source in oldSources.subtracting(newSources) { unlink(instance.address, from: source) }
            for source in newSources { replicasBySource[source, default: []].insert(instance.address) }
            if old == nil { reindex() }
        }
        return true
    }

    /// Forgets an instance and its other names; channels of others that name it stay.
    public mutating func remove(_ address: InstanceAddress) {
        let address = canonical(address)
        guard let old = boxes.removeValue(forKey: address)?.value else { return }
        for source in sources(of: old) { unlink(address, from: source) }
        for (name, target) in names where target == address { names[name] = nil }
        clusterAliases[address] = nil
        version += 1
        structureVersion = version
    }

    /// Records that the server kept under `address` is also called `name`.
    public mutating func addName(_ name: InstanceAddress, of address: InstanceAddress) {
        guard name != address, names[name] != address, boxes[name] == nil else { return }
        names[name] = address
        version += 1
        structureVersion = version
        reindex()
    }

    /// Names the cluster of which `address` is a member; `nil` takes the name away.
    public mutating func setClusterAlias(_ alias: String?, of address: InstanceAddress) {
        guard clusterAliases[address] != alias else { return }
        clusterAliases[address] = alias
        version += 1
        structureVersion = version
    }
}

extension Fleet {
    private func sources(of instance: Instance) -> Set<InstanceAddress> {
        Set(instance.channels.compactMap(source(of:)))
    }

    private mutating func unlink(_ replica: InstanceAddress, from source: InstanceAddress) {
        replicasBySource[source]?.remove(replica)
        if replicasBySource[source]?.isEmpty == true { replicasBySource[source] = nil }
    }

    /// Moves the replicas that were filed under a name which has turned out to be another server's.
    private mutating func reindex() {
        for (source, replicas) in replicasBySource {
            let canonicalSource = canonical(source)
            guard canonicalSource != source else { continue }
            replicasBySource[source] = nil
            replicasBySource[canonicalSource, default: []].formUnion(replicas)
        }
    }

    private static func memberships(_ instance: Instance?) -> [InstanceAddress] {
        guard let facts = instance?.facts else { return [] }
        return (facts.groupReplication?.members.map(\.address) ?? []) + (facts.galera?.members ?? [])
    }
}

/// Holds an instance by reference, so that copying tree nodes copies one word per instance.
private final class InstanceBox: Sendable {
    let value: Instance

    init(_ value: Instance) {
        self.value = value
    }
}
