import Servers
import Simulation
import TestSupport
import Testing
import Topology

@Suite("Simulated faults")
struct FaultTests {
    @Test("a dead source leaves its replicas connecting, and they go on when it is back", arguments: Release.allCases)
    func death(release: Release) throws {
        var fleet = try SimulatedFleet.cluster(release)
        fleet.kill("a")
        #expect(fleet.facts(of: "a") == nil)
        #expect(throws: SimulatedFailure.connectionRefused) { try fleet.run(["SELECT 1"], on: "a") }
        fleet.advance(by: .seconds(2))
        #expect(try fleet.channel(of: "b").receiver == .connecting)
        #expect(try fleet.channel(of: "b").receiverError?.code == 2003)
        #expect(fleet.fleet()["a"]?.contact.isReachable == false)
        fleet.restart("a")
        try fleet.insert(1...5, on: "a")
        fleet.settle()
        fleet.expectSame("a", "b")
        #expect(try fleet.channel(of: "b").isReplicating)
    }

    @Test("a frozen source sends nothing while its replicas think that they are connected")
    func freeze() throws {
        var fleet = try SimulatedFleet.cluster(.mysql)
        try fleet.insert(1...5, on: "a")
        fleet.freeze("a")
        fleet.advance(by: .seconds(5))
        #expect(try fleet.channel(of: "b").receiver == .running)
        #expect(fleet.rows(of: "s.t", on: "b")?.isEmpty == true)
        #expect(throws: SimulatedFailure.timedOut) { try fleet.run(["SELECT 1"], on: "a") }
        fleet.advance(by: .seconds(60))
        #expect(try fleet.channel(of: "b").receiver == .connecting)
        fleet.thaw("a")
        fleet.settle()
        fleet.expectSame("a", "b")
    }

