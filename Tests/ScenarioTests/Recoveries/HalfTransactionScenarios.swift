import Lab
import Operations
import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

@testable import Lab

extension RecoveryScenarios {
    @Suite("A primary that dies while it sends a transaction")
    struct HalfTransactions {
        /// Where the applier is stopped, MySQL's parallel ones wait a minute for the rest (measured on 9.7).
        @Test("a replica that has half of it follows the new primary at once", arguments: [4, 1])
        func half(workers: Int) async throws {
            try await Mover.onLab("mysql: a(b c)") { lab, mover in
                try await mover.prepareTable(workers: workers, on: "c")
                // The new primary has none of it, so that nothing but the other one's half can hold anybody up.
                try await lab["b"].execute("STOP REPLICA IO_THREAD")
                let before = try await mover.scene()
                async let writing: Void = mover.writeMuch(on: "a")
                try await eventually(within: .seconds(60), "a large transaction is on its way to c") {
                    let queueing = "SELECT QUEUEING_TRANSACTION FROM performance_schema.replication_connection_status"
                    return try await lab["c"].value(queueing)?.isEmpty == false
                }
                try await lab["a"].kill()
                await writing
                try await mover.untilLost(by: ["c"])
                let scene = try await mover.scene(after: before, losing: ["a"])
                let report = try await mover.carryOut(
                    .failover(of: mover.address("a"), to: mover.address("b"), FailoverPolicy()), in: scene)
                let plan = try #require(try await mover.journal.operation(report.operation)).plan
                let index = try #require(plan.steps.firstIndex { $0.purpose.hasPrefix("follow ") })
                let took = try #require(report.durations[index])
                print("half a transaction, \(workers) workers: c follows b after \(took)")
                // A tenth of a second, on a machine that has nothing else to do.
                #expect(took < .seconds(5))
                #expect(try await mover.source(of: "c") == "b")
                try await lab["b"].execute("INSERT INTO half.s VALUES (2)")
                try await eventually(within: .seconds(20), "c goes on from b") {
                    try await lab["c"].value("SELECT COUNT(*) FROM half.s") == "2"
                }
                #expect(try await lab["c"].value("SELECT COUNT(*) FROM half.t") == "0", "the half is rolled back")
            }
        }
    }
}

extension Mover {
    fileprivate func prepareTable(workers: Int, on replica: String) async throws {
        try await lab[replica].execute("STOP REPLICA SQL_THREAD")
        try await lab[replica].execute("SET GLOBAL replica_parallel_workers = \(workers)")
        try await lab[replica].execute("START REPLICA SQL_THREAD")
        try await lab["a"].execute("CREATE DATABASE half")
        try await lab["a"].execute("CREATE TABLE half.t (id INT AUTO_INCREMENT PRIMARY KEY, b LONGBLOB)")
        try await lab["a"].execute("CREATE TABLE half.s (id INT PRIMARY KEY)")
        try await lab["a"].execute("INSERT INTO half.s VALUES (1)")
        for name in ["b", "c"] {
            try await eventually(within: .seconds(20), "the row has come to \(name)") {
                (try? await lab[name].value("SELECT COUNT(*) FROM half.s")) == "1"
            }
        }
    }

    /// One transaction of 200 MB; its server is killed while it is sent, so that the answer may not come.
    fileprivate func writeMuch(on primary: String) async {
        let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) SELECT i FROM n"
        _ = try? await lab[primary].execute(
            "INSERT INTO half.t (b) SELECT REPEAT('x', 1000000) FROM (\(rows)) many")
    }
}
