import TestSupport
import Testing
import Topology

@testable import Refactoring

@Suite("Moves on random fleets")
struct MovePropertyTests {
    private let planner = MovePlanner.permissive

    /// Trees of one way, with threads as it comes, delays, and now and then a second channel.
    private func fleet(_ generator: inout SeededGenerator) -> Fleet {
        let way = Way.allCases.randomElement(using: &generator) ?? .mysqlGTID
        let count = Int.random(in: 2...9, using: &generator)
        return Fleet(
            (0..<count).map { number -> Instance in
                let address = InstanceAddress(host: "db\(number)")
                guard number > 0 else { return Instance.source(address).following(way) }
                let source = InstanceAddress(host: "db\(Int.random(in: 0..<number, using: &generator))")
                var replica = Instance.replica(address, of: source).following(way)
                if Int.random(in: 0..<8, using: &generator) == 0 { replica = replica.stopped() }
                if Int.random(in: 0..<8, using: &generator) == 0 {
                    replica = replica.withChannel { $0.applier = .stopped }
                }
                if Int.random(in: 0..<10, using: &generator) == 0 {
                    replica = replica.changed { facts in
                        var second = facts.channels[0]
                        second.name = "second"
                        second.source = InstanceAddress(host: "db\(number / 2 - (number / 2 == number ? 1 : 0))")
                        facts.channels.append(second)
                    }
                }
                if Int.random(in: 0..<10, using: &generator) == 0 {
                    replica = replica.changed { $0.writability = .writable }
                }
                return replica
            })
    }

    private func move(_ fleet: Fleet, _ generator: inout SeededGenerator) -> Move {
        let addresses = fleet.addresses.sorted()
        func any() -> InstanceAddress { addresses.randomElement(using: &generator) ?? "db0" }
        func replica() -> ReplicaChannel {
            let address = any()
            return ReplicaChannel(address, channel: fleet[address]?.channels.randomElement(using: &generator)?.name)
        }
        switch Int.random(in: 0..<14, using: &generator) {
        case 0...3: return .relocate(replica(), below: any())
        case 4: return .relocateReplicas(of: any(), only: nil, below: any())
        case 5: return .moveUp(replica())
        case 6: return .moveBelow(replica(), sibling: any())
        case 7: return .takeSource(replica())
        case 8: return .takeSiblings(replica())
        case 9: return .regroup(of: any())
        case 10: return .moveUpReplicas(of: any(), only: nil)
        case 11: return .detach(replica())
        case 12: return .repoint(replica(), to: nil)
        default: return .relocateSubtree(replica(), below: any())
        }
    }

    /// Channels whose source may change in a move.
    private func mayMove(_ move: Move, _ fleet: Fleet, _ address: InstanceAddress) -> Bool {
        switch move {
        case .relocate(let replica, _), .relocateSubtree(let replica, _), .moveUp(let replica),
            .moveBelow(let replica, _), .detach(let replica):
            replica.instance == address
        case .relocateReplicas(let source, _, _), .moveUpReplicas(let source, _), .regroup(let source):
            fleet.replicas(of: source).contains(address)
        case .takeSource(let replica):
            replica.instance == address || fleet.replicas(of: address).contains(replica.instance)
        case .takeSiblings(let replica):
            replica.instance != address
        default: false
        }
    }

    @Test(
        "a plan makes no ring, moves nobody else, and leaves threads as it found them; undone, the fleet is as before")
    func properties() throws {
        var generator = SeededGenerator(seed: 20_261_122)
        var (planned, undone) = (0, 0)
        for round in 0..<10_000 {
            let fleet = fleet(&generator)
            let move = move(fleet, &generator)
            let answer = planner.plan(move, in: RuleScene(fleet))
            guard let plan = answer.plan else {
                #expect(answer.reasons.allSatisfy { !$0.remedies.isEmpty } && !answer.reasons.isEmpty)
                continue
            }
            planned += 1
            let after = plan.preview(on: fleet)
            #expect(Set(after.rings).isSubset(of: fleet.rings), "round \(round): \(move) makes a ring")
            checkOthers(move, fleet, after, round)
            guard case .detach = move else {
                checkThreads(fleet, after, "round \(round): \(move)")
                continue
            }
            guard let undo = planner.undo(plan, in: RuleScene(after)).plan else { continue }
            undone += 1
            #expect(undo.preview(on: after).shape == fleet.shape, "round \(round): \(move)")
        }
        #expect(planned > 2_000)
        #expect(undone > 100)
    }

    @Test("the steps of a GTID move, taken back after any number of them, restore the fleet")
    func inversesOfPrefixes() throws {
        var generator = SeededGenerator(seed: 7)
        var checked = 0
        for round in 0..<3_000 {
            let fleet = fleet(&generator)
            let move = move(fleet, &generator)
            guard let plan = planner.plan(move, in: RuleScene(fleet)).plan else { continue }
            for count in 1...plan.steps.count {
                guard case .plan(let inverse) = plan.takingBack(first: count) else { continue }
                let half = Plan(intent: "", verb: "", method: "", steps: Array(plan.steps.prefix(count)))
                let restored = inverse.preview(on: half.preview(on: fleet))
                #expect(restored.shape == fleet.shape, "round \(round): \(move), \(count) steps")
                checked += 1
            }
        }
        #expect(checked > 1_000)
    }

    private func checkOthers(_ move: Move, _ fleet: Fleet, _ after: Fleet, _ round: Int) {
        for address in fleet.addresses where !mayMove(move, fleet, address) {
            let sources = fleet[address]?.channels.map(\.source)
            #expect(after[address]?.channels.map(\.source) == sources, "round \(round): \(move) moves \(address)")
        }
    }

    private func checkThreads(_ fleet: Fleet, _ after: Fleet, _ what: String) {
        for instance in fleet.instances {
            for channel in instance.channels {
                let now = after[instance.address]?.channel(named: channel.name)
                #expect(now?.receiver == channel.receiver && now?.applier == channel.applier, "\(what)")
            }
        }
    }
}
