import Servers
import Simulation
import TestSupport
import Testing
import Topology

@Suite("Simulated statements")
struct StatementTests {
    @Test("words of another release are syntax errors")
    func dialects() throws {
        var mysql = try SimulatedFleet.cluster(.mysql)
        for statement in ["STOP SLAVE", "CHANGE MASTER TO MASTER_HOST = 'a'", "RESET MASTER", "SHOW MASTER STATUS"] {
            #expect(try mysql.code(of: statement, on: "b") == 1064, "\(statement)")
        }
        var mariadb = try SimulatedFleet.cluster(.mariadb)
        for statement in [
            "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'a'", "RESET BINARY LOGS AND GTIDS", "SHOW BINARY LOG STATUS",
        ] {
            #expect(try mariadb.code(of: statement, on: "b") == 1064, "\(statement)")
        }
        #expect(try mariadb.code(of: "STOP REPLICA", on: "b") == nil)
        #expect(try mariadb.code(of: "SET GLOBAL super_read_only = ON", on: "b") == 1193)
    }

    @Test("what must be stopped for a change, by its number")
    func running() throws {
        var mysql = try SimulatedFleet.cluster(.mysql)
        let change = "CHANGE REPLICATION SOURCE TO "
        #expect(try mysql.code(of: change + "SOURCE_DELAY = 0", on: "b") == 3085)
        #expect(try mysql.code(of: change + "SOURCE_HOST = 'a'", on: "b") == 3021)
        #expect(try mysql.code(of: change + "SOURCE_AUTO_POSITION = 0", on: "b") == 3081)
        #expect(try mysql.code(of: "RESET REPLICA", on: "b") == 3081)
        try mysql.run(["STOP REPLICA IO_THREAD"], on: "b")
        #expect(try mysql.code(of: change + "SOURCE_CONNECT_RETRY = 2", on: "b") == nil)
        #expect(try mysql.code(of: change + "SOURCE_LOG_FILE = 'bin.000001'", on: "b") == 1776)
        #expect(try mysql.code(of: "STOP REPLICA FOR CHANNEL 'x'", on: "b") == 3074)
        #expect(try mysql.code(of: "START REPLICA", on: "a") == 1200)
        var mariadb = try SimulatedFleet.cluster(.mariadb)
        #expect(try mariadb.code(of: "CHANGE MASTER TO MASTER_DELAY = 0", on: "b") == 1198)
        #expect(try mariadb.code(of: "RESET SLAVE", on: "b") == 1198)
        #expect(try mariadb.code(of: "SET GLOBAL gtid_slave_pos = ''", on: "b") == 1198)
        #expect(try mariadb.code(of: "STOP SLAVE 'x'", on: "b") == 1617)
        #expect(try mariadb.code(of: "START SLAVE", on: "a") == 1200)
    }

    @Test("a CHANGE with both threads stopped drops the relay log and goes back to what was executed")
    func relayLogs() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"], byGTID: false)
        try fleet.run(["STOP REPLICA SQL_THREAD"], on: "b")
        try fleet.insert(1...5, on: "a")
        fleet.settle()
        try fleet.run(["STOP REPLICA IO_THREAD"], on: "b")
        let before = try fleet.channel(of: "b")
        #expect(try #require(before.received) > #require(before.executed))
        try fleet.run(["CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 0"], on: "b")
        #expect(try fleet.channel(of: "b").received == before.executed)
        try fleet.run(["START REPLICA"], on: "b")
        fleet.settle()
        fleet.expectSame("a", "b")
        // A host, though the same, means the first file: everything comes again.
        try fleet.run(["STOP REPLICA", "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'a'", "START REPLICA"], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").applierError?.code == 1007)
    }

