import Refactoring
import TestSupport
import Testing
import Topology

@Suite("Dialects of commands")
struct CommandDialectTests {
    private static let versions: [(String, ServerVersion)] = [
        ("5.7", ServerVersion(flavor: .mysql, major: 5, minor: 7, patch: 44)),
        ("8.0.22", ServerVersion(flavor: .mysql, major: 8, minor: 0, patch: 22)),
        ("8.0.36", ServerVersion(flavor: .percona, major: 8, minor: 0, patch: 36)),
        ("8.4", ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 3)),
        ("10.11", ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 6)),
        ("12.1", ServerVersion(flavor: .mariadb, major: 12, minor: 1, patch: 2)),
    ]

    private func text(_ name: String, _ command: Command, _ observed: Observed = Observed()) throws -> String {
        let version = try #require(Self.versions.first { $0.0 == name }).1
        return try CommandDialect(version).statements(for: command, observed: observed).map(\.text)
            .joined(separator: "; ")
    }

    private func refusal(_ name: String, _ command: Command) throws -> String {
        let error = try #require(throws: CommandError.self) { try text(name, command) }
        return error.description
    }

    @Test(
        "stop, start and reset are said in the words of each release",
        arguments: [
            (
                "5.7", "STOP SLAVE FOR CHANNEL ''", "START SLAVE SQL_THREAD FOR CHANNEL ''",
                "RESET SLAVE ALL FOR CHANNEL ''"
            ),
            (
                "8.0.22", "STOP REPLICA FOR CHANNEL ''", "START REPLICA SQL_THREAD FOR CHANNEL ''",
                "RESET REPLICA ALL FOR CHANNEL ''"
            ),
            (
                "8.4", "STOP REPLICA FOR CHANNEL ''", "START REPLICA SQL_THREAD FOR CHANNEL ''",
                "RESET REPLICA ALL FOR CHANNEL ''"
            ),
            ("10.11", "STOP SLAVE", "START SLAVE SQL_THREAD", "RESET SLAVE ALL"),
        ])
    func threads(version: String, stop: String, start: String, reset: String) throws {
        #expect(try text(version, .stopReplication(channel: "")) == stop)
        #expect(try text(version, .startReplication(channel: "", threads: .applier)) == start)
        #expect(try text(version, .resetReplica(channel: "", .everything)) == reset)
    }

    @Test("a channel's name stands where each family wants it, quoted")
    func channels() throws {
        let command = Command.stopReplication(channel: "it's", threads: .receiver)
        #expect(try text("8.4", command) == "STOP REPLICA IO_THREAD FOR CHANNEL 'it''s'")
        #expect(try text("10.11", command) == "STOP SLAVE 'it''s' IO_THREAD")
        let change = Command.changeSource(channel: "eu", SourceChange(delay: .seconds(60)))
        #expect(try text("8.4", change) == "CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 60 FOR CHANNEL 'eu'")
        #expect(try text("10.11", change) == "CHANGE MASTER 'eu' TO MASTER_DELAY = 60")
    }

    @Test(
        "a change to GTID names source, account and options in the words of each release",
        arguments: [
            (
                "5.7",
                "CHANGE MASTER TO MASTER_HOST = 'db2', MASTER_PORT = 3307, MASTER_USER = 'repl', MASTER_PASSWORD = "
                    + "<secret:repl>, MASTER_AUTO_POSITION = 1, MASTER_HEARTBEAT_PERIOD = 1.500, MASTER_CONNECT_RETRY = 5 "
                    + "FOR CHANNEL ''"
            ),
            (
                "8.0.22",
                "CHANGE MASTER TO MASTER_HOST = 'db2', MASTER_PORT = 3307, MASTER_USER = 'repl', MASTER_PASSWORD = "
                    + "<secret:repl>, MASTER_AUTO_POSITION = 1, MASTER_HEARTBEAT_PERIOD = 1.500, MASTER_CONNECT_RETRY = 5 "
                    + "FOR CHANNEL ''"
            ),
            (
                "8.0.36",
                "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'db2', SOURCE_PORT = 3307, SOURCE_USER = 'repl', "
                    + "SOURCE_PASSWORD = <secret:repl>, SOURCE_AUTO_POSITION = 1, SOURCE_HEARTBEAT_PERIOD = 1.500, "
                    + "SOURCE_CONNECT_RETRY = 5 FOR CHANNEL ''"
            ),
        ])
    func change(version: String, expected: String) throws {
        let change = SourceChange(
            source: "db2:3307", positioning: .autoPosition, user: "repl", password: SecretName(rawValue: "repl"),
            heartbeatPeriod: .milliseconds(1_500), options: ["SOURCE_CONNECT_RETRY": "5"])
        #expect(try text(version, .changeSource(channel: "", change)) == expected)
    }

    @Test("a change on MariaDB says by which kind of GTID, or that by none")
    func changeOnMariaDB() throws {
        let change = SourceChange(source: "db2", positioning: .replicaPosition)
        #expect(
            try text("10.11", .changeSource(channel: "", change))
                == "CHANGE MASTER TO MASTER_HOST = 'db2', MASTER_PORT = 3306, MASTER_USE_GTID = slave_pos")
        let place = SourceChange(positioning: .binlog(.known(BinlogPosition(file: "bin.000007", offset: 4))))
        #expect(
            try text("10.11", .changeSource(channel: "", place))
                == "CHANGE MASTER TO MASTER_USE_GTID = no, MASTER_LOG_FILE = 'bin.000007', MASTER_LOG_POS = 4")
        #expect(
            try text("8.4", .changeSource(channel: "", place))
                == "CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 0, SOURCE_LOG_FILE = 'bin.000007', "
                + "SOURCE_LOG_POS = 4 FOR CHANNEL ''")
    }

    @Test("the public key is asked for by the word of the release")
    func publicKey() throws {
        let change = Command.changeSource(channel: "", SourceChange(options: ["GET_SOURCE_PUBLIC_KEY": "1"]))
        #expect(try text("8.0.22", change) == "CHANGE MASTER TO GET_MASTER_PUBLIC_KEY = 1 FOR CHANNEL ''")
        #expect(try text("8.4", change) == "CHANGE REPLICATION SOURCE TO GET_SOURCE_PUBLIC_KEY = 1 FOR CHANNEL ''")
        #expect(
            try refusal("10.11", change)
                == "MariaDB 10.11.6 cannot set GET_SOURCE_PUBLIC_KEY: MariaDB has no such option")
    }

    @Test("a start until a point says the point")
    func until() throws {
        let position = StopPoint.position(.known(BinlogPosition(file: "b.000002", offset: 194)))
        let start = Command.startReplication(channel: "", until: position)
        #expect(
            try text("5.7", start)
                == "START SLAVE UNTIL MASTER_LOG_FILE = 'b.000002', MASTER_LOG_POS = 194 FOR CHANNEL ''")
        #expect(
            try text("8.0.22", start)
                == "START REPLICA UNTIL MASTER_LOG_FILE = 'b.000002', MASTER_LOG_POS = 194 FOR CHANNEL ''")
        #expect(
            try text("8.4", start)
                == "START REPLICA UNTIL SOURCE_LOG_FILE = 'b.000002', SOURCE_LOG_POS = 194 FOR CHANNEL ''")
        #expect(try text("10.11", start) == "START SLAVE UNTIL MASTER_LOG_FILE = 'b.000002', MASTER_LOG_POS = 194")
        let mariadb = StopPoint.mariadbPosition(.known(try GTIDPosition(parsing: "0-1-5")))
        #expect(
            try text("10.11", .startReplication(channel: "", until: mariadb))
                == "START SLAVE UNTIL master_gtid_pos = '0-1-5'")
        let gaps = Command.startReplication(channel: "", threads: .applier, until: .gapsFilled)
        #expect(try text("8.4", gaps) == "START REPLICA SQL_THREAD UNTIL SQL_AFTER_MTS_GAPS FOR CHANNEL ''")
        #expect(try refusal("10.11", gaps).hasPrefix("MariaDB 10.11.6 cannot fill gaps of parallel appliers:"))
    }

    @Test("waits use each family's function and come back within their limit")
    func waits() throws {
        let position = StopPoint.position(.known(BinlogPosition(file: "b.000002", offset: 194)))
        #expect(try text("5.7", .wait(channel: "", position)) == "SELECT MASTER_POS_WAIT('b.000002', 194, 1, '')")
        #expect(try text("8.4", .wait(channel: "c", position)) == "SELECT SOURCE_POS_WAIT('b.000002', 194, 1, 'c')")
        #expect(try text("10.11", .wait(channel: "", position)) == "SELECT MASTER_POS_WAIT('b.000002', 194, 1)")
        let gtids = StopPoint.executed(.known(.test("00000000-0000-0000-0000-000000000001:1-5")))
        #expect(
            try text("8.4", .wait(channel: "", gtids))
                == "SELECT WAIT_FOR_EXECUTED_GTID_SET('00000000-0000-0000-0000-000000000001:1-5', 1)")
        #expect(try refusal("12.1", .wait(channel: "", gtids)).contains("cannot wait for a set of GTIDs"))
    }

    @Test("variables have the names of the release, and a wrong value is refused")
    func variables() throws {
        #expect(
            try text("8.0.22", .setVariable(.semiSyncSource, to: "ON"))
                == "SET GLOBAL rpl_semi_sync_master_enabled = ON")
        #expect(
            try text("8.4", .setVariable(.semiSyncReplica, to: "off"))
                == "SET GLOBAL rpl_semi_sync_replica_enabled = OFF")
        #expect(
            try text("10.11", .setVariable(.semiSyncReplica, to: "ON")) == "SET GLOBAL rpl_semi_sync_slave_enabled = ON"
        )
        #expect(try text("8.4", .setVariable(.superReadOnly, to: "ON")) == "SET GLOBAL super_read_only = ON")
        #expect(try text("12.1", .setVariable(.superReadOnly, to: "ON")) == "SET GLOBAL read_only = 'NO_LOCK_NO_ADMIN'")
        #expect(try refusal("10.11", .setVariable(.superReadOnly, to: "ON")).contains("no super_read_only before 12.0"))
        #expect(try text("10.11", .setVariable(.replicaPosition, to: "0-1-5")) == "SET GLOBAL gtid_slave_pos = '0-1-5'")
        #expect(try refusal("8.4", .setVariable(.replicaPosition, to: "0-1-5")).contains("MariaDB alone"))
        #expect(try refusal("8.4", .setVariable(.readOnly, to: "1; DROP TABLE t")).contains("it is ON or OFF"))
    }

    @Test("writes are forbidden for as long as it may wait, on every release for every account")
    func writes() throws {
        func ban(_ name: String) throws -> String {
            let version = try #require(Self.versions.first { $0.0 == name }).1
            return try text(name, .forbidWrites(.complete(on: version, lockWait: .seconds(2))))
        }
        let frame = ("SET SESSION lock_wait_timeout = 2; ", "; SET SESSION lock_wait_timeout = DEFAULT")
        #expect(try ban("5.7") == "\(frame.0)SET GLOBAL super_read_only = ON\(frame.1)")
        #expect(try ban("8.4") == "\(frame.0)SET GLOBAL super_read_only = ON\(frame.1)")
        #expect(
            try ban("10.11")
                == "\(frame.0)FLUSH TABLES WITH READ LOCK; SET GLOBAL read_only = ON\(frame.1)")
        #expect(try ban("12.1") == "\(frame.0)SET GLOBAL read_only = 'NO_LOCK_NO_ADMIN'\(frame.1)")
        #expect(try text("10.11", .releaseWriteLock) == "UNLOCK TABLES")
        #expect(
            try refusal("8.4", .forbidWrites(WriteBan(goal: .superReadOnly, lockWait: .milliseconds(500))))
                .contains("whole seconds"))
    }

    @Test("sessions of replication, of the system and of baton's account are in no list of those that end")
    func sessions() throws {
        for name in ["5.7", "8.4", "10.11"] {
            let list = try text(name, .endSessions(.clients))
            for word in ["Binlog Dump GTID", "system user", "event_scheduler", "CURRENT_USER()", "CONNECTION_ID()"] {
                #expect(list.contains(word), "\(name) \(word)")
            }
        }
        #expect(try text("8.4", .endSessions(.privileged)).contains("CONNECTION_ADMIN"))
        #expect(try text("10.11", .endSessions(.waitingForLock)).contains("Waiting for backup lock"))
        #expect(try text("8.4", .endSessions(.transactions(since: .seconds(5)))).contains("INTERVAL 5 SECOND"))
        let dialect = CommandDialect(Self.versions[3].1)
        #expect(dialect.ending("7,12,x", .fails).map(\.text) == ["KILL 7", "KILL 12"])
    }

    @Test("events are enabled under their own definers, and what is no list of events is not said")
    func events() throws {
        let dialect = CommandDialect(Self.versions[3].1)
        // shop, it's `daily`, o'neil@%
        let list = "73686F70 69742773206064616960 6F276E65696C4025,zz 61 62"
        #expect(
            dialect.enabling(list).map(\.text)
                == ["ALTER DEFINER = 'o''neil'@'%' EVENT `shop`.`it's ``dai``` ENABLE"])
        #expect(try text("8.4", .enableEvents(of: 17)).hasSuffix("ORIGINATOR = 17"))
        #expect(
            try text("8.4", .setEventScheduler(.known(.off)))
                == "SELECT @@GLOBAL.event_scheduler; SET GLOBAL event_scheduler = OFF")
        #expect(
            try text(
                "10.11", .setReplicaPosition(.known(GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: 5)]))))
                == "SET GLOBAL gtid_slave_pos = '0-1-5'")
    }

    @Test("logs, skipping, killing and empty transactions")
    func operations() throws {
        #expect(try text("5.7", .resetBinaryLogs) == "RESET MASTER")
        #expect(try text("8.4", .resetBinaryLogs) == "RESET BINARY LOGS AND GTIDS")
        #expect(
            try text("8.4", .purgeBinaryLogs(to: "b.000009")) == "PURGE BINARY LOGS TO 'b.000009'; SHOW BINARY LOGS")
        #expect(try text("8.4", .flushBinaryLogs) == "FLUSH BINARY LOGS")
        #expect(try text("8.4", .killQuery(connection: 12)) == "KILL QUERY 12")
        #expect(try text("8.0.22", .skipEventGroup(channel: "")) == "SET GLOBAL sql_slave_skip_counter = 1")
        #expect(try text("8.4", .skipEventGroup(channel: "")) == "SET GLOBAL sql_replica_skip_counter = 1")
        #expect(
            try text("10.11", .skipEventGroup(channel: "eu"))
                == "SET SESSION default_master_connection = 'eu'; SET GLOBAL sql_slave_skip_counter = 1; "
                + "SET SESSION default_master_connection = ''")
        let empty = Command.injectEmptyTransaction(.test("00000000-0000-0000-0000-000000000001:4-5"))
        #expect(
            try text("8.4", empty)
                == "SET GTID_NEXT = '00000000-0000-0000-0000-000000000001:4'; BEGIN; COMMIT; "
                + "SET GTID_NEXT = '00000000-0000-0000-0000-000000000001:5'; BEGIN; COMMIT; SET GTID_NEXT = 'AUTOMATIC'"
        )
        let mad = Command.injectEmptyTransaction(.test("00000000-0000-0000-0000-000000000001:1-9999999999"))
        #expect(try refusal("8.4", mad).contains("it holds 9999999999 transactions"))
        #expect(try refusal("10.11", empty).contains("cannot inject an empty transaction"))
    }

    @Test("a value that is read later stands there in words, and cannot be sent before it is known")
    func late() throws {
        let place = Observation(.executedPosition, of: "db3")
        let command = Command.changeSource(channel: "", SourceChange(positioning: .binlog(.observed(place))))
        let dialect = CommandDialect(ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 3))
        let preview = try #require(try dialect.statements(for: command).first)
        #expect(
            preview.text
                == "CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 0, SOURCE_LOG_FILE = <executed position of "
                + "db3:3306>, SOURCE_LOG_POS = <executed position of db3:3306> FOR CHANNEL ''")
        #expect(preview.awaited == [place, place])
        #expect(throws: CommandError.notObserved(place)) { try preview.filled { _ in nil } }
        var observed = Observed()
        observed.note("b'.000003:77", for: place)
        let known = try #require(try dialect.statements(for: command, observed: observed).first)
        #expect(
            try known.filled { _ in nil }
                == "CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 0, SOURCE_LOG_FILE = 'b''.000003', "
                + "SOURCE_LOG_POS = 77 FOR CHANNEL ''")
        observed.note("no position", for: place)
        #expect(throws: CommandError.notObserved(place)) { try dialect.statements(for: command, observed: observed) }
    }

    @Test("a secret is filled in quoted, and printed by its name only")
    func secrets() throws {
        let name = SecretName(rawValue: "repl")
        let dialect = CommandDialect(ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 6))
        let statement = try #require(
            try dialect.statements(for: .changeSource(channel: "", SourceChange(password: name))).first)
        #expect(statement.secrets == [name])
        #expect("\(statement)" == "CHANGE MASTER TO MASTER_PASSWORD = <secret:repl>")
        #expect(try statement.filled { _ in #"p'a\s"# } == #"CHANGE MASTER TO MASTER_PASSWORD = 'p''a\\s'"#)
        #expect(throws: CommandError.missingSecret(name)) { try statement.filled { _ in nil } }
    }

    @Test(
        "an option's value that is more than a value is refused",
        arguments: ["1, SOURCE_HOST='x'", "'a' 'b'", "", "'a\\'"])
    func hostileOptions(value: String) throws {
        let change = Command.changeSource(channel: "", SourceChange(options: ["SOURCE_SSL_CA": value]))
        #expect(try refusal("8.4", change).contains("it is no number, word, quoted text, account or list of numbers"))
    }
}
