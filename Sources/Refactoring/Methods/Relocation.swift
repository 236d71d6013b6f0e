import Topology

/// One channel that is to get another source, or the same one again: what methods work on.
public struct Relocation: Sendable {
    /// The replica.
    public let replica: Instance
    /// Its channel, as it was last read.
    public let channel: ReplicationChannel
    /// The server that it is to follow.
    public let target: Instance
    /// The fleet in which this happens: as it was last read, or as earlier steps of the plan will have left it.
    public let fleet: Fleet
    /// How long servers are given.
    public let limits: PlanLimits

    /// Makes the case of a channel of `replica`.
    public init(
        _ replica: Instance, _ channel: ReplicationChannel, below target: Instance, in fleet: Fleet,
        limits: PlanLimits = PlanLimits()
    ) {
        self.replica = replica
        self.channel = channel
        self.target = target
        self.fleet = fleet
        self.limits = limits
    }

    /// The present source, by the name under which the fleet keeps it.
    public var source: InstanceAddress? { fleet.source(of: channel) }
    /// Whether the channel already follows the target.
    public var isInPlace: Bool { source == target.address }

    var threads: FoundThreads { FoundThreads(channel) }
    var name: String { channel.name }

    /// What holds before anything is done: the server is the one that was judged, and it follows whom it did.
    var before: [Expectation] {
        var expectations = replica.identityExpectation
        if let source = channel.source { expectations.append(.follows(source, channel: name)) }
        return expectations
    }

    /// A change to the target at that place, with everything kept that the server would reset by itself.
    func change(_ positioning: SourcePositioning?) -> Command {
        .changeSource(
            channel: name,
            SourceChange(source: target.address, positioning: positioning).keepingOptions(of: channel, on: replica))
    }

    /// The change that takes ``change(_:)`` back.
    func changeBack(_ positioning: SourcePositioning?) -> Command {
        .changeSource(
            channel: name,
            SourceChange(source: channel.source, positioning: positioning).keepingOptions(of: channel, on: replica))
    }
}

extension Instance {
    /// That the server is this one, and not another that has come to its address.
    var identityExpectation: [Expectation] {
        facts.map { [.identity(serverID: $0.identity.serverID, $0.identity.serverUUID)] } ?? []
    }

    var isMySQLFamily: Bool { facts?.version.flavor.isMySQLFamily ?? true }

    /// The channel of that name.
    func channel(named name: String) -> ReplicationChannel? { channels.first { $0.name == name } }
}
