import Refactoring
import TestSupport
import Topology

/// What an operator asks for.
enum Intent: Sendable {
    case move(Move)
    case operation(ServerOperation)

    func plan(_ planner: MovePlanner, in scene: RuleScene) -> PlanAnswer {
        switch self {
        case .move(let move): planner.plan(move, in: scene)
        case .operation(let operation): planner.plan(operation, in: scene)
        }
    }

    var verb: String {
        switch self {
        case .move(let move): move.verb
        case .operation(let operation): operation.verb
        }
    }

    /// Whether it may leave threads stopped that ran.
    var stops: Bool {
        switch self {
        case .move(.detach), .operation(.stopReplica), .operation(.stopReplicaNicely), .operation(.resetReplica),
            .move(.endCoPrimary):
            true
        default: false
        }
    }

    /// Whether a ring is what is asked for.
    var mayRing: Bool {
        if case .move(.makeCoPrimary) = self { true } else { false }
    }

    /// Servers that it tells to leave something out, or to go without.
    func mayLack(in fleet: Fleet) -> Set<InstanceAddress> {
        switch self {
        case .operation(.skipTransaction(let replica)): fleet.branch(of: replica.instance)
        case .operation(.injectErrant): Set(fleet.addresses)
        default: []
        }
    }

    /// Any move and any operation, about servers that are mostly fit for it.
    static func random(in fleet: Fleet, using random: inout SeededGenerator) -> Intent {
        var dice = IntentDice(fleet: fleet, random: random)
        defer { random = dice.random }
        return Int.random(in: 0..<10, using: &dice.random) < 7 ? .move(dice.move()) : .operation(dice.operation())
    }

    /// One replica, or one with all below it, to anywhere.
    static func randomMove(in fleet: Fleet, using random: inout SeededGenerator) -> Intent {
        var dice = IntentDice(fleet: fleet, random: random)
        defer { random = dice.random }
        return .move(dice.relocation())
    }
}

private struct IntentDice {
    let fleet: Fleet
    var random: SeededGenerator

    private mutating func pick<Value>(_ values: [Value]) -> Value? { values.randomElement(using: &random) }

    private mutating func any() -> InstanceAddress { pick(fleet.addresses.sorted()) ?? "db0" }

    private mutating func replica() -> ReplicaChannel {
        let replicas = fleet.addresses.sorted().filter { fleet[$0]?.isReplica == true }
        guard let address = pick(replicas) else { return ReplicaChannel(any()) }
        return ReplicaChannel(address, channel: pick(fleet[address]?.channels ?? [])?.name)
    }

    private mutating func source() -> InstanceAddress {
        pick(fleet.addresses.sorted().filter { !fleet.replicas(of: $0).isEmpty }) ?? any()
    }

    /// A list of some replicas, or all.
    private mutating func some(of source: InstanceAddress) -> Set<InstanceAddress>? {
        let replicas = fleet.replicas(of: source).sorted()
        guard replicas.count > 1, Int.random(in: 0..<3, using: &random) == 0 else { return nil }
        return Set(replicas.shuffled(using: &random).prefix(Int.random(in: 1...replicas.count, using: &random)))
    }

    private mutating func sibling(of replica: ReplicaChannel) -> InstanceAddress {
        let source = fleet[replica.instance]?.channels.first { $0.name == replica.channel ?? "" }?.source
        let siblings = source.map { fleet.replicas(of: $0).sorted() } ?? []
        return pick(siblings.filter { $0 != replica.instance }) ?? any()
    }

    mutating func relocation() -> Move {
        Int.random(in: 0..<3, using: &random) > 0
            ? .relocate(replica(), below: any()) : .relocateSubtree(replica(), below: any())
    }

    mutating func move() -> Move {
        switch Int.random(in: 0..<20, using: &random) {
        case 0...3: return .relocate(replica(), below: any())
        case 4: return .relocateSubtree(replica(), below: any())
        case 5:
            let source = source()
            return .relocateReplicas(of: source, only: some(of: source), below: any())
        case 6: return .moveUp(replica())
        case 7:
            let source = source()
            return .moveUpReplicas(of: source, only: some(of: source))
        case 8, 9:
            let replica = replica()
            return .moveBelow(replica, sibling: sibling(of: replica))
        case 10: return .repoint(replica(), to: nil)
        case 11:
            let source = source()
            return .repointReplicas(of: source, only: some(of: source))
        case 12: return .takeSource(replica())
        case 13: return .takeSiblings(replica())
        case 14: return .makeCoPrimary(replica())
        case 15: return .endCoPrimary(replica())
        case 16: return .regroup(of: source())
        case 17: return Bool.random(using: &random) ? .detach(replica()) : .reattach(replica())
        case 18: return .enableGTID(replica())
        default: return .disableGTID(replica())
        }
    }

    mutating func operation() -> ServerOperation {
        let semiSync: SemiSyncHandling = Bool.random(using: &random) ? .follow : .leave
        switch Int.random(in: 0..<14, using: &random) {
        case 0: return .startReplica(replica())
        case 1: return .stopReplica(replica())
        case 2, 3: return .stopReplicaNicely(replica())
        case 4: return .restartReplica(replica())
        case 5: return .resetReplica(replica())
        case 6: return .skipTransaction(replica())
        case 7: return .setReadOnly(any(), semiSync: semiSync)
        case 8: return .setWritable(any(), semiSync: semiSync)
        case 9:
            return .delayReplication(replica(), .seconds(Int.random(in: 0...20, using: &random)))
        case 10: return .injectErrant(any())
        case 11: return .resetErrant(any())
        case 12: return .flushBinaryLogs(any())
        default:
            let address = any()
            return .purgeBinaryLogs(address, to: fleet[address]?.facts?.binaryLog?.position?.file ?? "bin.000001")
        }
    }
}

extension Fleet {
    /// A server and all that replicates from it over any number of steps.
    fileprivate func branch(of address: InstanceAddress) -> Set<InstanceAddress> {
        var found: Set<InstanceAddress> = [address]
        var pending = [address]
        while let next = pending.popLast() {
            for replica in replicas(of: next) where found.insert(replica).inserted { pending.append(replica) }
        }
        return found
    }
}
