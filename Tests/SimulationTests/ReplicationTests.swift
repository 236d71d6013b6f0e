import Servers
import Simulation
import TestSupport
import Testing
import Topology

@Suite("Simulated replication")
struct ReplicationTests {
    @Test("what is written on the source arrives, once", arguments: Release.allCases, [true, false])
    func arrives(release: Release, byGTID: Bool) throws {
        var fleet = try SimulatedFleet.cluster(release, byGTID: byGTID)
        try fleet.insert(1...100, on: "a")
        fleet.settle()
        fleet.expectSame("a", "b")
        fleet.expectSame("a", "c")
        let channel = try fleet.channel(of: "b")
        #expect(channel.isReplicating)
        #expect(channel.executed == fleet.facts(of: "a")?.binaryLog?.position)
        #expect(channel.lag?.measured == .zero)
    }

    @Test("the same seed goes the same way")
    func deterministic() throws {
        func play(_ seed: UInt64) throws -> SimulatedFleet {
            var fleet = try SimulatedFleet.cluster(.mysql, seed: seed) { $0.keepsCommitOrder = false }
            try fleet.insert(1...50, on: "a")
            for _ in 0..<5 { fleet.step() }
            return fleet
        }
        #expect(try play(7) == play(7))
        #expect(try play(7) != play(8))
    }

    @Test(
        "a chain passes on, and a replica moved within it by GTID loses and doubles nothing",
        arguments: Release.allCases)
    func moveByGTID(release: Release) throws {
        var fleet = try SimulatedFleet.cluster(release)
        try fleet.insert(1...40, on: "a")
        for _ in 0..<2 { fleet.step() }
        try fleet.attach("c", to: "b", release)
        try fleet.insert(41...60, on: "a")
        fleet.settle()
        fleet.expectSame("a", "c")
        #expect(fleet.fleet().replicas(of: "b") == ["c"])
    }

    @Test("a move by position without a common point doubles or loses", arguments: Release.allCases)
    func wrongPosition(release: Release) throws {
        var fleet = try SimulatedFleet.cluster(release, byGTID: false)
        try fleet.insert(1...10, on: "a")
        fleet.settle()
        let end = try #require(fleet.facts(of: "b")?.binaryLog?.position)
        // Too early: what was applied comes again.
        try fleet.attach("c", to: "b", release, byGTID: false)
        fleet.settle()
        #expect(try fleet.channel(of: "c").applierError?.code == 1007)
        // Too late: what lies between never comes, and nobody complains.
        try fleet.run([release == .mysql ? "STOP REPLICA" : "STOP SLAVE"], on: "c")
        try fleet.insert(11...20, on: "a")
        fleet.settle()
        let late = try #require(fleet.facts(of: "b")?.binaryLog?.position)
        try fleet.attach("c", to: "b", release, byGTID: false, place: (late.file, late.offset))
        fleet.settle()
        #expect(end < late)
        #expect(try fleet.channel(of: "c").isReplicating)
        #expect(fleet.missing(on: "c", of: "a").count == 10)
    }

