import Refactoring
import TestSupport
import Testing
import Topology

/// What holds of every placement in every fleet, however odd.
@Suite("Rules on random fleets")
struct RulePropertyTests {
    private static let seeds = 0..<40

    @Test("nobody may be put under its own descendant, over whatever channels", arguments: seeds)
    func rings(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let fleet = Fleet.random(count: Int.random(in: 2...20, using: &generator), using: &generator)
        let scene = RuleScene(fleet, now: .testNow)
        for replica in fleet.addresses.sorted() {
            for target in Self.descendants(of: replica, in: fleet).subtracting([replica]) {
                let verdict = scene.verdict(of: replica, channel: fleet[replica]?.channels.first?.name, under: target)
                #expect(!verdict.isLegal, "\(replica) under \(target)")
            }
        }
    }

    @Test("a refusal says what would help, and does not depend on the order of servers", arguments: seeds)
    func remediesAndOrder(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed) + 1000)
        let fleet = Fleet.random(count: Int.random(in: 2...12, using: &generator), using: &generator)
        let scene = RuleScene(fleet, now: .testNow)
        let shuffled = RuleScene(Fleet(fleet.instances.shuffled(using: &generator)), now: .testNow)
        for replica in fleet.addresses.sorted() {
            for context in RuleContext.allCases {
                let drag = DragVerdicts(scene, of: replica, context: context)
                let otherDrag = DragVerdicts(shuffled, of: replica, context: context)
                for (target, outline) in zip(scene.forest.addresses, drag.outlines()) {
                    let verdict = drag.verdict(under: target)
                    #expect(verdict == otherDrag.verdict(under: target))
                    #expect(outline.gravity == verdict.reasons.first?.gravity)
                    #expect(outline.isLegal == verdict.isLegal)
                    #expect(verdict.reasons.allSatisfy { !$0.remedies.isEmpty && !$0.sentence.isEmpty })
                }
            }
        }
    }

    @Test("random fleets have legal placements too, so that the other tests say something")
    func variety() {
        var counts: [Bool: Int] = [:]
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: UInt64(seed) + 1000)
            let fleet = Fleet.random(count: 12, using: &generator)
            let scene = RuleScene(fleet, now: .testNow)
            for replica in fleet.instances {
                for channel in replica.channels {
                    let drag = DragVerdicts(scene, of: replica.address, channel: channel.name)
                    for outline in drag.outlines() { counts[outline.isLegal, default: 0] += 1 }
                }
            }
        }
        #expect(counts[true, default: 0] > 100 && counts[false, default: 0] > 100, "\(counts)")
    }

    /// Those that are fed by a server: an own, plain walk over all channels.
    private static func descendants(of address: InstanceAddress, in fleet: Fleet) -> Set<InstanceAddress> {
        var found: Set<InstanceAddress> = []
        var pending = [address]
        while let next = pending.popLast() {
            for replica in fleet.replicas(of: next) where found.insert(replica).inserted { pending.append(replica) }
        }
        return found
    }
}
