import TestSupport
import Testing
import Topology

@testable import Refactoring

@Suite("Plans under the rules")
struct RuledPlanTests {
    private let planner = MovePlanner()

    @Test("in a healthy family each move is planned, by GTID and by position", arguments: Way.allCases)
    func healthy(way: Way) {
        let scene = RuleScene(Fleet.family(way))
        for (name, move) in GoldenPlanTests.moves {
            let ruled = planner.plan(move, in: scene)
            let permissive = MovePlanner.permissive.plan(move, in: scene)
            #expect((ruled.plan == nil) == (permissive.plan == nil), "\(name): \(ruled.reasons.map(\.sentence))")
        }
    }

    @Test("what the rules refuse comes as they said it")
    func refused() {
        let scene = RuleScene(Fleet.family(.mysqlGTID))
        let answer = planner.plan(.relocate(ReplicaChannel("db2"), below: "db4"), in: scene)
        guard case .refused(let reasons) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(reasons == scene.verdict(of: "db2", under: "db4", moving: ["db2"]).reasons)
        #expect(reasons.first?.rule == "move.cycle")
    }

    @Test("within a ring no move helps: a member has to follow nobody, or a server outside, which is legal")
    func withinRing() {
        let done = "\(InstanceAddress("db1").testUUID):1-100"
        let instances: [Instance] = [
            .source("db1", executed: done), .replica("db2", of: "db4", executed: done),
            .replica("db3", of: "db2", executed: done), .replica("db4", of: "db3", executed: done),
        ]
        let scene = RuleScene(Fleet(instances.map { (instance: Instance) in instance.following(.mysqlGTID) }))
        let within = planner.plan(.relocate(ReplicaChannel("db3"), below: "db4"), in: scene)
        #expect(within.reasons.first?.rule == "move.cycle")
        #expect(within.reasons.first?.remedies.contains(.command("baton reset-replica db3:3306")) == true)
        #expect(!within.reasons.flatMap(\.remedies).contains(.command("baton take-source db4:3306")))
        for operation in [ServerOperation.resetReplica(ReplicaChannel("db3")), .stopReplica(ReplicaChannel("db3"))] {
            #expect(planner.plan(operation, in: scene).plan != nil, "\(operation)")
        }
        #expect(planner.plan(.detach(ReplicaChannel("db3")), in: scene).plan != nil)
        #expect(planner.plan(.relocate(ReplicaChannel("db2"), below: "db1"), in: scene).plan != nil)
    }

    @Test(
        "nobody is moved to whom it follows already, and it is said how the connection is renewed",
        arguments: Way.allCases)
    func presentSource(way: Way) {
        let scene = RuleScene(Fleet.family(way))
        let moves: [(Move, String)] = [
            (.relocate(ReplicaChannel("db4"), below: "db2"), "baton repoint db4:3306"),
            (.relocateSubtree(ReplicaChannel("db4"), below: "db2"), "baton repoint db4:3306"),
            (.moveBelow(ReplicaChannel("db4"), sibling: "db2"), "baton repoint db4:3306"),
            (.relocateReplicas(of: "db2", only: nil, below: "db2"), "baton repoint-replicas db2:3306"),
        ]
        for (move, command) in moves {
            for planner in [planner, .permissive] {
                let answer = planner.plan(move, in: scene)
                #expect(answer.plan == nil && answer.reasons.map(\.rule) == ["move.noop"], "\(move): \(answer)")
                #expect(answer.reasons.first?.remedies.contains(.command(command)) == true, "\(answer.reasons)")
            }
        }
        #expect(planner.plan(.repoint(ReplicaChannel("db4"), to: nil), in: scene).plan != nil)
        #expect(planner.plan(.repoint(ReplicaChannel("db4"), to: "db2"), in: scene).plan != nil)
    }

    @Test("of a way that was not taken it is said once why, with what each of several moves says")
    func refusedOnce() throws {
        let plan = try #require(
            planner.plan(.relocate(ReplicaChannel("db4"), below: "db3"), in: RuleScene(.family(.mysqlPosition))).plan)
        let ways = plan.methodsRefused.map(\.method)
        #expect(Set(ways).count == ways.count, "\(ways)")
        let inPlace = try #require(plan.methodsRefused.first { $0.method == "in-place" })
        #expect(inPlace.reason == "db1:3306 is not the present source; db3:3306 is not the present source")
    }

    @Test("gaps are filled only where parallel appliers may leave some")
    func knownAppliers() throws {
        func fills(_ applier: ParallelApplier) throws -> Bool {
            let fleet = Fleet.family(.mysqlPosition).changing("db4") { $0.changed { $0.parallelApplier = applier } }
            let plan = try #require(
                MovePlanner.permissive.plan(.moveUp(ReplicaChannel("db4")), in: RuleScene(fleet)).plan)
            return plan.steps.filter { $0.instance == "db4" }.flatMap(\.commands).contains(
                .startReplication(channel: "", threads: .applier, until: .gapsFilled))
        }
        #expect(try fills(ParallelApplier(workers: 4, preservesCommitOrder: false)))
        #expect(try !fills(ParallelApplier(workers: 4, preservesCommitOrder: true)))
        #expect(try !fills(ParallelApplier(workers: 1, preservesCommitOrder: false)))
    }
}
