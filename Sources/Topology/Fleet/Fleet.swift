import HashTreeCollections

/// Every server that baton knows, at one moment: an immutable value that faces and decisions share.
///
/// Publishing a new fleet costs what changed: the collections are persistent trees, and an instance is held by
/// reference, so that a copy of 10,000 instances is a few words.
public struct Fleet: Sendable {
    /// Grows by one with each change of any fact.
    public private(set) var version: UInt64 = 0
    /// The version at which the shape last changed: instances, sources, names, memberships, or what decides between
    /// two primaries (contact, writability, identity). While it stands still, trees and clusters computed earlier
    /// stay valid.
    public private(set) var structureVersion: UInt64 = 0

    private var boxes: TreeDictionary<InstanceAddress, HeldInstance> = [:]
    /// Other names of servers, each with the address under which the fleet keeps it; never two steps long.
    private var names: TreeDictionary<InstanceAddress, InstanceAddress> = [:]
    /// The names of ``names`` by what they stand for.
    private var namesByAddress: TreeDictionary<InstanceAddress, TreeSet<InstanceAddress>> = [:]
    /// Who names whom as its source, by the name *as the replica was told it*: so nothing has to be moved when a name
    /// turns out to be another server's, or ceases to be.
    private var replicasByName: TreeDictionary<InstanceAddress, TreeSet<InstanceAddress>> = [:]
    /// Names of clusters by the address of any member, as configured or read.
    private var clusterAliases: TreeDictionary<InstanceAddress, String> = [:]

    /// Makes a fleet without servers.
    public init() {}

    /// Makes a fleet of the given instances, for tests and snapshots.
    public init(_ instances: some Sequence<Instance>) {
        for instance in instances { update(instance) }
    }

    /// How many servers it holds, other names of them not counted.
    public var count: Int { boxes.count }
    /// Whether it holds no server at all.
    public var isEmpty: Bool { boxes.isEmpty }

    /// All addresses, in no particular order.
    public var addresses: some Sequence<InstanceAddress> { boxes.keys }

    /// All instances, in no particular order.
    public var instances: some Sequence<Instance> { boxes.values.lazy.map(\.instance) }

    /// All instances by reference, in no particular order: for those who go through many and look at little of each.
    public var heldInstances: HeldInstances { HeldInstances(boxes: boxes) }

    /// The instance of that address or name, by reference.
    public func heldInstance(_ address: InstanceAddress) -> HeldInstance? { boxes[canonical(address)] }

    /// What trees depend on, of each instance, in no particular order.
    var structures: some Sequence<(address: InstanceAddress, structure: StructuralFacts)> {
        boxes.lazy.map { (address: $0.key, structure: $0.value.structure) }
    }

    /// The instance of that address, or of the server that goes by that name.
    public subscript(_ address: InstanceAddress) -> Instance? {
        if let box = boxes[address] { return box.instance }
        return names[address].flatMap { boxes[$0]?.instance }
    }

    /// What was last read of that server: the same as asking its instance, without a copy of that.
    func facts(of address: InstanceAddress) -> InstanceFacts? { boxes[canonical(address)]?.instance.facts }

    /// The address under which the fleet keeps the server that goes by `name`; `name` itself where it is not known.
    public func canonical(_ name: InstanceAddress) -> InstanceAddress {
        // No address of an instance is also another one's name.
        names[name] ?? name
    }

    /// The other names of servers, with the canonical address of each.
    public var knownNames: some Sequence<(key: InstanceAddress, value: InstanceAddress)> { names }

    /// The canonical address of a channel's source.
    public func source(of channel: ReplicationChannel) -> InstanceAddress? {
        // Not by `map`, which would copy the fleet into a closure.
        guard let source = channel.source else { return nil }
        return canonical(source)
    }

    /// The instances that have a channel from `address`, sorted by address.
    public func replicas(of address: InstanceAddress) -> [InstanceAddress] {
        let address = canonical(address)
        var result = replicasByName[address] ?? []
        for name in namesByAddress[address] ?? [] { result.formUnion(replicasByName[name] ?? []) }
        return result.sorted()
    }