    @Test("what a CHANGE and a RESET forget: heartbeat and delay")
    func forgotten() throws {
        var fleet = try SimulatedFleet.cluster(.mariadb, ["a", "b"])
        try fleet.run(["STOP SLAVE", "CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD = 1.5, MASTER_DELAY = 3"], on: "b")
        #expect(try fleet.channel(of: "b").heartbeatPeriod == .milliseconds(1500))
        try fleet.run(["CHANGE MASTER TO MASTER_CONNECT_RETRY = 1"], on: "b")
        #expect(try fleet.channel(of: "b").heartbeatPeriod == .seconds(30))
        #expect(try fleet.channel(of: "b").delay == .seconds(3))
        try fleet.run(["RESET SLAVE"], on: "b")
        #expect(try fleet.channel(of: "b").delay == .zero)
    }

    @Test("UNTIL a position stops the applier there, and the receiver goes on", arguments: Release.allCases)
    func untilPosition(release: Release) throws {
        var fleet = try SimulatedFleet.cluster(release, ["a", "b"], byGTID: false)
        let word = release == .mysql ? "REPLICA" : "SLAVE"
        let option = release == .mysql ? "SOURCE" : "MASTER"
        try fleet.run(["STOP \(word)"], on: "b")
        try fleet.insert(1...3, on: "a")
        let place = try #require(fleet.facts(of: "a")?.binaryLog?.position)
        try fleet.insert(4...6, on: "a")
        try fleet.run(
            ["START \(word) UNTIL \(option)_LOG_FILE = '\(place.file)', \(option)_LOG_POS = \(place.offset)"], on: "b")
        fleet.settle()
        let channel = try fleet.channel(of: "b")
        #expect(channel.executed == place)
        #expect(channel.applier == .stopped)
        #expect(channel.receiver == .running)
        #expect(fleet.rows(of: "s.t", on: "b")?.count == 3)
    }

