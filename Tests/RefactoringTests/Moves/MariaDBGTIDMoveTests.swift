import TestSupport
import Testing
import Topology

@testable import Refactoring

/// A MariaDB source refuses a replica that asks for what it has not logged (error 1236), and the receiver stops for good.
@Suite("Moves by MariaDB GTID")
struct MariaDBGTIDMoveTests {
    private let fleet = Fleet.family(.mariadbGTID)

    private func answer(_ move: Move, _ fleet: Fleet) -> PlanAnswer {
        MovePlanner.permissive.plan(move, in: RuleScene(fleet))
    }

    private func waits(_ plan: Plan?) -> [InstanceAddress] {
        (plan?.steps ?? []).filter { step in
            step.commands.contains { if case .wait = $0 { true } else { false } }
        }.map(\.instance)
    }

    private func waitsOnTheWayBack(_ plan: Plan?) -> [InstanceAddress] {
        (plan?.steps ?? []).filter { step in
            step.inverse.contains { if case .wait = $0 { true } else { false } }
        }.map(\.instance)
    }

    @Test("a sibling is waited for while the replica stands still, and the common source is not")
    func sibling() {
        let plan = answer(.relocate(ReplicaChannel("db3"), below: "db2"), fleet).plan
        #expect(waits(plan) == ["db2"])
        #expect(plan?.steps.first?.commands == [.stopReplication(channel: "")])
        #expect(plan?.steps.first?.observes == [Observation(.replicaPosition, of: "db3")])
        #expect(waitsOnTheWayBack(plan).isEmpty)
    }