    @Test("a connection lost before the statement leaves no trace, one lost after it leaves the effect")
    func lostConnections() throws {
        for (fault, rows) in [(StatementFault.connectionLostBefore, 0), (.connectionLostAfter, 1)] {
            var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
            let session = try fleet.connect(to: "a")
            fleet.plan(fault, atStatement: fleet.statementCount)
            #expect(throws: SimulatedFailure.connectionLost) {
                try fleet.execute("INSERT INTO s.t VALUES (1, 'x')", in: session)
            }
            #expect(throws: SimulatedFailure.connectionLost) { try fleet.execute("SELECT 1", in: session) }
            fleet.settle()
            #expect(fleet.rows(of: "s.t", on: "b")?.count == rows)
        }
    }

    @Test(
        "a statement that waits takes effect without its client, unless its session is killed",
        arguments: [false, true])
    func stalledStatement(isKilled: Bool) throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
        let session = try fleet.connect(to: "a")
        try fleet.execute("SELECT GET_LOCK('l', 0)", in: session)
        fleet.plan(.stalled(.seconds(20)), atStatement: fleet.statementCount)
        #expect(throws: SimulatedFailure.timedOut) {
            try fleet.execute("INSERT INTO s.t VALUES (1, 'x')", in: session)
        }
        fleet.close(session)
        fleet.advance(by: .seconds(19))
        #expect(fleet.rows(of: "s.t", on: "b")?.isEmpty == true)
        let used = try fleet.run(["SELECT IS_USED_LOCK('l')"], on: "a")[0].value
        #expect(used == "\(session.number)")
        if isKilled { try fleet.run(["KILL \(session.number)"], on: "a") }
        fleet.advance(by: .seconds(2))
        #expect(fleet.rows(of: "s.t", on: "b")?.count == (isKilled ? 0 : 1))
        #expect(try fleet.run(["SELECT IS_USED_LOCK('l')"], on: "a")[0].value == nil)
    }

    @Test("a server goes on with what came in one packet, up to the first error, when its client has gone")
    func restOfPacket() throws {
        let rows: [(StatementFault, Int)] = [
            (.stalled(.seconds(20)), 2), (.freezeBefore, 2), (.freezeAfter, 2), (.connectionLostAfter, 2),
            (.connectionLostBefore, 0), (.deathBefore, 0), (.deathAfter, 1),
        ]
        for (fault, count) in rows {
            var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
            let session = try fleet.connect(to: "a")
            fleet.plan(fault, atStatement: fleet.statementCount)
            #expect(throws: SimulatedFailure.self) {
                try fleet.execute(
                    "INSERT INTO s.t VALUES (1, 'x')", in: session,
                    before: [
                        "INSERT INTO s.t VALUES (2, 'x')", "INSERT INTO s.t VALUES (1, 'y')",
                        "INSERT INTO s.t VALUES (3, 'x')",
                    ])
            }
            fleet.close(session)
            if fault == .freezeBefore || fault == .freezeAfter { fleet.thaw("a") }
            if fleet.facts(of: "a") == nil { fleet.restart("a") }
            fleet.advance(by: .seconds(21))
            #expect(fleet.rows(of: "s.t", on: "a")?.count == count, "\(fault)")
        }
    }

    @Test("nothing that came in one packet follows when its session was killed while the first of it waited")
    func killedPacket() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
        let session = try fleet.connect(to: "a")
        fleet.plan(.stalled(.seconds(20)), atStatement: fleet.statementCount)
        #expect(throws: SimulatedFailure.timedOut) {
            try fleet.execute("STOP REPLICA", in: session, before: ["INSERT INTO s.t VALUES (2, 'x')"])
        }
        fleet.close(session)
        fleet.advance(by: .seconds(19))
        try fleet.run(["KILL \(session.number)"], on: "a")
        fleet.advance(by: .seconds(30))
        #expect(fleet.rows(of: "s.t", on: "a")?.isEmpty == true)
    }

    @Test("a server that freezes at a statement does it when it goes on, without its client")
    func freezeAtStatement() throws {
        for fault in [StatementFault.freezeBefore, .freezeAfter] {
            var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
            let session = try fleet.connect(to: "a")
            try fleet.execute("SELECT GET_LOCK('l', 0)", in: session)
            fleet.plan(fault, atStatement: fleet.statementCount)
            #expect(throws: SimulatedFailure.timedOut) {
                try fleet.execute("INSERT INTO s.t VALUES (1, 'x')", in: session)
            }
            fleet.close(session)
            fleet.advance(by: .seconds(1))
            #expect(fleet.rows(of: "s.t", on: "b")?.isEmpty == true)
            fleet.thaw("a")
            #expect(try fleet.run(["SELECT IS_USED_LOCK('l')"], on: "a")[0].value == nil)
            fleet.settle()
            #expect(fleet.rows(of: "s.t", on: "b")?.count == 1)
            fleet.expectSame("a", "b")
        }
    }

    @Test("a server that dies at a statement has done it, or not")
    func deathAtStatement() throws {
        for (fault, rows) in [(StatementFault.deathBefore, 0), (.deathAfter, 1)] {
            var fleet = try SimulatedFleet.cluster(.mariadb, ["a", "b"])
            fleet.plan(fault, atStatement: fleet.statementCount)
            #expect(throws: SimulatedFailure.connectionLost) {
                try fleet.run(["INSERT INTO s.t VALUES (1, 'x')"], on: "a")
            }
            fleet.restart("a")
            fleet.settle()
            #expect(fleet.rows(of: "s.t", on: "a")?.count == rows)
            fleet.expectSame("a", "b")
        }
    }

    @Test("a cut link and a slow applier hold back what they stand for")
    func cutsAndSlowness() throws {
        var fleet = try SimulatedFleet.cluster(.mysql)
        fleet.cut("a", from: "b")
        fleet.setApplierSpeed(0, of: "c")
        try fleet.insert(1...5, on: "a")
        fleet.advance(by: .seconds(3))
        #expect(try fleet.channel(of: "b").receiver == .connecting)
        let channel = try fleet.channel(of: "c")
        #expect(try #require(channel.received) > #require(channel.executed))
        #expect(try #require(channel.lag).measured >= .seconds(2))
        fleet.mend("a", with: "b")
        fleet.setApplierSpeed(4, of: "c")
        fleet.settle()
        fleet.expectSame("a", "b")
        fleet.expectSame("a", "c")
    }

    @Test("a copied server goes on from its original's place", arguments: Release.allCases)
    func seeding(release: Release) throws {
        var fleet = try SimulatedFleet.cluster(release, ["a", "b"])
        try fleet.insert(1...5, on: "a")
        var options = SimulatedServerOptions(version: release.version, serverID: 9)
        options.format = .row
        fleet.add("d", options)
        fleet.seed("d", from: "a")
        try fleet.attach("d", to: "a", release)
        try fleet.insert(6...9, on: "a")
        fleet.settle()
        fleet.expectSame("a", "d")
        #expect(try fleet.channel(of: "d").isReplicating)
    }
}
