import Topology

/// A ring of two co-primaries as it was found before one of them left it: the only ring into which a way back may lead.
public struct CoPrimaryRing: Hashable, Sendable, Codable {
    /// The one that left, and the channel by which it followed the other.
    public let leaver: ReplicaChannel
    /// The other, and the channel by which it follows the one that left.
    public let partner: ReplicaChannel

    /// Whether it is the ring into which this channel of a server leads when it follows `source`.
    func isClosed(by address: InstanceAddress, channel: String, below source: InstanceAddress) -> Bool {
        leaver == ReplicaChannel(address, channel: channel) && partner.instance == source
    }

    /// Whether the partner still follows as it did, and is fed by the leaver in no other way: then nothing but the ring of
    /// two comes of a way back.
    func stands(in fleet: Fleet) -> Bool {
        guard var other = fleet[partner.instance], var facts = other.facts,
            let back = other.channels.first(where: { $0.name == partner.channel }),
            fleet.source(of: back) == leaver.instance
        else { return false }
        facts.channels.removeAll { $0.name == back.name }
        other.facts = facts
        var without = fleet
        without.update(other)
        return !without.isFed(partner.instance, by: leaver.instance)
    }
}

extension Fleet {
    /// The ring of two that a channel of a server closes, `nil` where its source does not follow that server.
    func ring(closedBy address: InstanceAddress, channel name: String) -> CoPrimaryRing? {
        guard let channel = self[address]?.channels.first(where: { $0.name == name }),
            let source = source(of: channel),
            let back = self[source]?.channels.first(where: { self.source(of: $0) == address })
        else { return nil }
        return CoPrimaryRing(
            leaver: ReplicaChannel(address, channel: name), partner: ReplicaChannel(source, channel: back.name))
    }
}

extension Plan {
    /// The channels that it makes follow another server, or nobody.
    public var changedChannels: [ReplicaChannel] {
        steps.flatMap { step in
            step.commands.compactMap { command in
                switch command {
                case .changeSource(let channel, let change) where change.source != nil || change.rawHost != nil:
                    ReplicaChannel(step.instance, channel: channel)
                case .resetReplica(let channel, .everything): ReplicaChannel(step.instance, channel: channel)
                default: nil
                }
            }
        }
    }

    /// The rings of two that it takes apart, of a fleet that it was made for.
    func ringsLeft(in fleet: Fleet) -> [CoPrimaryRing] {
        var rings: [CoPrimaryRing] = []
        for channel in changedChannels {
            guard let ring = fleet.ring(closedBy: fleet.canonical(channel.instance), channel: channel.channel ?? ""),
                !rings.contains(ring)
            else { continue }
            rings.append(ring)
        }
        return rings
    }
}
