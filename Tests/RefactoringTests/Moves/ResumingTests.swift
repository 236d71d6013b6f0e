import TestSupport
import Testing
import Topology

@testable import Refactoring

@Suite("Going on with a plan, and taking it back")
struct ResumingTests {
    private func plan(_ move: Move, _ way: Way, _ change: (Fleet) -> Fleet = { $0 }) throws -> (Plan, Fleet) {
        let fleet = change(Fleet.family(way))
        return (try #require(MovePlanner.permissive.plan(move, in: RuleScene(fleet)).plan), fleet)
    }

    private func finding(_ fleet: Fleet) -> (Step, Refactoring.Expectation) -> Refactoring.Expectation.Finding {
        { step, expectation in
            guard let facts = fleet[step.instance]?.facts else { return .holds }
            return expectation.finding(in: facts, fleet: fleet)
        }
    }

    @Test("a server that a restart has set going again is stopped again before its place is believed")
    func disturbance() throws {
        let (plan, fleet) = try plan(.disableGTID(ReplicaChannel("db3")), .mysqlGTID)
        // Stopped; the change was begun and did not happen; a restart has started both threads.
        #expect(plan.disturbedSteps(done: [0], begun: [1], finding(fleet)) == [0])
        let stopped = fleet.changing("db3") { $0.stopped() }
        #expect(plan.disturbedSteps(done: [0], begun: [1], finding(stopped)).isEmpty)
        // The change happened, and it replicates from its new place: nothing is needed any more.
        let changed = plan.preview(on: fleet)
        #expect(plan.disturbedSteps(done: [0], begun: [1], finding(changed)).isEmpty)
        #expect(plan.steps[1].changesOnly && !plan.steps[0].changesOnly)
    }

    @Test("a replica that was led elsewhere and still connects there is not stopped as below its old source once more")
    func stillConnecting() throws {
        let fleet = Fleet.family(.mysqlGTID)
        let stop = Step(
            stage: 1, on: "db3", "stop receiving", preconditions: [.follows("db1", channel: "")],
            commands: [.stopReplication(channel: "", threads: .receiver)], observes: [],
            proof: [.stopped(.receiver, channel: "")], timeLimit: .seconds(10))
        let lead = Step(
            stage: 2, on: "db3", "follow db2",
            preconditions: [.follows("db1", channel: ""), .stopped(.receiver, channel: "")],
            commands: [
                .changeSource(channel: "", SourceChange(source: "db2", positioning: .autoPosition)),
                .startReplication(channel: ""),
            ], observes: [], proof: [.follows("db2", channel: ""), .replicates(channel: "")], timeLimit: .seconds(10))
        let (other, _) = try plan(.relocate(ReplicaChannel("db3"), below: "db2"), .mysqlGTID)
        var plan = other
        plan.steps = [stop, lead]
        // The change took effect, and the receiver is on its way.
        let led = fleet.changing("db3") { $0.withChannel { ($0.source, $0.receiver) = ("db2", .connecting) } }
        #expect(plan.disturbedSteps(done: [0], begun: [1], finding(led)).isEmpty)
        // It did not, and a restart has set the receiver going.
        #expect(plan.disturbedSteps(done: [0], begun: [1], finding(fleet)) == [0])
    }

    @Test("a limit that is given later counts for what waits for appliers, besides what they are behind, and no other")
    func laterLimit() throws {
        let (plan, fleet) = try plan(.moveUp(ReplicaChannel("db4")), .mysqlPosition)
        let run = try #require(plan.steps.firstIndex { $0.purpose.hasPrefix("run to") })
        let behind = fleet.changing("db4") { $0.withChannel { $0.lag = Lag(measured: .seconds(40)) } }
        let later = plan.waiting(atMost: .seconds(7), in: behind)
        #expect(later.steps[run].timeLimit == .seconds(47))
        #expect(plan.waiting(atMost: .seconds(7), in: Fleet()).steps[run].timeLimit == .seconds(7))
        #expect(later.withoutLimits == plan.withoutLimits)
        for index in plan.steps.indices where plan.steps[index].timeLimit == PlanLimits().statement {
            #expect(later.steps[index].timeLimit == plan.steps[index].timeLimit)
        }
    }

    @Test("a source that goes on by itself makes the place in its log old, and all steps that rely on it")
    func staleEnd() throws {
        let (plan, fleet) = try plan(.moveUp(ReplicaChannel("db4")), .mysqlPosition)
        let run = try #require(plan.steps.firstIndex { $0.purpose.hasPrefix("run to") })
        let before = Set(plan.steps.indices.filter { plan.steps[$0].stage < plan.steps[run].stage })
        let stopped = fleet.changing("db4") { $0.stopped() }
        #expect(plan.disturbedSteps(done: before, begun: [], finding(stopped)) == before)
    }

    @Test(
        "a target that was restarted before it ran to where the replica stands is stopped again, and the two meet anew")
    func restartedTarget() throws {
        let (plan, fleet) = try plan(.relocate(ReplicaChannel("db3"), below: "db2"), .mysqlPosition)
        let run = try #require(
            plan.steps.firstIndex { $0.instance == "db2" && $0.purpose.hasPrefix("run to") })
        let before = Set(plan.steps.indices.filter { plan.steps[$0].stage < plan.steps[run].stage })
        let stopped = fleet.changing("db3") { $0.stopped() }
        for begun in [[], [run]] as [Set<Int>] {
            #expect(plan.disturbedSteps(done: before, begun: begun, finding(stopped)) == before)
        }
        let both = stopped.changing("db2") { $0.stopped() }
        #expect(plan.disturbedSteps(done: before, begun: [], finding(both)).isEmpty)
    }

