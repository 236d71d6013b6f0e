import Topology

/// What happened to a fleet at one moment, as the history keeps it.
public struct FleetChange: Sendable {
    /// When it was seen.
    public var at: Timestamp
    /// Servers that are new or of which a fact changed, with all that is known of them now.
    public var instances: [Instance]
    /// Servers that have not answered in this run, which tell nothing of those that the store knows: they are written
    /// only where it doesn't.
    public var unasked: [Instance] = []
    /// Servers that answer still, of which nothing else need be written.
    public var sighted: [InstanceAddress] = []
    /// Servers that the fleet holds no longer.
    public var removed: [InstanceAddress]
    /// Other names of servers that were learnt, with the canonical address; `nil` for a name that is gone.
    public var names: [InstanceAddress: InstanceAddress?]
    /// Names of clusters by member; `nil` for one that was taken away.
    public var clusterAliases: [InstanceAddress: String?]

    /// Makes a change from its parts; see ``init(from:to:at:)`` for one between two fleets.
    public init(
        at: Timestamp,
        instances: [Instance] = [],
        removed: [InstanceAddress] = [],
        names: [InstanceAddress: InstanceAddress?] = [:],
        clusterAliases: [InstanceAddress: String?] = [:]
    ) {
        self.at = at
        self.instances = instances
        self.removed = removed
        self.names = names
        self.clusterAliases = clusterAliases
    }

    /// All that leads from one fleet to another.
    public init(from old: Fleet, to new: Fleet, at: Timestamp) {
        self.init(at: at)
        for address in new.addresses(changedSince: old) {
            if let instance = new.held(address) { instances.append(instance) } else { removed.append(address) }
        }
        compareLabels(old, new)
    }

    /// Adds what changed in the names of servers and clusters.
    mutating func compareLabels(_ old: Fleet, _ new: Fleet) {
        guard old.structureVersion != new.structureVersion || old.version > new.version else { return }
        let (oldNames, newNames) = (Self.dictionary(old.knownNames), Self.dictionary(new.knownNames))
        for (name, address) in newNames where oldNames[name] != address { names[name] = .some(address) }
        for name in oldNames.keys where newNames[name] == nil { names[name] = .some(nil) }
        let (oldAliases, newAliases) = (
            Self.dictionary(old.givenClusterAliases), Self.dictionary(new.givenClusterAliases)
        )
        for (member, alias) in newAliases where oldAliases[member] != alias { clusterAliases[member] = .some(alias) }
        for member in oldAliases.keys where newAliases[member] == nil { clusterAliases[member] = .some(nil) }
    }

    private static func dictionary<Value>(
        _ pairs: some Sequence<(key: InstanceAddress, value: Value)>
    ) -> [InstanceAddress: Value] {
        Dictionary(pairs.map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// Whether there is nothing to write.
    public var isEmpty: Bool {
        instances.isEmpty && unasked.isEmpty && sighted.isEmpty && removed.isEmpty && names.isEmpty
            && clusterAliases.isEmpty
    }
}

extension Fleet {
    /// The instance that is kept under this very address, not under another name of it.
    func held(_ address: InstanceAddress) -> Instance? {
        guard let instance = self[address], instance.address == address else { return nil }
        return instance
    }
}
