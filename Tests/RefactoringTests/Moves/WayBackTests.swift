import TestSupport
import Testing
import Topology

@testable import Refactoring

@Suite("Ways back under the rules")
struct WayBackTests {
    private let planner = MovePlanner()

    private func carriedOut(_ move: Move, on fleet: Fleet) throws -> (plan: Plan, after: Fleet) {
        let answer = planner.plan(move, in: RuleScene(fleet))
        let plan = try #require(answer.plan, "\(move): \(answer.reasons.map(\.sentence))")
        return (plan, plan.preview(on: fleet))
    }

    private func carriedOut(_ operation: ServerOperation, on fleet: Fleet) throws -> (plan: Plan, after: Fleet) {
        let answer = planner.plan(operation, in: RuleScene(fleet))
        let plan = try #require(answer.plan, "\(operation): \(answer.reasons.map(\.sentence))")
        return (plan, plan.preview(on: fleet))
    }

    private func confirmations(_ answer: PlanAnswer) -> [RuleID] {
        guard case .plan(_, .needsConfirmation(let reasons)) = answer else { return [] }
        return reasons.filter { $0.gravity == .confirm }.map(\.rule)
    }

    @Test("in a healthy family each move can be undone, and a detached replica had back", arguments: Way.allCases)
    func healthy(way: Way) throws {
        let family = Fleet.family(way)
        for (name, move) in GoldenPlanTests.moves {
            guard let plan = planner.plan(move, in: RuleScene(family)).plan else { continue }
            let after = plan.preview(on: family)
            guard after.shape != family.shape else { continue }
            let scene = RuleScene(after)
            let ruled = planner.undo(plan, in: scene)
            #expect(
                (ruled.plan == nil) == (MovePlanner.permissive.undo(plan, in: scene).plan == nil),
                "\(name): \(ruled.reasons.map(\.sentence))")
        }
        let detached = try carriedOut(.detach(ReplicaChannel("db4")), on: family).after
        let again = planner.plan(.reattach(ReplicaChannel("db4")), in: RuleScene(detached))
        #expect(again.plan?.preview(on: detached).shape == family.shape, "\(again.reasons.map(\.sentence))")
    }

    @Test("a detached replica that has errant transactions comes back with the confirmation that a move of it needs")
    func errantAttached() throws {
        let family = Fleet.family(.mysqlGTID).changing("db4") { replica in
            replica.changed { facts in
                guard case .mysql(var state) = facts.gtid else { return }
                state.executed.formUnion(GTIDSet(uuid: InstanceAddress("db4").testUUID, 1...3))
                facts.gtid = .mysql(state)
            }
        }
        let moved = planner.plan(.relocate(ReplicaChannel("db4"), below: "db1"), in: RuleScene(family))
        #expect(confirmations(moved) == ["gtid.errant-d"], "\(moved.reasons.map(\.sentence))")
        let (plan, detached) = try carriedOut(.detach(ReplicaChannel("db4")), on: family)
        for answer in [
            planner.undo(plan, in: RuleScene(detached)),
            planner.plan(.reattach(ReplicaChannel("db4")), in: RuleScene(detached)),
        ] {
            #expect(confirmations(answer) == ["gtid.errant-d"], "\(answer.reasons.map(\.sentence))")
            #expect(answer.reasons.first?.sentence.hasSuffix("that db2:3306 has not") == true, "\(answer.reasons)")
            #expect(answer.plan?.preview(on: detached).shape == family.shape)
        }
    }

    @Test("what somebody else changed since is not taken back, and it is said what it is", arguments: Way.allCases)
    func changedSince(way: Way) throws {
        let (stop, stopped) = try carriedOut(.stopReplica(ReplicaChannel("db4")), on: .family(way))
        #expect(planner.undo(stop, in: RuleScene(stopped)).plan != nil)
        let (_, started) = try carriedOut(.startReplica(ReplicaChannel("db4")), on: stopped)
        let (_, detached) = try carriedOut(.detach(ReplicaChannel("db4")), on: stopped)
        for (fleet, word) in [(started, "threads"), (detached, "detached")] {
            let answer = planner.undo(stop, in: RuleScene(fleet))
            guard case .refused(let reasons) = answer else {
                Issue.record("\(answer)")
                continue
            }
            #expect(reasons.map(\.rule) == ["undo.changed"] && !reasons[0].remedies.isEmpty)
            #expect(reasons.first?.sentence.contains(word) == true, "\(reasons)")
        }
    }

    @Test("a move is not undone where its old source has come below the replica meanwhile", arguments: Way.allCases)
    func ringByUndo(way: Way) throws {
        let (first, up) = try carriedOut(.moveUp(ReplicaChannel("db4")), on: .family(way))
        #expect(planner.undo(first, in: RuleScene(up)).plan != nil)
        let (_, below) = try carriedOut(.relocate(ReplicaChannel("db2"), below: "db4"), on: up)
        for planner in [planner, .permissive] {
            let answer = planner.undo(first, in: RuleScene(below))
            guard case .refused(let reasons) = answer else {
                Issue.record("\(answer)")
                continue
            }
            #expect(["move.ring", "move.cycle"].contains(reasons.first?.rule))
            #expect(reasons.allSatisfy { !$0.remedies.isEmpty })
        }
    }

    @Test("who may write is given back only after the confirmation that it needs")
    func confirmedByUndo() throws {
        let family = Fleet.family(.mysqlGTID)
        let writable = family.changing("db3") { $0.changed { $0.writability = .writable } }
        let (locking, locked) = try carriedOut(.setReadOnly("db3", semiSync: .leave), on: writable)
        #expect(confirmations(planner.undo(locking, in: RuleScene(locked))) == ["server.replica-writable"])

        let resting = family.changing("db1") { $0.changed { $0.writability = .superReadOnly } }
        let (opening, open) = try carriedOut(.setWritable("db1", semiSync: .leave), on: resting)
        #expect(confirmations(planner.undo(opening, in: RuleScene(open))) == ["server.stops-writes"])

        let (closing, closed) = try carriedOut(.setReadOnly("db1", semiSync: .leave), on: family)
        #expect(planner.undo(closing, in: RuleScene(closed)).reasons.isEmpty)
    }

    @Test("a move is not undone into a cluster that is read-only, or that another holds")
    func heldSideOfUndo() throws {
        let (plan, up) = try carriedOut(.moveUp(ReplicaChannel("db4")), on: .family(.mysqlGTID))
        var apart = up.changing("db2") { $0.withChannel { $0.source = "other1" } }
        apart.update(Instance.source("other1").following(.mysqlGTID))
        let cluster = try #require(apart.forest().cluster(of: "db2")?.id)
        #expect(cluster != apart.forest().cluster(of: "db4")?.id)
        for (holds, rule) in [
            (Holds(clusters: [cluster: "archive"]), "ro.mode" as RuleID), (Holds(locks: ["db2": "ann"]), "lock.other"),
        ] {
            let answer = planner.undo(plan, in: RuleScene(apart, now: .testNow, holds: holds))
            #expect(answer.plan == nil && answer.reasons.map(\.rule).contains(rule), "\(answer)")
        }
    }

    @Test("a move is not undone to a source that has purged what the replica needs")
    func purgedByUndo() throws {
        let (plan, up) = try carriedOut(.moveUp(ReplicaChannel("db4")), on: .family(.mysqlGTID))
        let purged = up.changing("db2") { source in
            source.changed { facts in
                facts.gtid = .mysql(
                    MySQLGTIDState(
                        mode: .on, executed: .test("11111111-1111-1111-1111-111111111111:1-900"),
                        purged: .test("11111111-1111-1111-1111-111111111111:1-800")))
            }
        }
        #expect(planner.undo(plan, in: RuleScene(purged)).reasons.first?.rule == "gtid.purged")
    }

    @Test("a replica is not attached again below a server that has come below it", arguments: Way.allCases)
    func ringByReattaching(way: Way) throws {
        let (detaching, detached) = try carriedOut(.detach(ReplicaChannel("db4")), on: .family(way))
        let below = detached.changing("db2") { $0.withChannel { $0.source = "db4" } }
        for planner in [planner, .permissive] {
            for answer in [
                planner.plan(.reattach(ReplicaChannel("db4")), in: RuleScene(below)),
                planner.undo(detaching, in: RuleScene(below)),
            ] {
                #expect(answer.plan == nil && answer.reasons.first?.rule == "move.ring", "\(answer)")
                #expect(answer.reasons.allSatisfy { !$0.remedies.isEmpty })
            }
        }
    }

    @Test("a replica is not attached again in a read-only cluster, nor below a server that is gone")
    func heldSideOfReattaching() throws {
        let (_, detached) = try carriedOut(.detach(ReplicaChannel("db4")), on: .family(.mysqlGTID))
        let cluster = try #require(detached.forest().cluster(of: "db2")?.id)
        let move = Move.reattach(ReplicaChannel("db4"))
        let scene = RuleScene(detached, now: .testNow, holds: Holds(clusters: [cluster: "archive"]))
        #expect(planner.plan(move, in: scene).reasons.map(\.rule) == ["ro.mode"])
        let gone = detached.changing("db4") { $0.withChannel { $0.detachedFrom = "db9" } }
        #expect(planner.plan(move, in: RuleScene(gone)).reasons.map(\.rule) == ["move.unknown-server"])
    }

    @Test("what was written on a replica while it was detached refuses it by GTID, and has to be confirmed by position")
    func writtenWhileDetached() throws {
        let move = Move.reattach(ReplicaChannel("db4"))
        func detached(_ way: Way) throws -> Fleet {
            try carriedOut(.detach(ReplicaChannel("db4")), on: .family(way)).after
                .changing("db4") { $0.changed { $0.writability = .writable } }
        }
        let own = try detached(.mysqlGTID).changing("db4") { replica in
            replica.changed { facts in
                guard case .mysql(var state) = facts.gtid, let uuid = facts.identity.serverUUID else { return }
                state.executed = state.executed.union(.test("\(uuid):1-5"))
                facts.gtid = .mysql(state)
            }
        }
        #expect(planner.plan(move, in: RuleScene(own)).reasons.first?.rule == "gtid.errant-d")
        let scene = RuleScene(try detached(.mysqlPosition))
        #expect(confirmations(planner.plan(move, in: scene)).contains("server.replica-writable"))
    }

    @Test(
        "a co-primary that was detached or moved comes back into the ring that it left, as that was, and into no other",
        arguments: [Way.mysqlGTID, .mariadbGTID])
    func backIntoRing(way: Way) throws {
        let pair = try carriedOut(.makeCoPrimary(ReplicaChannel("db2")), on: .family(way)).after
            .changing("db1") { $0.withChannel { $0.executed = BinlogPosition(file: "binlog.000007", offset: 4711) } }
        let (detaching, detached) = try carriedOut(.detach(ReplicaChannel("db1")), on: pair)
        let ring = try #require(detaching.ringsLeft?.first)
        #expect(ring.leaver.instance == "db1" && ring.partner.instance == "db2" && detaching.ringsLeft?.count == 1)
        let knowing = MovePlanner(rings: [ring])
        let reattach = Move.reattach(ReplicaChannel("db1"))
        #expect(planner.plan(reattach, in: RuleScene(detached)).reasons.first?.rule == "move.ring")
        for answer in [
            knowing.plan(reattach, in: RuleScene(detached)), planner.undo(detaching, in: RuleScene(detached)),
        ] {
            let plan = try #require(answer.plan, "\(answer.reasons)")
            #expect(plan.preview(on: detached).shape == pair.shape)
        }
        // Another one of its replicas follows it too, and feeds the partner.
        let longer = detached.changing("db2") { $0.withChannel { $0.source = "db3" } }
        let other = detached.changing("db2") { $0.withChannel { $0.name = "another" } }
        for changed in [longer, other] {
            for answer in [
                knowing.plan(reattach, in: RuleScene(changed)), planner.undo(detaching, in: RuleScene(changed)),
            ] { #expect(answer.plan == nil && answer.reasons.first?.rule == "move.ring", "\(answer)") }
        }
    }

    @Test(
        "a move that takes two co-primaries apart is undone into their ring, as long as that stands",
        arguments: Way.allCases)
    func movedOutOfRing(way: Way) throws {
        var pair = try carriedOut(.makeCoPrimary(ReplicaChannel("db2")), on: .family(way)).after
            .changing("db1") { $0.withChannel { $0.executed = BinlogPosition(file: "binlog.000007", offset: 4711) } }
        pair.update(Instance.source("db9").following(way))
        let move = Move.relocate(ReplicaChannel("db1"), below: "db9")
        guard let plan = MovePlanner.permissive.plan(move, in: RuleScene(pair)).plan else {
            // By position there is no way there, and MariaDB's way is to wait for the source above both.
            #expect(way != .mysqlGTID)
            return
        }
        #expect(plan.ringsLeft?.map(\.leaver.instance) == ["db1"])
        let apart = plan.preview(on: pair)
        let answer = MovePlanner.permissive.undo(plan, in: RuleScene(apart))
        let back = try #require(answer.plan, "\(answer.reasons)")
        #expect(back.preview(on: apart).shape == pair.shape)
        #expect(back.ringsClosed == plan.ringsLeft)
        // Rolled back in its middle, too: the executor refuses what would make any other ring.
        #expect(plan.inverse(on: .rollBack).ringsClosed == plan.ringsLeft)
        let longer = apart.changing("db2") { $0.withChannel { $0.source = "db3" } }
        let refused = MovePlanner.permissive.undo(plan, in: RuleScene(longer))
        #expect(refused.plan == nil && refused.reasons.first?.rule == "move.ring", "\(refused)")
    }

    @Test("two co-primaries are had back by undoing the end of it")
    func coPrimaries() throws {
        let (making, pair) = try carriedOut(.makeCoPrimary(ReplicaChannel("db2")), on: .family(.mysqlGTID))
        #expect(planner.undo(making, in: RuleScene(pair)).plan != nil)
        let (ending, apart) = try carriedOut(.endCoPrimary(ReplicaChannel("db1")), on: pair)
        let answer = planner.undo(ending, in: RuleScene(apart))
        #expect(answer.plan?.preview(on: apart).shape == pair.shape, "\(answer.reasons.map(\.sentence))")
    }

    @Test("the end of two co-primaries is undone also where the one that writes is the one that stayed")
    func writablePartner() throws {
        let (_, pair) = try carriedOut(.makeCoPrimary(ReplicaChannel("db2")), on: .family(.mysqlGTID))
        let (ending, apart) = try carriedOut(.endCoPrimary(ReplicaChannel("db2")), on: pair)
        #expect(apart["db1"]?.facts?.writability == .writable)
        let answer = planner.undo(ending, in: RuleScene(apart))
        #expect(answer.plan?.preview(on: apart).shape == pair.shape, "\(answer.reasons.map(\.sentence))")
    }

    @Test("where some clusters are read-only, a server that was never read is not touched")
    func unseen() {
        let scene = RuleScene(Fleet(), now: .testNow, holds: Holds(unseen: "a mark"))
        let reasons = scene.objectionsToTouching(["db1"])
        #expect(reasons.map(\.rule) == ["ro.mode"])
        #expect(reasons.first?.sentence.contains("was not read yet") == true)
        #expect(RuleScene(.family(.mysqlGTID), now: .testNow, holds: scene.holds).objectionsToTouching(["db1"]).isEmpty)
        #expect(RuleScene(Fleet()).objectionsToTouching(["db1"]).isEmpty)
    }
}