    @Test(
        "who receives without applying is proved by its receiver too, and who applies without receiving by its applier")
    func oneThread() throws {
        func replica(_ change: @escaping (inout ReplicationChannel) -> Void) -> (Fleet) -> Fleet {
            { $0.changing("db3") { $0.withChannel(change) } }
        }
        let (receiving, _) = try plan(
            .relocate(ReplicaChannel("db3"), below: "db2"), .mysqlGTID, replica { $0.applier = .stopped })
        #expect(receiving.steps[0].proof.contains(.started(.receiver, channel: "")))
        let (applying, _) = try plan(
            .relocate(ReplicaChannel("db3"), below: "db2"), .mysqlGTID, replica { $0.receiver = .stopped })
        #expect(applying.steps[0].proof.contains(.started(.applier, channel: "")))
        let broken = replica { channel in
            channel.applier = .stopped
            channel.applierError = ReplicationError(code: 1062, message: "Duplicate entry")
        }(Fleet.family(.mysqlGTID))
        let facts = try #require(broken["db3"]?.facts)
        #expect(
            Refactoring.Expectation.started(.applier, channel: "").finding(in: facts)
                == .hopeless("its applier stopped with error 1062: Duplicate entry"))
        #expect(Refactoring.Expectation.started(.receiver, channel: "").finding(in: facts) == .holds)
    }

    @Test("broken off between its stop and its start, a restart or a repoint in place is taken back by a start")
    func inPlace() throws {
        let (repoint, _) = try plan(.repoint(ReplicaChannel("db3"), to: nil), .mysqlGTID)
        #expect(repoint.steps.map(\.inverse) == [[.startReplication(channel: "")]])
        let restart = MovePlanner.permissive.plan(
            .restartReplica(ReplicaChannel("db3")), in: RuleScene(Fleet.family(.mysqlGTID)))
        #expect(restart.plan?.steps.map(\.inverse) == [[.startReplication(channel: "")]])
    }

    @Test("the end of a log stands for a place only while its server is as unwritable as it was seen")
    func writableStandIn() throws {
        for move in [Move.moveUp(ReplicaChannel("db4")), .moveBelow(ReplicaChannel("db4"), sibling: "db5")] {
            let (plan, _) = try plan(move, .mysqlPosition)
            let readers = plan.steps.filter { step in step.observes.contains { $0.quantity == .binaryLogEnd } }
            #expect(readers.count == 1)
            #expect(readers.allSatisfy { $0.preconditions.contains(.writability(.superReadOnly)) })
        }
    }

    @Test("a channel that says no place can't be left to one")
    func unknownPlace() {
        let fleet = Fleet.family(.mysqlGTID).changing("db3") { $0.withChannel { $0.executed = nil } }
        let answer = MovePlanner.permissive.plan(.disableGTID(ReplicaChannel("db3")), in: RuleScene(fleet))
        #expect(answer.reasons.map(\.rule) == ["replica.place-unknown"])
    }

    @Test("a source is not made to follow a replica that has another source, whose transactions it would get")
    func coPrimaryOfTwo() {
        let fleet = Fleet.family(.mysqlGTID).changing("db2") { replica in
            replica.changed { facts in
                var second = facts.channels[0]
                (second.name, second.source) = ("second", "db9")
                facts.channels.append(second)
            }
        }
        let answer = MovePlanner.permissive.plan(
            .makeCoPrimary(ReplicaChannel("db2", channel: "")), in: RuleScene(fleet))
        #expect(answer.reasons.map(\.rule) == ["move.co-primary-channels"])
    }

    @Test("a rollback takes no offence at threads that a restart has started, unless it goes back to a place")
    func leniency() throws {
        let (byGTID, _) = try plan(.detach(ReplicaChannel("db3")), .mysqlGTID)
        #expect(
            !byGTID.inverse(on: .rollBack).steps[0].preconditions.contains(.stopped(.both, channel: ""))
                && byGTID.inverse().steps[0].preconditions.contains(.stopped(.both, channel: "")))
        let (byPlace, _) = try plan(.detach(ReplicaChannel("db3")), .mysqlPosition)
        #expect(byPlace.inverse(on: .rollBack).steps[0].preconditions.contains(.stopped(.both, channel: "")))
    }
}