    @Test("at the end of the log MariaDB has executed what UNTIL says, and stops only when more comes")
    func untilEnd() throws {
        var fleet = try SimulatedFleet.cluster(.mariadb, ["a", "b"], byGTID: false)
        try fleet.run(["STOP SLAVE"], on: "b")
        try fleet.insert(1...3, on: "a")
        let place = try #require(fleet.facts(of: "a")?.binaryLog?.position)
        try fleet.run(
            ["START SLAVE UNTIL MASTER_LOG_FILE = '\(place.file)', MASTER_LOG_POS = \(place.offset)"], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").executed == place)
        #expect(try fleet.channel(of: "b").applier == .running)
        try fleet.insert(4...4, on: "a")
        fleet.settle()
        #expect(try fleet.channel(of: "b").applier == .stopped)
        #expect(fleet.rows(of: "s.t", on: "b")?.count == 3)
    }

    @Test("a MariaDB receiver by position moves the GTID position ahead of what is applied")
    func positionAheadOfApplier() throws {
        var fleet = try SimulatedFleet.cluster(.mariadb, ["a", "b"], byGTID: false)
        try fleet.run(["STOP SLAVE SQL_THREAD"], on: "b")
        try fleet.insert(1...3, on: "a")
        fleet.settle()
        #expect(try fleet.value("@@gtid_slave_pos", on: "b") == "0-1-2")
        try fleet.run(["STOP SLAVE", "START SLAVE IO_THREAD"], on: "b")
        fleet.settle()
        #expect(try fleet.value("@@gtid_slave_pos", on: "b") == "0-1-5")
        // Who goes on by GTID from there has lost them.
        try fleet.run(
            ["STOP SLAVE", "CHANGE MASTER TO MASTER_USE_GTID = slave_pos", "START SLAVE"], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").isReplicating)
        #expect(fleet.missing(on: "b", of: "a").count == 3)
    }

    @Test("UNTIL a GTID stops the applier, and on MariaDB the receiver too")
    func untilGTID() throws {
        var mysql = try SimulatedFleet.cluster(.mysql, ["a", "b"])
        try mysql.run(["STOP REPLICA"], on: "b")
        try mysql.insert(1...3, on: "a")
        let set = try #require(try mysql.value("@@gtid_executed", on: "a"))
        try mysql.insert(4...6, on: "a")
        try mysql.run(["START REPLICA UNTIL SQL_AFTER_GTIDS = '\(set)'"], on: "b")
        mysql.settle()
        #expect(mysql.rows(of: "s.t", on: "b")?.count == 3)
        #expect(try mysql.channel(of: "b").applier == .stopped)

        var mariadb = try SimulatedFleet.cluster(.mariadb, ["a", "b"])
        try mariadb.run(["STOP SLAVE"], on: "b")
        try mariadb.insert(1...3, on: "a")
        let position = try #require(try mariadb.value("@@gtid_binlog_pos", on: "a"))
        try mariadb.insert(4...6, on: "a")
        try mariadb.run(["START SLAVE UNTIL master_gtid_pos = '\(position)'"], on: "b")
        mariadb.settle()
        #expect(mariadb.rows(of: "s.t", on: "b")?.count == 3)
        #expect(try mariadb.channel(of: "b").receiver == .stopped)
        #expect(try mariadb.channel(of: "b").applier == .stopped)
    }

    @Test("UNTIL a GTID on MariaDB wants both threads stopped, and does nothing where both run")
    func untilGTIDWhileRunning() throws {
        var fleet = try SimulatedFleet.cluster(.mariadb, ["a", "b"])
        let start = "START SLAVE UNTIL master_gtid_pos = '0-1-1'"
        #expect(try fleet.code(of: start, on: "b") == nil)
        fleet.settle()
        #expect(try fleet.channel(of: "b").isReplicating)
        try fleet.run(["STOP SLAVE IO_THREAD"], on: "b")
        #expect(try fleet.code(of: start, on: "b") == 1254)
    }

    @Test("a place that is told to a running applier is not executed before something comes from there")
    func placeOfRunningApplier() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"], byGTID: false)
        try fleet.insert(1...3, on: "a")
        fleet.settle()
        let executed = try fleet.channel(of: "b").executed
        let change = "CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE = 'bin.000001', SOURCE_LOG_POS = 4"
        try fleet.run(["STOP REPLICA IO_THREAD", change], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").executed == executed)
    }

    @Test("waits end when it is reached, or when their time is over")
    func waits() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
        try fleet.insert(1...50, on: "a")
        let set = try #require(try fleet.value("@@gtid_executed", on: "a"))
        #expect(fleet.rows(of: "s.t", on: "b")?.isEmpty == true)
        #expect(try fleet.value("WAIT_FOR_EXECUTED_GTID_SET('\(set)', 5)", on: "b") == "0")
        #expect(fleet.rows(of: "s.t", on: "b")?.count == 50)
        let before = fleet.now
        let unknown = "00000000-0000-0000-0000-0000000000ff:1"
        #expect(try fleet.value("WAIT_FOR_EXECUTED_GTID_SET('\(unknown)', 2)", on: "b") == "1")
        #expect(fleet.now - before >= .seconds(2))
        let end = try #require(fleet.facts(of: "a")?.binaryLog?.position)
        #expect(try fleet.value("SOURCE_POS_WAIT('\(end.file)', \(end.offset), 1, '')", on: "b") == "0")
        try fleet.run(["STOP REPLICA"], on: "b")
        #expect(try fleet.value("SOURCE_POS_WAIT('\(end.file)', \(end.offset), 1, '')", on: "b") == nil)
        var mariadb = try SimulatedFleet.cluster(.mariadb, ["a", "b"])
        #expect(try mariadb.value("MASTER_GTID_WAIT('7-1-1', 1)", on: "b") == "-1")
        #expect(try mariadb.value("MASTER_GTID_WAIT('0-1-2', 1)", on: "b") == "0")
    }

    @Test("who may write")
    func readOnly() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
        try fleet.run(["SET GLOBAL super_read_only = ON"], on: "b")
        #expect(fleet.facts(of: "b")?.writability == .superReadOnly)
        #expect(try fleet.code(of: "INSERT INTO s.t VALUES (1, 'x')", on: "b") == 1290)
        try fleet.run(["SET GLOBAL read_only = OFF"], on: "b")
        #expect(fleet.facts(of: "b")?.writability == .writable)
        try fleet.run(["SET GLOBAL read_only = ON"], on: "b")
        #expect(throws: SimulatedFailure.self) {
            try fleet.run(["INSERT INTO s.t VALUES (1, 'x')"], on: "b", isOrdinary: true)
        }
        #expect(try fleet.code(of: "INSERT INTO s.t VALUES (1, 'x')", on: "b") == nil)
    }

    @Test("an empty transaction under a GTID is executed once, and the next must be named")
    func emptyTransactions() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
        let gtid = "00000000-0000-0000-0000-0000000000ff:7"
        let session = try fleet.connect(to: "a")
        for statement in ["SET GTID_NEXT = '\(gtid)'", "BEGIN", "COMMIT"] {
            try fleet.execute(statement, in: session)
        }
        #expect(throws: SimulatedFailure.self) { try fleet.execute("INSERT INTO s.t VALUES (1, 'x')", in: session) }
        try fleet.execute("SET GTID_NEXT = 'AUTOMATIC'", in: session)
        try fleet.execute("INSERT INTO s.t VALUES (1, 'x')", in: session)
        fleet.settle()
        #expect(try fleet.value("@@gtid_executed", on: "b") == fleet.value("@@gtid_executed", on: "a"))
        #expect(try fleet.value("@@gtid_executed", on: "b")?.contains(gtid) == true)
    }

    @Test("gtid_purged takes what is new, and nothing that is executed")
    func gtidPurged() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
        let uuid = try #require(try fleet.value("@@server_uuid", on: "a"))
        #expect(try fleet.code(of: "SET GLOBAL gtid_purged = '\(uuid):1'", on: "b") == 3546)
        try fleet.run(["SET GLOBAL gtid_purged = '+\(uuid):600'"], on: "b")
        #expect(try fleet.value("@@gtid_executed", on: "b") == "\(uuid):1-2:600")
        try fleet.run(["STOP REPLICA", "RESET BINARY LOGS AND GTIDS"], on: "b")
        #expect(try fleet.value("@@gtid_executed", on: "b") == "")
        try fleet.run(["SET GLOBAL gtid_purged = '\(uuid):1-2'", "START REPLICA"], on: "b")
        fleet.settle()
        #expect(try fleet.channel(of: "b").isReplicating)
    }

    @Test("locks belong to sessions")
    func locks() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"])
        let one = try fleet.connect(to: "a")
        let other = try fleet.connect(to: "a")
        #expect(try fleet.execute("SELECT GET_LOCK('baton', 0)", in: one).value == "1")
        #expect(try fleet.execute("SELECT GET_LOCK('baton', 0)", in: other).value == "0")
        #expect(try fleet.execute("SELECT IS_USED_LOCK('baton')", in: other).value == "\(one.number)")
        #expect(try fleet.execute("SELECT RELEASE_LOCK('baton')", in: other).value == "0")
        fleet.close(one)
        #expect(try fleet.execute("SELECT GET_LOCK('baton', 0)", in: other).value == "1")
    }

    @Test("the skip counter leaves out one event group, where there are no GTIDs")
    func skipping() throws {
        var fleet = try SimulatedFleet.cluster(.mysql, ["a", "b"], byGTID: false)
        try fleet.run(["STOP REPLICA", "SET GLOBAL sql_replica_skip_counter = 1"], on: "b")
        try fleet.insert(1...2, on: "a")
        try fleet.run(["START REPLICA"], on: "b")
        fleet.settle()
        #expect(fleet.rows(of: "s.t", on: "b")?.keys.sorted() == [2])
        #expect(fleet.missing(on: "b", of: "a").count == 1)
    }
}