    @Test("a server above has all that the replica has; the way back waits for the source that was left")
    func upward() throws {
        let plan = try #require(answer(.moveUp(ReplicaChannel("db4")), fleet).plan)
        #expect(waits(plan).isEmpty)
        #expect(waitsOnTheWayBack(plan) == ["db2"])
        let inverse = plan.inverse()
        let stop = try #require(inverse.steps.firstIndex { $0.commands == [.stopReplication(channel: "")] })
        let wait = try #require(inverse.steps.firstIndex { $0.instance == "db2" && !$0.commands.isEmpty })
        let change = try #require(
            inverse.steps.firstIndex { $0.commands.contains { if case .changeSource = $0 { true } else { false } } })
        #expect(stop < wait && wait < change)
        #expect(
            inverse.steps[stop].observes == [Observation(.replicaPosition, of: "db4")], "where it stands now counts")
    }

    @Test("a target that does not replicate, or gets nothing from above, is refused unless it has everything already")
    func restingTarget() {
        let resting = fleet.changing("db2") { $0.stopped() }
        guard case .refused(let reasons) = answer(.relocate(ReplicaChannel("db3"), below: "db2"), resting) else {
            Issue.record("it would wait for ever")
            return
        }
        #expect(reasons.flatMap(\.remedies).contains(.command("baton start-replica db2:3306")))
        #expect(
            answer(.relocate(ReplicaChannel("db3"), below: "db4"), resting).plan == nil, "db4 gets nothing from db2")
        let both = resting.changing("db3") { $0.stopped() }
        #expect(answer(.relocate(ReplicaChannel("db3"), below: "db2"), both).plan?.steps.count == 1)
    }

    /// db2, db3 and db4 replicate round, because somebody led db2 away from db1.
    private var ring: Fleet {
        Fleet(
            [
                .source("db1"), .replica("db2", of: "db4"), .replica("db3", of: "db2"), .replica("db4", of: "db3"),
            ].map { (instance: Instance) in instance.following(.mariadbGTID) })
    }

    @Test("a member of a ring leaves it for a server that has all it has, which is looked at while it stands still")
    func outOfRing() throws {
        let plan = try #require(answer(.relocate(ReplicaChannel("db2"), below: "db1"), ring).plan)
        #expect(waits(plan).isEmpty)
        let look = try #require(plan.steps.first { $0.instance == "db1" && $0.commands.isEmpty && !$0.proof.isEmpty })
        #expect(look.proof == [.hasReached(.observed(Observation(.replicaPosition, of: "db2")))])
        #expect(plan.preview(on: ring).source(of: "db2") == "db1")
        #expect(plan.objectionToTakingBack(Array(plan.steps.indices)) != nil, "it would be a ring again")
        let ahead = ring.changing("db2") { instance in
            instance.changed { facts in
                let position = GTIDPosition([MariaDBGTID(domain: 0, server: 4, sequence: 101)])
                facts.gtid = .mariadb(
                    MariaDBGTIDState(
                        binlogPosition: position, replicaPosition: position,
                        binlogState: GTIDBinlogState(position.gtids), isStrict: true))
            }
        }
        #expect(answer(.relocate(ReplicaChannel("db2"), below: "db1"), ahead).plan == nil, "db1 never gets it")
    }

    @Test("below a writable server a replica is kept by that, and the refusal says so")
    func writableSource() throws {
        let writable = fleet.changing("db2") { $0.changed { $0.writability = .writable } }
        for move in [Move.moveUp(ReplicaChannel("db4")), .relocate(ReplicaChannel("db4"), below: "db3")] {
            let refused = answer(move, writable)
            #expect(refused.plan == nil)
            #expect(
                refused.reasons.flatMap(\.remedies).contains(.command("baton set-read-only db2:3306")), "\(refused)")
        }
        #expect(answer(.moveUp(ReplicaChannel("db4")), fleet).plan != nil)
    }

    @Test(
        "a channel of several moves up where nobody else brings its domains, and not to who would have to be waited for"
    )
    func severalSources() {
        func several(_ domain: UInt32) -> Fleet {
            var fleet = fleet.changing("db4") { replica in
                replica.changed { facts in
                    facts.channels.append(facts.channels[0])
                    facts.channels[1].name = "other"
                    facts.channels[1].source = "db9"
                }
            }
            let position = GTIDPosition([MariaDBGTID(domain: domain, server: 9, sequence: 7)])
            fleet.update(
                Instance.source("db9").following(.mariadbGTID).changed { facts in
                    facts.gtid = .mariadb(
                        MariaDBGTIDState(
                            binlogPosition: position, binlogState: GTIDBinlogState(position.gtids), isStrict: true))
                })
            return fleet
        }
        let up = Move.relocate(ReplicaChannel("db4", channel: ""), below: "db1")
        #expect(answer(up, several(5)).plan != nil, "\(answer(up, several(5)))")
        #expect(answer(up, several(0)).plan == nil)
        let aside = answer(.relocate(ReplicaChannel("db4", channel: ""), below: "db3"), several(5))
        #expect(aside.plan == nil)
        #expect("\(aside.reasons)".contains("db4:3306 has several sources"), "\(aside)")
    }

    @Test("a replica that leaves a source which no longer replicates can't go back, and the plan says so")
    func closedWayBack() throws {
        let resting = fleet.changing("db2") { $0.stopped() }
        let plan = try #require(answer(.moveUp(ReplicaChannel("db4")), resting).plan)
        let objection = plan.objectionToTakingBack(Array(plan.steps.indices))
        #expect(objection?.hasPrefix("db2:3306 would refuse db4:3306") == true)
        #expect(plan.objectionToTakingBack([0]) == nil, "as long as it has not run under the new source it can")
    }

    @Test("where a co-primary writes, what the replica has did not all come over the other")
    func coPrimaries() {
        let ring = fleet.changing("db1") { primary in
            primary.changed { facts in
                facts.channels = fleet["db2"]?.channels ?? []
                facts.channels[0].source = "db2"
            }
        }
        #expect(waits(answer(.relocate(ReplicaChannel("db3"), below: "db2"), ring).plan) == ["db2"])
    }

    @Test("a plan is undone by a new one that waits, and refused where the old source can't come after the replica")
    func undo() throws {
        let planner = MovePlanner.permissive
        let plan = try #require(answer(.moveUp(ReplicaChannel("db4")), fleet).plan)
        let after = plan.preview(on: fleet)
        #expect(waits(planner.undo(plan, in: RuleScene(after)).plan) == ["db2"])
        let broken = after.changing("db2") { $0.stopped() }
        #expect(planner.undo(plan, in: RuleScene(broken)).plan == nil)
    }

    @Test("a server that a whole group waits for is asked about all of them in one step")
    func groupWaits() throws {
        let plan = try #require(answer(.relocateReplicas(of: "db2", only: nil, below: "db3"), fleet).plan)
        let waiting = plan.steps.filter { $0.instance == "db3:3306" && !$0.commands.isEmpty }
        #expect(waiting.map(\.purpose) == ["have what the 2 replicas have"])
        #expect(waiting.flatMap(\.commands).count == 2)
        #expect(waiting.flatMap(\.proof).count == 2)
        #expect(waiting.first?.waitsFor == "db3:3306 to apply what the 2 replicas have")
        let back = plan.steps.filter { $0.instance == "db2:3306" && !$0.inverse.isEmpty }
        #expect(back.map(\.inverse.count) == [2])
    }

    @Test("a replica that stands still until another has caught up is said to, with how long that may take")
    func laggard() throws {
        let behind = fleet.changing("db3") { $0.withChannel { $0.lag = Lag(measured: .seconds(13)) } }
        let plan = try #require(answer(.moveBelow(ReplicaChannel("db2"), sibling: "db3"), behind).plan)
        #expect(
            plan.standstills(in: behind).map(\.laggard) == [Laggard(instance: "db3:3306", behind: .seconds(13))])
        #expect(plan.standstills(in: fleet).map(\.laggard) == [nil])
    }

    @Test("a group is undone as a whole or not at all")
    func wholeUndo() throws {
        let planner = MovePlanner.permissive
        let plan = try #require(answer(.relocateReplicas(of: "db2", only: nil, below: "db3"), fleet).plan)
        let after = plan.preview(on: fleet).changing("db4") { $0.withChannel { $0.positioning = .autoPosition } }
        #expect(planner.undo(plan, in: RuleScene(after)).plan == nil)
    }

    @Test("what goes by current_pos is told so again when it comes back")
    func currentPosition() throws {
        let current = fleet.changing("db3") { $0.withChannel { $0.positioning = .currentPosition } }
        for move in [Move.disableGTID(ReplicaChannel("db3")), .detach(ReplicaChannel("db3"))] {
            let plan = try #require(answer(move, current).plan)
            let back = plan.steps.flatMap(\.inverse).compactMap { command -> SourcePositioning? in
                if case .changeSource(_, let change) = command { change.positioning } else { nil }
            }
            #expect(back == [.currentPosition], "\(move.verb)")
        }
        let dialect = CommandDialect(Way.mariadbGTID.version)
        let text = try dialect.statements(
            for: .changeSource(channel: "", SourceChange(source: "db1", positioning: .currentPosition))
        ).map(\.text)
        #expect(text == ["CHANGE MASTER TO MASTER_HOST = 'db1', MASTER_PORT = 3306, MASTER_USE_GTID = current_pos"])
    }

    @Test("by current_pos, a server that has written itself is not made to connect anew to a source that lacks that")
    func ownWrites() {
        let position = GTIDPosition([
            MariaDBGTID(domain: 0, server: InstanceAddress(host: "db3").testServerID, sequence: 101)
        ])
        let current = fleet.changing("db3") { replica in
            replica.changed { facts in
                facts.channels[0].positioning = .currentPosition
                if case .mariadb(var state) = facts.gtid {
                    state.currentPosition = position
                    facts.gtid = .mariadb(state)
                }
            }
        }
        let scene = RuleScene(current)
        for answer in [
            MovePlanner.permissive.plan(.restartReplica(ReplicaChannel("db3")), in: scene),
            MovePlanner.permissive.plan(.delayReplication(ReplicaChannel("db3"), .seconds(5)), in: scene),
            MovePlanner.permissive.plan(.repoint(ReplicaChannel("db3"), to: nil), in: scene),
        ] {
            #expect(answer.reasons.map { $0.rule } == ["gtid.own-writes"])
        }
    }
}
