import TestSupport
import Testing
import Topology

@testable import Servers

@Suite("Reading a replica status")
struct ReplicaStatusDecoderTests {
    private func channels(_ result: ResultSet, zone: Duration? = .zero) -> [ReplicationChannel] {
        var decoder = ReplicaStatusDecoder()
        return decoder.channels(in: result, zone: zone)
    }

    @Test("MySQL's words of 8.0.22 and those before give the same channel")
    func bothWordingsGiveTheSame() throws {
        let new = channels(ReplicaStatusSamples.mysql())
        #expect(new == channels(ReplicaStatusSamples.oldMySQL()))
        let channel = try #require(new.first)
        #expect(channel.source == InstanceAddress(host: "db0", port: 3307))
        #expect(channel.sourceServerID == 100)
        #expect(channel.sourceUUID == ServerUUID(ScriptedServer.sourceUUID))
        #expect(channel.receiver == .running)
        #expect(channel.applier == .running)
        #expect(channel.received == BinlogPosition(file: "bin.000001", offset: 866))
        #expect(channel.executed == BinlogPosition(file: "bin.000001", offset: 800))
        #expect(channel.relayLog == BinlogPosition(file: "vm-relay-bin.000002", offset: 1071))
        #expect(channel.lag == Lag(measured: .seconds(7)))
        #expect(channel.positioning == .autoPosition)
        #expect(channel.retrieved == (try GTIDSet(parsing: "\(ScriptedServer.sourceUUID):1-10")))
        #expect(channel.user == "repl")
        #expect(channel.usesTLS)
    }

    @Test("MariaDB's named connections are channels, with their heartbeats and GTID positioning")
    func mariadbConnections() throws {
        let found = channels(
            ReplicaStatusSamples.together(
                ReplicaStatusSamples.mariadb(connection: "west", changing: ["Using_Gtid": "Current_Pos"]),
                ReplicaStatusSamples.mariadb(changing: ["Slave_IO_Running": "Preparing"])))
        #expect(found.map(\.name) == ["", "west"])
        #expect(found.map(\.positioning) == [.replicaPosition, .currentPosition])
        #expect(found.map(\.receiver) == [.connecting, .running])
        #expect(found[0].heartbeatPeriod == .seconds(2))
        #expect(found[0].heartbeatsReceived == 567)
        #expect(found[0].retrieved == nil)
        #expect(found[0].receivedGTIDs == (try GTIDPosition(parsing: "0-100-5")))
    }

    @Test("a stopped applier, its error with its time by the server's zone, and a lag that is NULL")
    func brokenReplica() throws {
        let found = channels(
            ReplicaStatusSamples.mysql(changing: [
                "Replica_SQL_Running": "No", "Replica_IO_Running": "Connecting", "Seconds_Behind_Source": nil,
                "Last_SQL_Errno": "1062", "Last_SQL_Error": "Duplicate entry \u{1B}[31m'1'\u{202E}",
                "Last_SQL_Error_Timestamp": "240301 01:00:00", "Last_IO_Errno": "2003",
                "Last_IO_Error": "error connecting to source", "Last_IO_Error_Timestamp": "",
            ]), zone: .seconds(3600))
        let channel = try #require(found.first)
        #expect(channel.applier == .stopped)
        #expect(channel.receiver == .connecting)
        #expect(channel.lag == nil)
        #expect(channel.applierError?.code == 1062)
        #expect(channel.applierError?.message == "Duplicate entry [31m'1'")
        #expect(channel.applierError?.at == Timestamp(seconds: 1_709_251_200))
        #expect(channel.receiverError == ReplicationError(code: 2003, message: "error connecting to source"))
    }

