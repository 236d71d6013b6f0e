/// One server process as baton knows it: where it is, whether it can be reached, and the facts last read from it.
public struct Instance: Hashable, Sendable, Identifiable {
    /// The name under which the fleet keeps this server: the resolved one.
    public var address: InstanceAddress
    public var contact: Contact
    /// What the last good probe read; `nil` for a server that is known only because others speak of it.
    public var facts: InstanceFacts?
    /// A friendly name from the configuration or from the alias query.
    public var alias: String?
    public var location: Location

    public var id: InstanceAddress { address }

    public init(
        address: InstanceAddress,
        contact: Contact = .neverTried,
        facts: InstanceFacts? = nil,
        alias: String? = nil,
        location: Location = Location()
    ) {
        self.address = address
        self.contact = contact
        self.facts = facts
        self.alias = alias
        self.location = location
    }

    /// The replication channels last seen, empty for a source or an unknown server.
    public var channels: [ReplicationChannel] { facts?.channels ?? [] }

    /// Whether at least one channel has a source configured.
    public var isReplica: Bool { channels.contains { $0.source != nil } }
}

/// Where a server stands, as configured by pattern or query; each `nil` when not known.
public struct Location: Hashable, Sendable {
    public var dataCenter: String?
    public var region: String?
    public var environment: String?

    public init(dataCenter: String? = nil, region: String? = nil, environment: String? = nil) {
        self.dataCenter = dataCenter
        self.region = region
        self.environment = environment
    }
}