    @Test("an update applied twice is counted, though the rows are the same")
    func doubled() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"], byGTID: false)
        try fleet.insert(1...1, on: "a")
        fleet.settle()
        let before = try #require(fleet.facts(of: "a")?.binaryLog?.position)
        try fleet.run(["UPDATE s.t SET v = 'new' WHERE id = 1"], on: "a")
        fleet.settle()
        try fleet.attach("b", to: "a", .mysql, byGTID: false, place: (before.file, before.offset))
        fleet.settle()
        #expect(fleet.hasSameData("a", "b"))
        #expect(fleet.doubled(on: "b").count == 1)
    }

    @Test("a position that the source does not have stops the receiver", arguments: Release.allCases)
    func impossiblePosition(release: Release) throws {
        var fleet = try SimulatedFleet.cluster(release, ["a", "b"], byGTID: false)
        for place in [(file: "bin.000001", offset: UInt64(171)), ("bin.000001", 99_999), ("bin.000077", 4)] {
            try fleet.attach("b", to: "a", release, byGTID: false, place: place)
            fleet.settle()
            let channel = try fleet.channel(of: "b")
            #expect(channel.receiver == .stopped)
            #expect(channel.applier == .running)
            #expect(channel.receiverError?.code == (release == .mysql ? 13114 : 1236))
        }
    }

    @Test("a source that purged what a replica lacks refuses it", arguments: Release.allCases)
    func purged(release: Release) throws {
        var fleet = try SimulatedFleet.cluster(release)
        try fleet.run([release == .mysql ? "STOP REPLICA" : "STOP SLAVE"], on: "c")
        try fleet.insert(1...3, on: "a")
        try fleet.run(["FLUSH BINARY LOGS"], on: "a")
        try fleet.insert(4...4, on: "a")
        fleet.settle()
        try fleet.run(["PURGE BINARY LOGS TO 'bin.000002'"], on: "a")
        try fleet.run([release == .mysql ? "START REPLICA" : "START SLAVE"], on: "c")
        fleet.settle()
        #expect(try fleet.channel(of: "c").receiverError?.code == (release == .mysql ? 13114 : 1236))
        // Its sibling still has them.
        try fleet.attach("c", to: "b", release)
        fleet.settle()
        fleet.expectSame("a", "c")
    }

    @Test("transactions of the source that the source does not have stop the receiver")
    func moreThanTheSource() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
        let uuid = try #require(try fleet.value("@@server_uuid", on: "a"))
        try fleet.run(["SET GTID_NEXT = '\(uuid):500'", "BEGIN", "COMMIT", "SET GTID_NEXT = 'AUTOMATIC'"], on: "b")
        try fleet.run(["STOP REPLICA", "START REPLICA"], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").receiverError?.code == 13114)
        #expect(try fleet.value("@@gtid_executed", on: "b")?.contains(":500") == true)
    }

    @Test("MariaDB takes no position that its log never reached, and any of a domain unknown to it")
    func mariadbPositions() throws {
        var fleet = try SimulatedFleet.cluster(.mariadb, ["a", "b"])
        let end = try #require(try fleet.value("@@gtid_binlog_pos", on: "a"))
        try fleet.run(["STOP SLAVE", "SET GLOBAL gtid_slave_pos = '0-1-900'", "START SLAVE"], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").receiverError?.code == 1236)
        try fleet.run(["STOP SLAVE", "SET GLOBAL gtid_slave_pos = '\(end),5-5-5'", "START SLAVE"], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").isReplicating)
        // A write of its own is numbered after all that it ever heard of.
        try fleet.insert(70...70, on: "b")
        #expect(try fleet.value("@@gtid_binlog_pos", on: "b") == "0-2-901")
    }

    @Test("in strict mode a number out of order stops the applier, else it is taken")
    func strict() throws {
        for isStrict in [true, false] {
            var fleet = try SimulatedFleet.cluster(.mariadb, ["a", "b"]) { $0.isStrict = isStrict }
            try fleet.insert(800...802, on: "b")
            try fleet.insert(1...1, on: "a")
            fleet.settle()
            #expect(try fleet.channel(of: "b").applierError?.code == (isStrict ? 1950 : nil))
        }
    }

    @Test("duplicate keys and missing rows stop the applier", arguments: Release.allCases)
    func applierErrors(release: Release) throws {
        var fleet = try SimulatedFleet.cluster(release, ["a", "b", "c"])
        try fleet.insert(1...1, on: "a")
        fleet.settle()
        try fleet.run(["SET sql_log_bin = 0", "INSERT INTO s.t VALUES (2, 'x')"], on: "b")
        try fleet.run(["SET sql_log_bin = 0", "DELETE FROM s.t WHERE id = 1"], on: "c")
        try fleet.run(["INSERT INTO s.t VALUES (2, 'y')", "DELETE FROM s.t WHERE id = 1"], on: "a")
        fleet.settle()
        #expect(try fleet.channel(of: "b").applierError?.code == 1062)
        #expect(try fleet.channel(of: "c").applierError?.code == 1032)
        #expect(try fleet.channel(of: "b").receiver == .running)
    }

    @Test("a replica that logs no updates has no transactions to pass on")
    func withoutUpdates() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"], byGTID: false) { $0.logsReplicaUpdates = false }
        let before = fleet.facts(of: "b")?.binaryLog?.position
        try fleet.insert(1...3, on: "a")
        fleet.settle()
        #expect(fleet.facts(of: "b")?.binaryLog?.position == before)
        fleet.expectSame("a", "b")
    }

    @Test("a ring ends where a transaction comes home", arguments: Release.allCases)
    func ring(release: Release) throws {
        var fleet = try SimulatedFleet.cluster(release, ["a", "b"])
        try fleet.attach("a", to: "b", release)
        try fleet.insert(1...5, on: "a")
        fleet.settle()
        try fleet.insert(6...9, on: "b")
        fleet.settle()
        fleet.expectSame("a", "b")
        #expect(try fleet.channel(of: "a").isReplicating)
    }

    @Test("equal server ids stop the receiver", arguments: Release.allCases)
    func equalIDs(release: Release) throws {
        var fleet = try SimulatedFleet.cluster(release, ["a", "b"])
        let stop = release == .mysql ? "STOP REPLICA" : "STOP SLAVE"
        let start = release == .mysql ? "START REPLICA" : "START SLAVE"
        try fleet.run(["SET GLOBAL server_id = 1", stop, start], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").receiverError?.code == (release == .mysql ? 13117 : 1593))
    }

    @Test("a delayed replica applies when it is time, and tells its lag")
    func delay() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
        try fleet.run(
            ["STOP REPLICA", "CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 30", "START REPLICA"], on: "b")
        try fleet.insert(1...1, on: "a")
        fleet.advance(by: .seconds(20))
        #expect(fleet.rows(of: "s.t", on: "b")?.isEmpty == true)
        #expect(try fleet.channel(of: "b").lag?.measured == .seconds(20))
        fleet.advance(by: .seconds(11))
        #expect(fleet.rows(of: "s.t", on: "b")?.count == 1)
    }

    @Test("what a MariaDB source passes over until it comes to the replica's GTID moves no position back")
    func passingOver() throws {
        var fleet = try SimulatedFleet.cluster(.mariadb, ["a", "b"])
        try fleet.insert(1...40, on: "a")
        fleet.settle()
        let place = try fleet.channel(of: "b").executed
        try fleet.run(["STOP SLAVE", "CHANGE MASTER TO MASTER_DELAY = 30", "START SLAVE"], on: "b")
        try fleet.insert(41...60, on: "a")
        for _ in 0..<20 {
            fleet.step()
            #expect(try fleet.channel(of: "b").executed == place)
        }
        #expect(try #require(fleet.channel(of: "b").received) > #require(place))
    }

    @Test("a crash of parallel appliers without commit order leaves gaps, which UNTIL fills")
    func gaps() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"], byGTID: false) { options in
            options.keepsCommitOrder = false
            options.startsReplication = false
        }
        try fleet.run(["STOP REPLICA SQL_THREAD"], on: "b")
        try fleet.insert(1...40, on: "a")
        fleet.settle()
        try fleet.run(["START REPLICA SQL_THREAD"], on: "b")
        fleet.step()
        fleet.kill("b")
        fleet.restart("b")
        let change = "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'a'"
        #expect(try fleet.code(of: change, on: "b") == 1802)
        let rows = try #require(fleet.rows(of: "s.t", on: "b")).keys.sorted()
        #expect(rows != Array(1...Int64(rows.count)))
        try fleet.run(["START REPLICA SQL_THREAD UNTIL SQL_AFTER_MTS_GAPS"], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").applier == .stopped)
        let filled = try #require(fleet.rows(of: "s.t", on: "b")).keys.sorted()
        #expect(filled == Array(1...Int64(filled.count)))
        #expect(try fleet.code(of: change, on: "b") == nil)
    }

    @Test("an applier that has nothing left to apply goes on although there are no gaps")
    func noGaps() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"], byGTID: false) { options in
            options.keepsCommitOrder = false
        }
        try fleet.insert(1...10, on: "a")
        fleet.settle()
        try fleet.run(["STOP REPLICA", "START REPLICA SQL_THREAD UNTIL SQL_AFTER_MTS_GAPS"], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").applier == .running)
        #expect(try fleet.channel(of: "b").executed == fleet.channel(of: "b").received)
        try fleet.run(["STOP REPLICA", "START REPLICA UNTIL SQL_AFTER_MTS_GAPS"], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").applier == .stopped)
    }
}