    @Test("a delay is kept with the lag, filters of any kind with their channel")
    func delayAndFilters() throws {
        let found = channels(
            ReplicaStatusSamples.mysql(changing: [
                "SQL_Delay": "3600", "Seconds_Behind_Source": "3607", "Replicate_Do_DB": "shop",
                "Replicate_Rewrite_DB": "(a,b)", "Replicate_Ignore_Server_Ids": "7",
            ]))
        let channel = try #require(found.first)
        #expect(channel.delay == .seconds(3600))
        #expect(channel.lag?.beyondDelay == .seconds(7))
        #expect(
            channel.filters == [
                ReplicationFilter(kind: "do-db", value: "shop"), ReplicationFilter(kind: "rewrite-db", value: "(a,b)"),
                ReplicationFilter(kind: "ignore-server-ids", value: "7"),
            ])
    }

    @Test(
        "a reset replica, one that orchestrator reset and one that it detached have no source",
        arguments: ["", "_", "//db0"])
    func noSource(host: String) {
        #expect(channels(ReplicaStatusSamples.mysql(host: host)).map(\.source) == [nil])
    }

    @Test("a detached replica is remembered with the source that it had")
    func detached() {
        let address = InstanceAddress(host: "db0", port: 3307)
        #expect(channels(ReplicaStatusSamples.mysql(host: "//db0")).map(\.detachedFrom) == [address])
        #expect(channels(ReplicaStatusSamples.mysql(host: "db0")).map(\.detachedFrom) == [nil])
    }

    @Test("group replication's own channels are no channels")
    func internalChannels() {
        let found = channels(
            ReplicaStatusSamples.together(
                ReplicaStatusSamples.mysql(channel: "group_replication_applier", host: "<NULL>"),
                ReplicaStatusSamples.mysql(channel: "group_replication_recovery"),
                ReplicaStatusSamples.mysql(channel: "west")))
        #expect(found.map(\.name) == ["west"])
    }

    @Test("any columns may be missing, NULL or nonsense")
    func fuzz() {
        var random = SeededGenerator(seed: 7)
        let values: [String?] = [
            nil, "", "Yes", "No", "-1", "0", "18446744073709551616", "99999999999999999999999", "1e400", "nan", "-inf",
            "\u{FFFD}", "999999 99:99:99", "000000 00:00:00", "a:1-9223372036854775808", "//", "[::1", "1.5",
        ]
        let samples = [
            ReplicaStatusSamples.mysql(), ReplicaStatusSamples.oldMySQL(), ReplicaStatusSamples.mariadb(),
        ]
        var decoder = ReplicaStatusDecoder()
        for _ in 0..<1000 {
            let sample = samples.randomElement(using: &random) ?? samples[0]
            let columns = sample.columns.filter { _ in Int.random(in: 0..<10, using: &random) > 0 }.shuffled(
                using: &random)
            let rows = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                columns.map { _ in values.randomElement(using: &random) ?? nil }
            }
            let found = decoder.channels(in: ResultSet(columns: columns, rows: rows), zone: .seconds(-43_200))
            #expect(found.count <= rows.count)
            #expect(found.allSatisfy { $0.delay >= .zero && ($0.lag?.measured ?? .zero) >= .zero })
        }
    }
}

@Suite("Times in a replica's log columns")
struct LogTimeTests {
    @Test("are read in the server's zone, leap days included")
    func readsTimes() {
        #expect(LogTime.timestamp(of: "240229 23:59:59", zone: .zero) == Timestamp(seconds: 1_709_251_199))
        #expect(LogTime.timestamp(of: "000101 00:00:00", zone: .zero) == Timestamp(seconds: 946_684_800))
        #expect(LogTime.timestamp(of: "261122 18:30:00", zone: .seconds(7200)) == Timestamp(seconds: 1_795_365_000))
    }

    @Test(
        "are left out where they are none",
        arguments: ["", "241301 00:00:00", "240101 24:00:00", "240101", "x y", "240100 00:00:00"])
    func refusesNonsense(text: String) {
        #expect(LogTime.timestamp(of: text, zone: .zero) == nil)
    }
}
