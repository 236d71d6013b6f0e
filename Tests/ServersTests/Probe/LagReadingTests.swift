import Testing
import Topology

@testable import Servers

@Suite("Lag from a heartbeat table or a query")
struct LagReadingTests {
    private let table = HeartbeatTable(schema: "percona", table: "heartbeat")

    private func reading(_ rows: [(id: String, utc: String?, local: String?)], clock: HeartbeatTable.Clock = .automatic)
        -> LagReading
    {
        var table = table
        table.clock = clock
        let result = ResultSet(
            columns: ["server_id", "utc_age", "local_age"], rows: rows.map { [$0.id, $0.utc, $0.local] })
        return LagReading.heartbeats(result, table: table)
    }

    private func channel(source: UInt32 = 100, behind: Duration? = nil, delay: Duration = .zero) -> ReplicationChannel {
        var channel = ReplicationChannel(source: InstanceAddress(host: "db0"), sourceServerID: source)
        channel.lag = behind.map { Lag(measured: $0) }
        channel.delay = delay
        return channel
    }

    @Test("is the age of the freshest row that another server wrote, with the table named")
    func freshestOfOthers() {
        let reading = reading([("100", "9000000", "9000000"), ("50", "2345678", "2345678"), ("1", "10", "10")])
        let lag = reading.lag(of: channel(delay: .seconds(1)), ownServerID: 1, channelCount: 1)
        #expect(
            lag
                == Lag(
                    measured: .milliseconds(2300), delay: .seconds(1), origin: .heartbeatTable("percona.heartbeat")))
        #expect(lag?.beyondDelay == .milliseconds(1300))
    }

    @Test("with several channels each has the row of its own source")
    func severalChannels() {
        let reading = reading([("100", "9000000", "9000000"), ("50", "2000000", "2000000")])
        #expect(reading.lag(of: channel(source: 100), ownServerID: 1, channelCount: 2)?.measured == .seconds(9))
        #expect(reading.lag(of: channel(source: 50), ownServerID: 1, channelCount: 2)?.measured == .seconds(2))
        #expect(reading.lag(of: channel(source: 7), ownServerID: 1, channelCount: 2)?.measured == .seconds(2))
    }

    @Test("is never negative, however far the writer's clock is ahead")
    func clockSkew() {
        let reading = reading([("100", "-3000000", "-3000000")])
        #expect(reading.lag(of: channel(), ownServerID: 1, channelCount: 1)?.measured == .zero)
    }

    @Test(
        "finds out in which zone the writer notes the time",
        arguments: [
            // Stamps in UTC on a server two hours east of it, then in local time; no lag, then three seconds.
            ("500000", "7200500000", nil, 0.5), ("-7199500000", "500000", nil, 0.5),
            ("3000000", "7203000000", 3, 3), ("7200000000", "14400000000", 14_400, 14_400),
            ("-7199000000", "1000000", 0, 1),
        ] as [(String, String, Int?, Double)])
    func zones(utc: String, local: String, behind: Int?, expected: Double) {
        let lag = reading([("100", utc, local)]).lag(
            of: channel(behind: behind.map { .seconds($0) }), ownServerID: 1, channelCount: 1)
        #expect(lag?.measured == .milliseconds(Int64(expected * 1000)))
    }

    @Test("obeys a clock that is configured")
    func configuredClock() {
        let rows = [("100", "1000000", "7201000000")] as [(String, String?, String?)]
        #expect(reading(rows, clock: .utc).lag(of: channel(), ownServerID: 1, channelCount: 1)?.measured == .seconds(1))
        #expect(
            reading(rows, clock: .local).lag(of: channel(), ownServerID: 1, channelCount: 1)?.measured == .seconds(7201)
        )
    }

    @Test("a table with nobody else's row, or with no time in it, says nothing")
    func nothing() {
        #expect(reading([("1", "10", "10")]).lag(of: channel(), ownServerID: 1, channelCount: 1) == nil)
        #expect(reading([("100", nil, nil)]).lag(of: channel(), ownServerID: 1, channelCount: 1) == nil)
        #expect(reading([]).lag(of: channel(), ownServerID: 1, channelCount: 1) == nil)
    }

    @Test("a query's one value counts in seconds, with or without a fraction")
    func query() {
        func value(_ cell: String?) -> LagReading? { LagReading.value(ResultSet(columns: ["lag"], rows: [[cell]])) }
        #expect(value("2.57") == .value(.milliseconds(2500)))
        #expect(value("3") == .value(.seconds(3)))
        #expect(value(nil) == nil)
        #expect(value("soon") == nil)
        #expect(value("1e300") == nil)
        #expect(LagReading.value(ResultSet(columns: ["lag"], rows: [])) == nil)
        #expect(
            value("-1")?.lag(of: channel(), ownServerID: 1, channelCount: 1) == Lag(measured: .zero, origin: .query))
    }

    @Test("a heartbeat table's names are quoted as names")
    func quoting() {
        let query = HeartbeatTable(schema: "a`b", table: "t").query
        #expect(query.hasSuffix("FROM `a``b`.`t`"))
    }
}

@Suite("A query from the configuration")
struct CustomQueryTests {
    @Test("is one statement, and loses a semicolon at its end")
    func accepts() throws {
        #expect(try CustomQuery("  SELECT 'a;b', \";\", `x;` FROM t ;; \n").sql == "SELECT 'a;b', \";\", `x;` FROM t")
    }

    @Test("is refused where it is empty, or more than one statement, or can't be seen to be one")
    func refuses() {
        #expect(throws: CustomQuery.Flaw.empty) { try CustomQuery(" ; ") }
        for text in [
            "SELECT 1; SELECT 2", "SELECT 'a", "SELECT 1 -- x", "SELECT 1 # x", "SELECT /* ; */ 1", "SELECT 'a\\'; b'",
        ] {
            #expect(throws: CustomQuery.Flaw.manyStatements) { try CustomQuery(text) }
        }
    }
}
