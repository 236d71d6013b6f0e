/// One server process as baton knows it: where it is, whether it can be reached, and the facts last read from it.
public struct Instance: Hashable, Sendable, Identifiable {
    /// The name under which the fleet keeps this server: the resolved one.
    public var address: InstanceAddress
    /// Whether it answers, and since when or why not.
    public var contact: Contact
    /// What the last good probe read; `nil` for a server that is known only because others speak of it.
    public var facts: InstanceFacts?
    /// A friendly name from the configuration or from the alias query.
    public var alias: String?
    /// Where it stands, as queries or patterns of the configuration tell.
    public var location: Location
    /// What test writes found; `nil` where none are made: they are off, or this server is no primary.
    public var writeCheck: WriteCheck?

    public var id: InstanceAddress { address }

    /// Makes an instance; with only an address it is one that others speak of.
    public init(
        address: InstanceAddress,
        contact: Contact = .neverTried,
        facts: InstanceFacts? = nil,
        alias: String? = nil,
        location: Location = Location(),
        writeCheck: WriteCheck? = nil
    ) {
        self.address = address
        self.contact = contact
        self.facts = facts
        self.alias = alias
        self.location = location
        self.writeCheck = writeCheck
    }

    /// The replication channels last seen, empty for a source or an unknown server.
    public var channels: [ReplicationChannel] { facts?.channels ?? [] }

    /// Whether at least one channel has a source configured.
    public var isReplica: Bool { channels.contains { $0.source != nil } }
}

/// Where a server stands, as configured by pattern or query; each `nil` when not known.
public struct Location: Hashable, Sendable {
    /// The building or zone.
    public var dataCenter: String?
    /// A larger place than that.
    public var region: String?
    /// Production, staging and the like.
    public var environment: String?

    /// Makes a location; what is left out is not known.
    public init(dataCenter: String? = nil, region: String? = nil, environment: String? = nil) {
        self.dataCenter = dataCenter
        self.region = region
        self.environment = environment
    }
}
