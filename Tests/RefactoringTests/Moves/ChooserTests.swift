import TestSupport
import Testing
import Topology

@testable import Refactoring

@Suite("The choice of a method")
struct ChooserTests {
    private func plan(_ move: Move, _ fleet: Fleet, _ planner: MovePlanner = .permissive) -> Plan? {
        planner.plan(move, in: RuleScene(fleet)).plan
    }

    private func refusal(_ move: Move, _ fleet: Fleet) -> [RuleID] {
        guard case .refused(let reasons) = MovePlanner.permissive.plan(move, in: RuleScene(fleet)) else { return [] }
        return reasons.map(\.rule)
    }

    @Test("it says which it took, and why not those before it", arguments: Way.allCases)
    func explanation(way: Way) throws {
        let plan = try #require(self.plan(.relocate(ReplicaChannel("db3"), below: "db2"), .family(way)))
        switch way {
        case .mysqlGTID:
            #expect(plan.method == "gtid")
            #expect(plan.methodsRefused == [])
        case .mariadbGTID:
            #expect(plan.method == "mariadb-gtid")
            #expect(plan.methodsRefused == [MethodRefusal("gtid", "db3:3306 has no MySQL GTIDs")])
        case .mysqlPosition:
            #expect(plan.method == "position")
            #expect(plan.methodsRefused.map(\.method) == ["gtid", "mariadb-gtid", "in-place"])
        case .mariadbPosition:
            #expect(plan.method == "position")
            #expect(plan.methodsRefused.first?.reason == "db3:3306 has no MySQL GTIDs")
        }
    }

    @Test("where somebody left ways out, the help is to allow them, and not to copy the data")
    func limited() throws {
        let planner = MovePlanner.permissive.limited(to: ["equivalent"])
        let answer = planner.plan(
            .relocate(ReplicaChannel("db3"), below: "db2"), in: RuleScene(.family(.mysqlGTID)))
        #expect(answer.reasons.map(\.rule) == ["move.no-method"])
        let remedies = answer.reasons.flatMap(\.remedies)
        #expect(remedies == [.advice("leave out --method: another way may lead there")])
    }

