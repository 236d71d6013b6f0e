import Servers
import TestSupport
import Testing
import Topology

@testable import Lab

extension Mover {
    /// Writes rows to the first of these servers for the time of `body`, and compares afterwards: each of them must have
    /// every acknowledged row, the same checksum, and the same transactions.
    ///
    /// - Parameter whole: whose whole tables and histories are compared; all of them unless told otherwise.
    @discardableResult
    func underLoad<Value>(
        _ names: [String], comparing whole: [String]? = nil, rate: Int = 100, _ body: () async throws -> Value
    ) async throws -> Value {
        let primary = lab[names[0]]
        let load = try await lab.startWorkload(on: [primary], rate: rate)
        let value = try await during(load, comingTo: names, body)
        try await expectEqualData(names, whole: whole ?? names, load)
        return value
    }

    /// Runs `body` once rows have come to all of these servers, and ends the writing after it, however it ends.
    func during<Value>(
        _ load: Lab.RunningWorkload, comingTo names: [String], _ body: () async throws -> Value
    ) async throws -> Value {
        let result: Result<Value, any Error>
        do {
            let rows = "SELECT COUNT(*) FROM baton_lab.workload WHERE run = \(load.workload.run)"
            for name in names {
                try await eventually("rows have come to \(name)") {
                    (try? await lab[name].value(rows)).map { $0 != "0" } ?? false
                }
            }
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        try await load.stop()
        return try result.get()
    }

    /// Waits until each of these servers has every acknowledged row, and all the same number.
    func untilAllHaveAllRows(_ names: [String], _ load: Lab.RunningWorkload) async throws {
        let members = lab.servers(names)
        try await eventually(within: .seconds(30), "all of \(names) have all rows") {
            let report = try await load.workload.report(on: members)
            // A row whose answer was lost when the workload ended may still be on its way.
            return report.servers.allSatisfy { $0.notYet == 0 && $0.missing == 0 && $0.failure == nil }
                && Set(report.servers.map(\.rows)).count == 1
        }
    }

    private func expectEqualData(_ names: [String], whole: [String], _ load: Lab.RunningWorkload) async throws {
        let members = lab.servers(names)
        try await untilAllHaveAllRows(names, load)
        let report = try await load.workload.report(on: members)
        // The answer to the last row may be lost when the workload ends.
        #expect(report.failed <= 1 && report.acknowledged > 0)
        #expect(Set(report.servers.map(\.rows)).count == 1, "\(report.servers)")
        let checksums = try await lab.servers(whole).asyncMap { try await $0.checksum("baton_lab.workload") }
        #expect(Set(checksums).count == 1, "\(whole) \(checksums)")
        try await expectEqualTransactions(whole)
    }

    /// The same history: what one has twice or of its own is seen here, also where tables do not tell.
    private func expectEqualTransactions(_ names: [String]) async throws {
        let question =
            lab[names[0]].flavour == .mysql ? "SELECT @@GLOBAL.gtid_executed" : "SELECT @@GLOBAL.gtid_binlog_pos"
        try await eventually(within: .seconds(10), "\(names) have the same transactions") {
            Set(try await lab.servers(names).asyncMap { try await $0.value(question) }).count == 1
        }
    }
}

extension LabServer {
    /// What the server computes over a table's rows.
    func checksum(_ table: String) async throws -> String? {
        try await execute("CHECKSUM TABLE \(table)").first?.text(row: 0, column: 1)
    }

    /// Runs a statement in the words of its family.
    func execute(mysql: String, mariadb: String) async throws {
        try await execute(flavour == .mysql ? mysql : mariadb)
    }
}

extension Sequence {
    /// One after the other.
    func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
