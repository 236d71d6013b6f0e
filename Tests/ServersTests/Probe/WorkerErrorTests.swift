import Lab
import Servers
import TestSupport
import Testing
import Topology

@testable import Servers

/// Parallel appliers of MySQL: the replica status names the worker that had an error, the table of workers the error.
@Suite("An error of a parallel applier's worker")
struct WorkerErrorTests {
    private static let table = "SELECT CHANNEL_NAME, LAST_ERROR_NUMBER"
    private static let columns = ["CHANNEL_NAME", "LAST_ERROR_NUMBER", "LAST_ERROR_MESSAGE", "LAST_ERROR_AT"]
    /// As MySQL 9.7 gives them.
    private static let coordinator =
        "Coordinator stopped because there were error(s) in the worker(s). The most recent failure being: Worker 1 "
        + "failed executing transaction '\(ScriptedServer.sourceUUID):11' at source log bin.000001, end_log_pos 1234. "
        + "See error log and/or performance_schema.replication_applier_status_by_worker table for more details about "
        + "this failure or others, if any."
    private static let worker =
        "Worker 1 failed executing transaction '\(ScriptedServer.sourceUUID):11' at source log bin.000001, "
        + "end_log_pos 1234; Could not execute Write_rows event on table shop.t; Duplicate entry '7' for key "
        + "'t.PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY"

    private func server() -> ScriptedServer {
        var server = ScriptedServer.mysql("9.7.4")
        server.set("SHOW REPLICA STATUS", .rows(ReplicaStatusSamples.mysql()))
        server.rows("SELECT c.CHANNEL_NAME", ["CHANNEL_NAME"], [])
        server.rows("SHOW BINARY LOG STATUS", ["File", "Position"], [["bin.000003", "1"]])
        server.rows("SHOW REPLICAS", ["Server_Id", "Host", "Port", "Source_Id", "Replica_UUID"], [])
        return server
    }

    private func stop(_ server: inout ScriptedServer) {
        server.set(
            "SHOW REPLICA STATUS",
            .rows(
                ReplicaStatusSamples.mysql(changing: [
                    "Replica_SQL_Running": "No", "Last_SQL_Errno": "1062", "Last_SQL_Error": Self.coordinator,
                    "Last_SQL_Error_Timestamp": "231114 23:13:20",
                ])))
    }

    @Test("is read in the poll that finds the applier stopped, and from then on in its one round trip")
    func read() throws {
        var server = server()
        let session = ProbeSession()
        server.poll(session)
        #expect(!server.asked.contains { $0.hasPrefix(Self.table) }, "nobody asks while all is well")
        stop(&server)
        server.rows(Self.table, Self.columns, [["", "1062", Self.worker, "1700000000.250000"]])
        var before = server.batches.count
        server.poll(session)
        #expect(server.batches.count == before + 2)
        #expect(
            session.facts?.channels.map(\.applierError) == [
                ReplicationError(code: 1062, message: Self.worker, at: Timestamp(microseconds: 1_700_000_000_250_000))
            ])
        before = server.batches.count
        server.poll(session)
        #expect(server.batches.count == before + 1)
        #expect(!session.isChanged)

        server.set("SHOW REPLICA STATUS", .rows(ReplicaStatusSamples.mysql()))
        server.poll(session)
        #expect(session.facts?.channels.map(\.applierError) == [nil])
        before = server.batches.count
        server.poll(session)
        #expect(server.batches.count == before + 1)
        #expect(server.batches.last?.contains { $0.hasPrefix(Self.table) } == false)
    }

    @Test("is the one that came first; workers that stopped because of it don't count")
    func first() {
        let others = "Replica worker has stopped after at least one previous worker encountered an error"
        let result = ResultSet(
            columns: Self.columns,
            rows: [
                ["", "3030", others, "1700000000.100000"], ["", "1032", "later", "1700000002.000000"],
                ["", "1062", Self.worker, "1700000001.000000"], ["", "3030", others, "1700000000.000000"],
                ["east", "3030", others, "0.000000"], ["west", "0", "", "0.000000"], ["west", nil, nil, nil],
            ])
        let errors = WorkerErrors.byChannel(result)
        #expect(errors.mapValues(\.code) == ["": 1062, "east": 3030])
        #expect(errors["east"]?.at == nil)
    }

    @Test("leaves the coordinator's word where there is none, and where it may not be read, with the GRANT")
    func unreadable() {
        var server = server()
        stop(&server)
        server.rows(Self.table, Self.columns, [])
        var session = ProbeSession()
        server.poll(session)
        #expect(session.facts?.channels.first?.applierError?.message == Self.coordinator)
        #expect(session.facts?.unavailable == [])

        server.set(Self.table, .failure(code: 1142, message: "SELECT command denied"))
        session = ProbeSession()
        server.poll(session)
        #expect(session.facts?.channels.first?.applierError?.message == Self.coordinator)
        #expect(
            session.facts?.unavailable.map(\.remedy) == [
                "GRANT SELECT ON performance_schema.replication_applier_status_by_worker TO 'baton'@'10.%'"
            ])
    }

    @Test("a parallel applier's error is told in full, with the transaction", .enabled { await LabServers.hasMySQL() })
    func real() async throws {
        try await LabServers.with("mysql: a(b)") { lab in
            let prober = lab["b"].prober()
            _ = await prober.probe()
            #expect(try await lab["b"].execute("SELECT @@replica_parallel_workers")[0].text(row: 0, column: 0) == "4")
            let status = try await lab["b"].breakReplica(in: lab)
            #expect(status.hasPrefix("Coordinator stopped"), "\(status)")
            let before = await prober.statistics.roundTrips
            let channel = try #require(await prober.probe().facts?.channels.first)
            #expect(channel.applier == .stopped)
            let error = try #require(channel.applierError)
            #expect(error.code == 1062)
            #expect(error.message.contains("failed executing transaction '"), "\(error.message)")
            #expect(error.message.contains("Duplicate entry"), "\(error.message)")
            let age = try #require(error.at.map { Timestamp.now() - $0 })
            #expect(age >= .zero && age < .seconds(60))
            #expect(await prober.statistics.roundTrips == before + 2)
            _ = await prober.probe()
            #expect(await prober.statistics.roundTrips == before + 3)
            try await lab["b"].startReplica()
            let mended = try #require(await prober.probe().facts?.channels.first)
            #expect(mended.applierError == nil)
            await prober.close()
        }
    }
}
