import Simulation
import TestSupport
import Topology

/// What must hold of a fleet whatever was done to it, measured against what it would have become by itself.
struct Safety {
    private let before: Fleet
    private let doubled: [InstanceAddress: Set<TransactionIdentity>]
    /// Channels that come to replicate all there is when they are left alone, by server and name.
    private let healthy: Set<String>
    /// What servers lack of their primaries' transactions for ever, without anybody's doing.
    private let missing: [InstanceAddress: Set<TransactionIdentity>]
    private let writers: [InstanceAddress]
    /// Channels that ran when it began, and would have stopped by themselves.
    let doomed: Set<String>

    init(_ world: SimulatedFleet, writers: [InstanceAddress]) {
        before = world.fleet()
        // What is broken already, though it does not show yet, breaks when the next rows come.
        var moved = world
        moved.reconnectWriters()
        moved.advance(by: .seconds(1))
        let alone = moved.settled()
        self.writers = writers
        doubled = Dictionary(uniqueKeysWithValues: world.addresses.map { ($0, alone.doubled(on: $0)) })
        healthy = Self.healthy(alone)
        doomed = runningChannels(before).subtracting(healthy)
        missing = Dictionary(
            uniqueKeysWithValues: world.addresses.map { ($0, Self.missing(alone, on: $0, writers)) })
    }

    private static func healthy(_ fleet: SimulatedFleet) -> Set<String> {
        var names: Set<String> = []
        for instance in fleet.fleet().instances {
            for channel in instance.channels where channel.isReplicating {
                names.insert("\(instance.address.host)/\(channel.name)")
            }
        }
        return names
    }

    /// What the sources of a server have of the writers' transactions, and it has not.
    private static func missing(
        _ fleet: SimulatedFleet, on address: InstanceAddress, _ writers: [InstanceAddress]
    ) -> Set<TransactionIdentity> {
        let proper = writers.reduce(into: Set<TransactionIdentity>()) { $0.formUnion(fleet.effects(on: $1).keys) }
        return (fleet.facts(of: address)?.channels ?? []).compactMap(\.source)
            .reduce(into: Set<TransactionIdentity>()) { missing, source in
                missing.formUnion(fleet.missing(on: address, of: source).intersection(proper))
            }
    }

    /// What is wrong with a fleet, in words.
    ///
    /// - Parameters:
    ///   - mayRing: whether co-primaries were asked for.
    ///   - mayLack: servers that were told to leave something out.
    func violations(
        of world: SimulatedFleet, mayRing: Bool = false, mayLack: Set<InstanceAddress> = []
    ) -> [String] {
        var violations: [String] = []
        if !mayRing {
            let rings = Set(world.fleet().rings).subtracting(before.rings)
            if !rings.isEmpty { violations.append("a ring: \(rings)") }
        }
        let after = world.settled()
        let channels = Self.healthy(after)
        for address in world.addresses {
            let twice = after.doubled(on: address).subtracting(doubled[address] ?? [])
            if !twice.isEmpty { violations.append("\(address.host) has \(twice.count) transactions twice") }
            for channel in after.facts(of: address)?.channels ?? [] where channel.source != nil {
                let name = "\(address.host)/\(channel.name)"
                if healthy.contains(name), !channels.contains(name) {
                    let error = channel.applierError ?? channel.receiverError
                    violations.append(
                        "\(name) no longer replicates: \(error.map { "\($0.code) \($0.message)" } ?? "\(channel.receiver) \(channel.applier)")"
                    )
                }
            }
            // A channel that never got anywhere lacks what was written meanwhile.
            let isHealthy = (after.facts(of: address)?.channels ?? []).allSatisfy {
                healthy.contains("\(address.host)/\($0.name)")
            }
            guard isHealthy, !mayLack.contains(address) else { continue }
            let lost = Self.missing(after, on: address, writers).subtracting(missing[address] ?? [])
            if !lost.isEmpty {
                violations.append("\(address.host) lost \(lost.count) transactions: \(lost.map(\.number).sorted())")
            }
        }
        return violations
    }
}
