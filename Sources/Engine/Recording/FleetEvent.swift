import Topology

/// Something that happened to a server and that people want to find again.
public struct FleetEvent: Sendable, Hashable {
    /// The kinds of events; their raw values are stored and documented, so they stay.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case found
        case forgotten
        case renamed
        case unreachable
        case noAccess = "no-access"
        case back
        case restarted
        case replaced
        case sourceChanged = "source-changed"
        case channelAdded = "channel-added"
        case channelRemoved = "channel-removed"
        case replicationStopped = "replication-stopped"
        case replicationBroken = "replication-broken"
        case replicationStarted = "replication-started"
        case versionChanged = "version-changed"
        case writabilityChanged = "writability-changed"
        case groupRoleChanged = "group-role-changed"
        case problemRaised = "problem-raised"
        case problemCleared = "problem-cleared"
    }

    public var at: Timestamp
    public var kind: Kind
    public var address: InstanceAddress
    /// What happened, in a sentence without the server's name.
    public var words: String

    public init(at: Timestamp, kind: Kind, address: InstanceAddress, words: String) {
        self.at = at
        self.kind = kind
        self.address = address
        self.words = words
    }
}
