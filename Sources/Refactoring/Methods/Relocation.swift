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
    /// Whether its applier is to run on where the server allows that: one whose source died in the middle of a transaction
    /// would wait for the rest of it before it stops, MySQL's parallel one for up to a minute (seen on 9.7).
    package var keepsApplier = false

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

    package var threads: FoundThreads { FoundThreads(channel) }
    package var name: String { channel.name }

    /// What holds before anything is done: the server is the one that was judged, and it follows whom it did.
    package var before: [Expectation] {
        var expectations = replica.identityExpectation
        if let source = channel.source { expectations.append(.follows(source, channel: name)) }
        return expectations
    }

    /// A change to the target at that place, with everything kept that the server would reset by itself.
    package func change(_ positioning: SourcePositioning?) -> Command {
        .changeSource(
            channel: name,
            SourceChange(source: target.address, positioning: positioning).keepingOptions(of: channel, on: replica))
    }

    /// The change that takes ``change(_:)`` back.
    package func changeBack(_ positioning: SourcePositioning?) -> Command {
        .changeSource(
            channel: name,
            SourceChange(source: channel.source, positioning: positioning).keepingOptions(of: channel, on: replica))
    }
}

extension Instance {
    /// Whether a channel's source can be changed while its applier runs: MySQL asks for that to be stopped only where options
    /// change that the applier reads, as `SOURCE_AUTO_POSITION`, which stays as it is where nobody names it (MySQL 5.7
    /// manual, `CHANGE MASTER TO`).
    package func changesSourceWhileApplying(_ channel: ReplicationChannel) -> Bool {
        channel.positioning == .autoPosition && FoundThreads(channel).applier && isMySQLFamily
            && facts?.version.isAtLeast(5, 7, 4) == true
    }

    /// That the server is this one, and not another that has come to its address.
    package var identityExpectation: [Expectation] {
        facts.map { [.identity(serverID: $0.identity.serverID, $0.identity.serverUUID)] } ?? []
    }

    package var isMySQLFamily: Bool { facts?.version.flavor.isMySQLFamily ?? true }

    /// The channel of that name.
    package func channel(named name: String) -> ReplicationChannel? { channels.first { $0.name == name } }
}
