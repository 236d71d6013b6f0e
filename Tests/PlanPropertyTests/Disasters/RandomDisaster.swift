import Recovery
import Refactoring
import Simulation
import TestSupport
import Topology

@testable import Simulation

/// A random fleet that loses a source, with more that goes wrong beside it; the same for the same seed.
struct RandomDisaster {
    /// What becomes of the source.
    enum Fate: CaseIterable {
        case killed
        case frozen
        /// It answers, and some of its replicas no longer reach it.
        case cutOff
    }

    let seed: UInt64
    let family: Family
    private(set) var fleet: SimulatedFleet
    /// The source that is lost.
    let lost: InstanceAddress
    let fate: Fate
    /// What was done to the fleet, in words.
    private(set) var story: [String]
    /// What was last read of the source: a moment before.
    private var lastLook: Instance?
    private var random: SeededGenerator

    init(seed: UInt64) throws {
        self.seed = seed
        let world = try RandomWorld(seed: seed)
        (family, fleet, story) = (world.family, world.fleet, world.story)
        var random = SeededGenerator(seed: seed ^ 0xD15A57E2)
        let known = world.fleet.fleet()
        // In an order of their own, or the same seed would be another disaster in the next process.
        let intermediates = fleet.addresses.filter { $0 != "db0" && !known.replicas(of: $0).isEmpty }
        let isIntermediate = Int.random(in: 0..<100, using: &random) < 30
        lost = (isIntermediate ? intermediates.randomElement(using: &random) : nil) ?? "db0"
        fate = Fate.allCases.randomElement(using: &random) ?? .killed
        self.random = random
        if percent(33) { try waitForAcknowledgements() }
        lastLook = slowDown()
        strike()
        befallOthers()
        // Nobody writes on a dead primary, and time without anybody who writes costs nothing.
        let isQuiet = lost == "db0" && fate != .cutOff
        if isQuiet { fleet.endWorkloads() }
        let waits = isQuiet ? [0, 50, 700, 70_000] : [0, 50, 700]
        fleet.advance(by: .milliseconds(waits.randomElement(using: &self.random) ?? 0))
        recoverSpeed()
    }

    /// The fleet as baton reads it now; the lost source as it was when it was last read.
    func read(_ fleet: SimulatedFleet) -> Fleet {
        var read = fleet.fleet()
        if let lastLook, let now = read[lost], !now.contact.isReachable {
            read.update(Instance(address: lost, contact: now.contact, facts: lastLook.facts))
        }
        return read
    }

    private mutating func percent(_ share: Int) -> Bool { Int.random(in: 0..<100, using: &random) < share }

    private mutating func waitForAcknowledgements() throws {
        guard fleet.facts(of: lost)?.semiSync.source != nil else { return }
        try fleet.carryOut([.setVariable(.semiSyncSource, to: "ON")], on: lost)
        for replica in fleet.fleet().replicas(of: lost) where fleet.facts(of: replica)?.semiSync.replica != nil {
            try fleet.carryOut([.setVariable(.semiSyncReplica, to: "ON")], on: replica)
        }
        story.append("\(lost.host): semi-sync source")
    }

    /// Some receive later than others and some apply later, so that they differ when the source is lost.
    private mutating func slowDown() -> Instance? {
        for replica in fleet.addresses where replica != lost {
            if percent(30) { fleet.setReceiverSpeed(Int.random(in: 0...1, using: &random), of: replica) }
            if percent(30) { fleet.setApplierSpeed(Int.random(in: 0...1, using: &random), of: replica) }
        }
        fleet.advance(by: .milliseconds(Int.random(in: 50...400, using: &random)))
        let look = fleet.fleet()[lost]
        fleet.advance(by: .milliseconds(Int.random(in: 0...400, using: &random)))
        return look
    }

    private mutating func strike() {
        switch fate {
        case .killed: fleet.kill(lost)
        case .frozen: fleet.freeze(lost)
        case .cutOff:
            let replicas = fleet.fleet().replicas(of: lost)
            let isTotal = Bool.random(using: &random)
            for replica in replicas where isTotal || Bool.random(using: &random) { fleet.cut(lost, from: replica) }
        }
        story.append("\(lost.host): \(fate)")
    }

    private mutating func befallOthers() {
        for replica in fleet.addresses where replica != lost && percent(10) {
            if Bool.random(using: &random) { fleet.kill(replica) } else { fleet.freeze(replica) }
            story.append("\(replica.host): dead or frozen")
        }
    }

    /// A few appliers stand still for ever.
    private mutating func recoverSpeed() {
        for replica in fleet.addresses where replica != lost {
            fleet.setReceiverSpeed(8, of: replica)
            if percent(95) { fleet.setApplierSpeed(Int.random(in: 1...4, using: &random), of: replica) }
        }
    }
}

extension SimulatedFleet {
    /// The transactions that a server has, applied or in its relay logs; of an applier that is broken, what is applied.
    func held(by address: InstanceAddress) -> Set<TransactionIdentity> {
        var held = Set(effects(on: address).keys)
        for channel in servers[address]?.channels.values ?? [:].values {
            // What MariaDB drops when a thread is started is as good as gone before anybody acts.
            let drops = servers[address]?.isMariaDB == true && channel.positioning.isGTID && !channel.isRunning
            guard channel.applierError == nil, !drops else { continue }
            held.formUnion(channel.relay.map(\.transaction.identity))
        }
        return held
    }
}