    @Test("where no replica can feed another, those that cannot by themselves are named")
    func noLeader() throws {
        let fleet = Fleet.family(.mysqlGTID).changing("db5") { $0.unreachable() }
        let answer = MovePlanner().plan(.regroup(of: "db2"), in: RuleScene(fleet))
        let reason = try #require(answer.reasons.first)
        #expect(reason.rule == "move.no-leader")
        #expect(
            reason.sentence
                == "none of the replicas of db2:3306 can be the source of another one; db5:3306 does not answer")
    }

    @Test("a target that has purged what the replica needs is not taken, and what is missing is named")
    func purged() throws {
        let uuid = InstanceAddress("db1").testUUID
        let fleet = Fleet.family(.mysqlGTID).changing("db2") { target in
            target.changed { facts in
                let purged = GTIDSet(uuid: uuid, 1...9)
                facts.gtid = .mysql(MySQLGTIDState(mode: .on, executed: purged, purged: purged))
            }
        }
        guard
            case .refused(let reasons) = MovePlanner.permissive.plan(
                .relocate(ReplicaChannel("db3"), below: "db2"), in: RuleScene(fleet))
        else {
            Issue.record("not refused")
            return
        }
        #expect(reasons.map(\.rule) == ["move.no-method"])
        #expect(reasons[0].sentence.contains("has purged \(uuid):1-9"))
        #expect(!reasons[0].remedies.isEmpty)
    }

    @Test("by position a replica needs running threads, a neighbour that logs, is read-only and has one channel")
    func positionConditions() {
        let family = Fleet.family(.mysqlPosition)
        let move = Move.relocate(ReplicaChannel("db3"), below: "db2")
        #expect(plan(move, family) != nil)
        #expect(refusal(move, family.changing("db3") { $0.stopped() }) == ["move.no-method"])
        #expect(refusal(move, family.changing("db2") { $0.stopped() }) == ["move.no-method"])
        let changes: [@Sendable (inout InstanceFacts) -> Void] = [
            { $0.writability = .writable }, { $0.binaryLog?.logsReplicaUpdates = false }, { $0.binaryLog = nil },
            { $0.channels.append(.healthy(name: "other", from: "db9")) }, { $0.channels[0].delay = .seconds(3600) },
        ]
        for change in changes {
            #expect(refusal(move, family.changing("db2") { $0.changed(change) }) == ["move.no-method"])
        }
    }

    @Test("gaps of parallel appliers are filled before a position is believed, on MySQL only")
    func gaps() throws {
        func fills(_ way: Way) throws -> Bool {
            let plan = try #require(self.plan(.moveUp(ReplicaChannel("db4")), .family(way)))
            return plan.steps.flatMap(\.commands).contains(
                .startReplication(channel: "", threads: .applier, until: .gapsFilled))
        }
        #expect(try fills(.mysqlPosition))
        #expect(try !fills(.mariadbPosition))
        #expect(try !fills(.mysqlGTID))
    }

    @Test("a recorded equivalent place is taken where the replica stands exactly there, and checked when it is stopped")
    func equivalent() throws {
        let here = BinlogPosition(file: "binlog.000007", offset: 4711)
        let there = BinlogPosition(file: "mysql-bin.000100", offset: 4)
        let series = try [9, 1].map { id in
            try #require(BinaryLogSeries(serverID: id, serverUUID: nil, now: 1_000, counted: 600, resets: 0))
        }
        let equivalence = Equivalence(
            Equivalence.Place("db9", there, in: series[0]), Equivalence.Place("db1", here, in: series[1]))
        let planner = MovePlanner(equivalences: [equivalence]) { _, _, _, _ in .allowed }
        var fleet = Fleet.family(.mariadbPosition)
        fleet.update(Instance.source("db9").following(.mariadbPosition))
        for (address, end) in [("db1", here), ("db9", there)] as [(InstanceAddress, BinlogPosition)] {
            fleet = fleet.changing(address) { server in server.changed { $0.binaryLog?.position = end } }
        }
        let plan = try #require(self.plan(.relocate(ReplicaChannel("db3"), below: "db9"), fleet, planner))
        #expect(plan.method == "equivalent")
        #expect(plan.steps[1].preconditions.contains(.executed(.known(here), channel: "")))
        // Before the replica is stopped, and again before it changes.
        let witnesses = [LogWitness("db1", series[1]), LogWitness("db9", series[0])]
        #expect(plan.steps[0].logs == witnesses && plan.steps[1].logs == witnesses)
        #expect(plan.inverse().steps.compactMap(\.logs).flatMap { $0 } == [LogWitness("db1", series[1])])
        #expect(plan.preview(on: fleet)["db3"]?.channels.first?.executed == there)
        let elsewhere = fleet.changing("db3") { replica in
            replica.withChannel { $0.executed = BinlogPosition(file: "binlog.000007", offset: 4712) }
        }
        #expect(self.plan(.relocate(ReplicaChannel("db3"), below: "db9"), elsewhere, planner) == nil)
        let begunAnew = fleet.changing("db9") { server in
            server.changed { $0.binaryLog?.position = BinlogPosition(file: "mysql-bin.000001", offset: 4) }
        }
        #expect(self.plan(.relocate(ReplicaChannel("db3"), below: "db9"), begunAnew, planner) == nil)
    }

    @Test("a channel is named where there are several")
    func channels() throws {
        let fleet = Fleet([
            .source("db1"), .source("db2"), .source("db3"), .multiSourceReplica("db4", of: ["db1", "db2"]),
        ])
        #expect(refusal(.relocate(ReplicaChannel("db4"), below: "db3"), fleet) == ["move.channel-unnamed"])
        #expect(
            refusal(.relocate(ReplicaChannel("db4", channel: "x"), below: "db3"), fleet) == ["move.no-channel"])
        let plan = try #require(
            self.plan(.relocate(ReplicaChannel("db4", channel: "from_db2"), below: "db3"), fleet))
        let after = plan.preview(on: fleet)
        #expect(after["db4"]?.channels.map(\.source) == ["db1", "db3"])
    }

    @Test("impossible wishes are refused, each with its own reason and what would help")
    func refusals() {
        let family = Fleet.family(.mysqlGTID)
        let wishes: [(Move, RuleID)] = [
            (.relocate(ReplicaChannel("db2"), below: "db4"), "move.ring"),
            (.relocate(ReplicaChannel("db2"), below: "db2"), "move.ring"),
            (.relocate(ReplicaChannel("db1"), below: "db2"), "move.not-replica"),
            (.relocate(ReplicaChannel("db9"), below: "db2"), "move.unknown-server"),
            (.relocate(ReplicaChannel("db3"), below: "db9"), "move.unknown-server"),
            (.moveUp(ReplicaChannel("db3")), "move.no-source-above"),
            (.moveBelow(ReplicaChannel("db4"), sibling: "db3"), "move.not-siblings"),
            (.takeSource(ReplicaChannel("db3")), "move.source-is-primary"),
            (.takeSiblings(ReplicaChannel("db9")), "move.unknown-server"),
            (.regroup(of: "db3"), "move.nothing-to-regroup"),
            (.reattach(ReplicaChannel("db3")), "move.not-detached"),
            (.enableGTID(ReplicaChannel("db3")), "gtid.used"),
            (.makeCoPrimary(ReplicaChannel("db4")), "move.source-is-replica"),
            (.endCoPrimary(ReplicaChannel("db3")), "move.no-co-primaries"),
            (.relocateReplicas(of: "db3", only: nil, below: "db1"), "move.no-replicas"),
        ]
        for (move, rule) in wishes { #expect(refusal(move, family) == [rule], "\(move)") }
    }

    @Test("what the rules refuse is not planned, and what they warn of is told with the plan")
    func verdicts() {
        let reason = Reason("test.rule", .refuse, "no", remedies: [.advice("wait")])
        var warning = reason
        warning.gravity = .warn
        let scene = RuleScene(Fleet.family(.mysqlGTID))
        let move = Move.relocate(ReplicaChannel("db3"), below: "db2")
        let told = warning
        #expect(MovePlanner { _, _, _, _ in .refused([reason]) }.plan(move, in: scene) == .refused([reason]))
        #expect(MovePlanner { _, _, _, _ in .warns([told]) }.plan(move, in: scene).reasons == [told])
    }

    @Test("a server, cluster or console that is held is not touched by any plan")
    func holds() {
        let fleet = Fleet.family(.mysqlGTID)
        func reasons(_ holds: Holds) -> [RuleID] {
            let scene = RuleScene(fleet, now: .testNow, holds: holds)
            return MovePlanner.permissive.plan(.stopReplica(ReplicaChannel("db3")), in: scene).reasons.map(\.rule)
        }
        #expect(reasons(Holds(everything: "--read-only")) == ["ro.mode"])
        #expect(reasons(Holds(locks: ["db3": "someone"])) == ["lock.other"])
        #expect(reasons(Holds(locks: ["db2": "someone"])) == [])
        let cluster = fleet.forest().cluster(of: "db3")?.id ?? "db1"
        #expect(reasons(Holds(clusters: [cluster: "archive"])) == ["ro.mode"])
    }

    @Test("a group moves those that can, and the others have to be agreed to")
    func partOfAGroup() throws {
        let fleet = Fleet.family(.mysqlGTID).changing("db5") { replica in
            replica.withChannel { $0.positioning = .binlogPosition }
        }.changing("db5") { $0.stopped() }
        let answer = MovePlanner.permissive.plan(
            .relocateReplicas(of: "db2", only: nil, below: "db3"), in: RuleScene(fleet))
        guard case .plan(let plan, .needsConfirmation(let reasons)) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(plan.instances == ["db4"])
        #expect(reasons[0].sentence.hasPrefix("db5:3306 is left where it is"))
    }

    @Test("of one that stays only what keeps it there is told, no warnings about its move")
    func stayingWarnings() throws {
        let planner = MovePlanner { relocation, _, _, _ in
            let name = relocation.replica.address
            let warning = Reason("gtid.strict", .warn, "\(name) is not strict", remedies: [.anotherTarget])
            guard name == "db5" else { return Verdict([warning]) }
            let refusal = Reason("conn.down-d", .refuse, "\(name) does not answer", remedies: [.anotherTarget])
            return Verdict([warning, refusal])
        }
        let answer = planner.plan(
            .relocateReplicas(of: "db2", only: nil, below: "db3"), in: RuleScene(.family(.mysqlGTID)))
        #expect(answer.plan?.instances == ["db4"])
        #expect(
            answer.reasons.map(\.sentence) == [
                "db5:3306 is left where it is: db5:3306 does not answer", "db4:3306 is not strict",
            ])
    }

    @Test("replicas that do not answer, or were never read, are left and named")
    func silentPartOfAGroup() {
        let failure = ContactFailure(kind: .connectTimeout, message: "no connection within 2 s")
        let silent = Contact.unreachable(since: .testNow, lastSeen: nil, failure)
        var fleet = Fleet.family(.mysqlGTID).changing("db2") { $0.changed { $0.reportedReplicas = ["db8"] } }
        fleet.update(Instance(address: "db8", contact: silent))
        func staying(_ move: Move) -> [String] {
            MovePlanner().plan(move, in: RuleScene(fleet, now: .testNow)).reasons.filter { $0.gravity == .confirm }.map
            {
                "\($0.rule) \($0.sentence.prefix { $0 != ":" })"
            }
        }
        let unread = ["conn.down-d db8"]
        #expect(staying(.relocateReplicas(of: "db2", only: nil, below: "db3")) == unread)
        #expect(staying(.moveUpReplicas(of: "db2", only: nil)) == unread)
        #expect(staying(.repointReplicas(of: "db2", only: nil)) == unread)
        #expect(staying(.takeSiblings(ReplicaChannel("db4"))) == unread)
        fleet = fleet.changing("db5") { replica in
            var replica = replica
            replica.contact = silent
            return replica
        }
        let both = ["conn.down-d db5", "conn.down-d db8"]
        #expect(staying(.moveUpReplicas(of: "db2", only: nil)).sorted() == both)
        #expect(staying(.repointReplicas(of: "db2", only: nil)).sorted() == both)
    }

    @Test("a target that does not answer is refused as such, though nothing was ever read of it")
    func silentTarget() {
        let failure = ContactFailure(kind: .connectTimeout, message: "no connection within 2 s")
        var fleet = Fleet.family(.mysqlGTID)
        fleet.update(Instance(address: "db8", contact: .unreachable(since: .testNow, lastSeen: nil, failure)))
        for move in [
            Move.relocate(ReplicaChannel("db3"), below: "db8"), .relocateReplicas(of: "db2", only: nil, below: "db8"),
            .moveBelow(ReplicaChannel("db3"), sibling: "db8"),
        ] {
            let answer = MovePlanner().plan(move, in: RuleScene(fleet, now: .testNow))
            #expect(answer.reasons.map(\.rule) == ["conn.down-t"], "\(move)")
            #expect(answer.reasons.first?.sentence.hasPrefix("db8:3306 does not answer: ") == true, "\(move)")
        }
    }

    @Test("regrouping chooses the replica that came furthest, by the numbers of files and not by their text")
    func leader() throws {
        let ahead = BinlogPosition(file: "binlog.1000000", offset: 4)
        let behind = BinlogPosition(file: "binlog.999999", offset: 900)
        let fleet = Fleet.family(.mariadbPosition).changing("db4") { $0.withChannel { $0.executed = behind } }
            .changing("db5") { $0.withChannel { $0.executed = ahead } }
        let plan = try #require(self.plan(.regroup(of: "db2"), fleet))
        #expect(plan.preview(on: fleet).source(of: "db4") == "db5")
        #expect(plan.preview(on: fleet).source(of: "db5") == "db2")
    }
}
