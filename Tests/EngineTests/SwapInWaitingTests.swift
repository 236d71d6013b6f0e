import Foundation
import Recovery
import Refactoring
import Synchronization
import TestSupport
import Testing
import Topology

@testable import Engine
@testable import Operations

/// The loop that waits; what it finds is made of fleets, and the switchover is only asked for.
@Suite("Waiting for the preferred server after a failover", .timeLimit(.minutes(1)))
struct SwapInWaitingTests {
    private let swap = SwapIn(of: "db2", for: "db1")
    private let desk = OperationDesk(OperatingSettings(), lookingOnly: "a test")

    private static var well: Fleet { Fleet([.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db1")]) }
    private static var late: Fleet {
        var fleet = well
        fleet.update(Instance.replica("db2", of: "db1").withChannel { $0.delay = .seconds(60) })
        return fleet
    }

    private static let report = OperationReport(
        operation: 9, ending: .done, durations: [], changedOptions: [], states: [:], choices: [])

    /// - Parameter looks: what each look finds; the last one again and again.
    private func outcome(
        within limit: Duration, _ looks: [(Fleet, [String])],
        run: @escaping @Sendable (Plan) throws(OperationError) -> OperationReport = { _ in report },
        onLook: @escaping @Sendable () -> Void = {}
    ) async -> (SwapInOutcome, looks: Int, runs: Int) {
        let looked = Mutex(0)
        let ran = Mutex(0)
        let desk = desk
        let outcome = await desk.swapIn(swap, within: limit, afterOperation: 1) {
            let place = looked.withLock { count in
                defer { count += 1 }
                return count
            }
            onLook()
            let (fleet, objections) = looks[min(place, looks.count - 1)]
            return (desk.scene(of: fleet, now: .testNow), objections)
        } run: { plan, _, _ throws(OperationError) in
            ran.withLock { $0 += 1 }
            return try run(plan)
        }
        return (outcome, looked.withLock { $0 }, ran.withLock { $0 })
    }

    @Test("the switchover is made when two looks in a row find it ready")
    func ready() async {
        let (outcome, looks, runs) = await outcome(
            within: .seconds(30), [(Self.well, []), (Self.late, []), (Self.well, [])])
        guard case .done(let report) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(report.operation == 9 && looks == 4 && runs == 1)
        #expect(outcome.words(for: swap).contains("took over from db1:3306 (operation 9)"))
    }

    @Test("where the time ends nothing is made, and it is said why and what an operator does")
    func late() async {
        let (outcome, _, runs) = await outcome(within: .milliseconds(1), [(Self.late, [])])
        guard case .notMade(let why) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(why.contains("not ready in time") && why.contains("60 s behind on purpose") && runs == 0)
        #expect(outcome.words(for: swap).hasSuffix("later: baton switchover db1:3306 --to db2:3306"))
    }

    @Test("a brake keeps it away though the server is ready")
    func brake() async {
        let (outcome, _, runs) = await outcome(
            within: .milliseconds(1), [(Self.well, ["recoveries are disabled everywhere"])])
        guard case .notMade(let why) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(why.contains("recoveries are disabled everywhere") && runs == 0)
    }

    @Test("a switchover that is not begun is not tried again, and one that fails waits for a decision")
    func fails() async {
        let ready = [(Self.well, [String]())]
        let (refused, _, runs) = await outcome(within: .seconds(30), ready) { _ throws(OperationError) in
            throw .hook("pre-switchover failed")
        }
        guard case .notMade(let why) = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(why.contains("pre-switchover failed") && runs == 1)
        let (failed, _, _) = await outcome(within: .seconds(30), ready) { _ throws(OperationError) in
            var report = Self.report
            report.ending = .stopped(before: 2)
            return report
        }
        guard case .unfinished = failed else {
            Issue.record("\(failed)")
            return
        }
    }

    @Test("who ends the waiting leaves everything as the failover left it")
    func cancelled() async {
        let (looks, look) = AsyncStream.makeStream(of: Void.self)
        let work = Task { await self.outcome(within: .seconds(600), [(Self.late, [])], onLook: { look.yield() }) }
        for await _ in looks { break }
        work.cancel()
        let (end, _, runs) = await work.value
        guard case .notMade(let why) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(why.contains("told to stop") && runs == 0)
    }
}
