import TestSupport
import Testing
import Topology

@testable import Refactoring

@Suite("Previews and inverses")
struct PreviewTests {
    private let planner = MovePlanner.permissive

    private func after(_ move: Move, _ fleet: Fleet) throws -> Fleet {
        try #require(planner.plan(move, in: RuleScene(fleet)).plan).preview(on: fleet)
    }

    @Test("each move leads to the tree that was asked for, by each method", arguments: Way.allCases)
    func trees(way: Way) throws {
        let family = Fleet.family(way)
        let asked: [(Move, [InstanceAddress: InstanceAddress])] = [
            (.relocate(ReplicaChannel("db3"), below: "db2"), ["db3": "db2"]),
            (.relocate(ReplicaChannel("db4"), below: "db3"), ["db4": "db3"]),
            (.relocateSubtree(ReplicaChannel("db2"), below: "db3"), ["db2": "db3"]),
            (.relocateReplicas(of: "db2", only: nil, below: "db1"), ["db4": "db1", "db5": "db1"]),
            (.relocateReplicas(of: "db2", only: ["db5"], below: "db3"), ["db5": "db3"]),
            (.moveUp(ReplicaChannel("db4")), ["db4": "db1"]),
            (.moveUpReplicas(of: "db2", only: ["db4"]), ["db4": "db1"]),
            (.moveBelow(ReplicaChannel("db4"), sibling: "db5"), ["db4": "db5"]),
            (.repoint(ReplicaChannel("db4"), to: nil), [:]),
            (.repointReplicas(of: "db2", only: nil), [:]),
            (.takeSource(ReplicaChannel("db4")), ["db4": "db1", "db2": "db4"]),
            (.takeSiblings(ReplicaChannel("db4")), ["db5": "db4"]),
            (.makeCoPrimary(ReplicaChannel("db2")), ["db1": "db2"]),
            (.regroup(of: "db2"), ["db5": "db4"]),
        ]
        for (move, sources) in asked {
            let after = try after(move, family)
            for address in family.addresses {
                #expect(
                    after.source(of: address) == sources[address] ?? family.source(of: address), "\(move) \(address)")
                let channel = after[address]?.channels.first
                #expect(channel?.isReplicating ?? true, "\(move) leaves \(address) stopped")
                if address != "db1" { #expect(channel?.positioning == way.positioning) }
            }
        }
    }

    @Test("a replica that was stopped is moved and stays stopped, one whose receiver alone ran too")
    func stoppedStays() throws {
        let fleet = Fleet.family(.mysqlGTID).changing("db3") { $0.stopped() }
            .changing("db4") { $0.withChannel { $0.applier = .stopped } }
        let stopped = try after(.relocate(ReplicaChannel("db3"), below: "db2"), fleet)["db3"]?.channels.first
        #expect(stopped?.receiver == .stopped && stopped?.applier == .stopped && stopped?.source == "db2")
        let half = try after(.relocate(ReplicaChannel("db4"), below: "db1"), fleet)["db4"]?.channels.first
        #expect(half?.receiver == .running && half?.applier == .stopped)
    }

    @Test("undone, each move restores the fleet, by its steps or by a new plan", arguments: Way.allCases)
    func undo(way: Way) throws {
        let family = Fleet.family(way)
        for (name, move) in GoldenPlanTests.moves {
            guard let plan = planner.plan(move, in: RuleScene(family)).plan else { continue }
            let after = plan.preview(on: family)
            // A repointed replica is where it was.
            guard after.shape != family.shape else { continue }
            let undo = try #require(planner.undo(plan, in: RuleScene(after)).plan, "\(name) can't be undone")
            #expect(undo.preview(on: after).shape == family.shape, "\(name)")
            #expect(undo.verb == "undo")
        }
    }

    @Test("a move by position is taken back by its steps until the replica was started, and then no more")
    func staleInverse() throws {
        let family = Fleet.family(.mysqlPosition)
        let plan = try #require(planner.plan(.moveUp(ReplicaChannel("db4")), in: RuleScene(family)).plan)
        let changed = try #require(
            plan.steps.firstIndex { $0.proof.contains(.follows("db1", channel: "")) && $0.instance == "db4" })
        for count in 1...plan.steps.count {
            switch plan.takingBack(first: count) {
            case .plan(let inverse):
                #expect(count <= changed + 1)
                let half = Plan(
                    intent: "", verb: "", method: "", steps: Array(plan.steps.prefix(count)))
                #expect(inverse.preview(on: half.preview(on: family)).shape == family.shape, "after \(count) steps")
            case .refused(let sentence):
                #expect(count > changed + 1)
                #expect(sentence.contains("no longer stands where it did"))
            }
        }
    }

    @Test("detaching marks the source so that it can be had back, by position where the replica stood")
    func detaching() throws {
        let family = Fleet.family(.mariadbPosition)
        let plan = try #require(planner.plan(.detach(ReplicaChannel("db4")), in: RuleScene(family)).plan)
        let detached = plan.preview(on: family)
        #expect(detached["db4"]?.channels.first?.source == nil)
        #expect(detached["db4"]?.channels.first?.detachedFrom == "db2")
        let place = Observation(.executedPosition, of: "db4")
        guard case .changeSource(_, let change)? = plan.steps.last?.commands.first else {
            Issue.record("no change")
            return
        }
        #expect(change.rawHost == "//db2")
        #expect(change.positioning == .binlog(.observed(place)))
        let again = try after(.reattach(ReplicaChannel("db4")), detached)
        #expect(again.shape == family.shape)
    }

    @Test("what only looks the same before and after is carried out again when a plan is resumed")
    func conclusiveProof() throws {
        let plan = try #require(
            planner.plan(.moveUp(ReplicaChannel("db4")), in: RuleScene(.family(.mysqlPosition))).plan)
        for step in plan.steps {
            let runsUntil = step.commands.contains { command in
                if case .startReplication(_, _, .some) = command { true } else { false }
            }
            #expect(step.isProofConclusive != runsUntil, "\(step.purpose)")
        }
    }

    @Test("every step has a time limit, and one that waits says for what", arguments: Way.allCases)
    func limits(way: Way) throws {
        for (_, move) in GoldenPlanTests.moves {
            guard let plan = planner.plan(move, in: RuleScene(.family(way))).plan else { continue }
            for step in plan.steps {
                #expect(step.timeLimit > .zero && step.timeLimit < .seconds(600))
                let waits = step.commands.contains { command in
                    if case .startReplication(_, let threads, let until) = command {
                        until != nil || threads != .applier
                    } else {
                        false
                    }
                }
                #expect(!waits || step.waitsFor != nil, "\(step.purpose)")
                #expect(step.preconditions.contains { if case .identity = $0 { true } else { false } })
            }
        }
    }
}