    /// Sources that replicas name and that the fleet does not hold, sorted by address.
    public var unseenSources: [InstanceAddress] {
        Set(replicasByName.keys.lazy.map(canonical).filter { boxes[$0] == nil }).sorted()
    }

    /// The name that was given to the cluster of which `address` is a member, if to any.
    public func clusterAlias(of address: InstanceAddress) -> String? { clusterAliases[address] }

    /// The names that were given to clusters, each by the address of a member.
    public var givenClusterAliases: some Sequence<(key: InstanceAddress, value: String)> { clusterAliases }

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
    /// An instance ends what its address stood for as another server's name.
    ///
    /// - Returns: whether anything changed; where nothing did, the fleet and its version stay as they are.
    @discardableResult
    public mutating func update(_ instance: Instance) -> Bool {
        let old = boxes[instance.address]?.instance
        if old == instance { return false }
        // Most updates change no structure, and then share what was worked out of it before.
        let structure = StructuralFacts(instance)
        let oldStructure = boxes[instance.address]?.structure
        let isSameStructure = oldStructure == structure
        boxes[instance.address] = HeldInstance(instance, isSameStructure ? oldStructure ?? structure : structure)
        version += 1
        if isSameStructure { return true }
        structureVersion = version
        forgetName(instance.address)
        let oldSources = Set(old?.channels.compactMap(\.source) ?? [])
        let newSources = Set(instance.channels.compactMap(\.source))
        for source in oldSources.subtracting(newSources) { unlink(instance.address, from: source) }
        for source in newSources { replicasByName[source, default: []].insert(instance.address) }
        return true
    }

    /// Forgets an instance and its other names; channels of others that name it stay.
    public mutating func remove(_ address: InstanceAddress) {
        let address = canonical(address)
        guard let old = boxes.removeValue(forKey: address)?.instance else { return }
        for source in Set(old.channels.compactMap(\.source)) { unlink(address, from: source) }
        for name in namesByAddress[address] ?? [] { forgetName(name) }
        clusterAliases[address] = nil
        version += 1
        structureVersion = version
    }

    /// Records that the server kept under `address` is also called `name`.
    ///
    /// Nothing happens where the fleet keeps an instance under `name`: it is removed first where it was found to be the
    /// same server.
    public mutating func addName(_ name: InstanceAddress, of address: InstanceAddress) {
        let address = canonical(address)
        guard name != address, names[name] != address, boxes[name] == nil else { return }
        forgetName(name)
        names[name] = address
        namesByAddress[address, default: []].insert(name)
        for other in namesByAddress[name] ?? [] {
            names[other] = address
            namesByAddress[address, default: []].insert(other)
        }
        namesByAddress[name] = nil
        version += 1
        structureVersion = version
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
    private mutating func unlink(_ replica: InstanceAddress, from source: InstanceAddress) {
        replicasByName[source]?.remove(replica)
        if replicasByName[source]?.isEmpty == true { replicasByName[source] = nil }
    }

    private mutating func forgetName(_ name: InstanceAddress) {
        guard let address = names.removeValue(forKey: name) else { return }
        namesByAddress[address]?.remove(name)
        if namesByAddress[address]?.isEmpty == true { namesByAddress[address] = nil }
    }
}

extension Fleet {
    /// The instances of a fleet, each by reference. It has a type of its own because going through what is generic costs
    /// other modules several times as much: there it is not compiled for instances.
    public struct HeldInstances: Sequence {
        fileprivate let boxes: TreeDictionary<InstanceAddress, HeldInstance>

        public var underestimatedCount: Int { boxes.count }

        public func makeIterator() -> Iterator { Iterator(boxes: boxes.makeIterator()) }

        /// One walk through the instances.
        public struct Iterator: IteratorProtocol {
            fileprivate var boxes: TreeDictionary<InstanceAddress, HeldInstance>.Iterator

            public mutating func next() -> HeldInstance? { boxes.next()?.value }
        }
    }
}

/// An instance by reference: copying tree nodes copies one word per instance, and so does whoever keeps one.
public final class HeldInstance: Sendable {
    /// What is held.
    public let instance: Instance
    let structure: StructuralFacts

    fileprivate init(_ instance: Instance, _ structure: StructuralFacts) {
        self.instance = instance
        self.structure = structure
    }
}
