import Lab
import Testing

@Suite("What a workload's log and the servers say together")
struct WorkloadReportTests {
    /// Rows 1 to 6, half a second apart; 4 was not acknowledged.
    private let entries = (1...6).map { sequence in
        let sent = Int64(sequence) * 500_000
        return WorkloadEntry(
            sequence: Int64(sequence), outcome: sequence == 4 ? .failed : .acknowledged, server: "a", sent: sent,
            answered: sent + Int64(sequence) * 1000)
    }

    private func report(_ found: Result<[Int64], LabError>) -> WorkloadReport {
        WorkloadReport(run: 1, entries: entries, rows: [("b", found)])
    }

    @Test("the longest pause spans the rows that were not acknowledged")
    func pause() {
        let report = report(.success([1, 2, 3, 5, 6]))
        #expect(report.acknowledged == 5)
        #expect(report.failed == 1)
        #expect(report.longestPause == 1.002)
        #expect(report.longestPauseBegan == 1_503_000)
        #expect(report.medianLatency == 3)
        #expect(report.worstLatency == 6)
    }

    @Test("a row below the newest is missing, one above may still come")
    func missing() throws {
        let server = try #require(report(.success([1, 3])).servers.first)
        #expect(server.missing == 1)
        #expect(server.notYet == 2)
        #expect(server.secondsBehind == 1.503)
    }

    @Test("a row that is there without an acknowledgement is no loss, and one written since is not counted")
    func unacknowledged() throws {
        let server = try #require(report(.success([1, 2, 3, 4, 5, 6, 7, 8])).servers.first)
        #expect(server.unacknowledged == 1)
        #expect(server.rows == 6)
        #expect(server.missing + server.notYet == 0)
    }

    @Test("an empty server has everything to come, and one that can't be asked says why")
    func nothing() throws {
        let empty = try #require(report(.success([])).servers.first)
        #expect(empty.notYet == 5)
        #expect(empty.secondsBehind == nil)
        let unreachable = try #require(report(.failure(.unsuitable(server: "b", reason: "it is down"))).servers.first)
        #expect(unreachable.failure == "b: it is down")
    }

    @Test("a log without entries gives a report of nothing")
    func noEntries() {
        let report = WorkloadReport(run: 1, entries: [], rows: [("a", .success([]))])
        #expect(report.acknowledged == 0)
        #expect(report.medianLatency == nil)
    }
}
