import Foundation
import Hooks
import Recovery
import Refactoring
import Servers
import Storage
import TestSupport
import Testing
import Topology

@testable import Engine
@testable import Operations

/// What hooks are told and what is written down when a recovery is tried again, or resumed.
@Suite("A recovery that is begun more than once", .timeLimit(.minutes(1)))
struct RecoveryAttemptTests {
    private let executed = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"

    private var fleet: Fleet {
        Fleet([
            .source("a", executed: executed).unreachable(), .replica("b", of: "a", executed: executed),
            .replica("c", of: "a", executed: executed),
        ])
    }

    private struct Bench {
        let desk: OperationDesk
        let store: Store
        let log: String

        var lines: [String] {
            ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
        }
    }

    private func withBench(
        _ hooks: (_ log: String) -> Hooks, _ body: (Bench) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "baton-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await Store.open(at: folder.appending(path: "baton.db").path)
        let connection = ConnectionSettings(credentials: Credentials(user: "root"))
        let log = folder.appending(path: "hooks.log").path
        let settings = OperatingSettings(hooks: hooks(log))
        let desk = OperationDesk(settings, store: store) { LiveServers(settings: { _ in connection }) }
        try await body(Bench(desk: desk, store: store, log: log))
        try store.close()
    }

    private func plan(_ desk: OperationDesk, in scene: RuleScene) throws -> Plan {
        try #require(desk.plan(.recovery(.failover(of: "a", to: "b", FailoverPolicy())), in: scene).plan)
    }

    @Test("a fence that fails again and again is one record, whose unsuccessful end is told once")
    func repeated() async throws {
        try await withBench { log in
            Hooks([.fence: ["echo fence >> \(log); exit 1"], .postUnsuccessful: ["echo in vain >> \(log)"]])
        } _: { bench in
            let scene = bench.desk.scene(of: fleet)
            let plan = try plan(bench.desk, in: scene)
            var order = RecoveryOrder(.automatic)
            for attempt in 1...3 {
                await #expect(throws: OperationError.self) {
                    _ = try await bench.desk.run(plan, in: scene, order: order)
                }
                let records = try await bench.store.recoveries()
                #expect(records.count == 1 && records.first?.outcome == .notBegun, "\(attempt): \(records)")
                order.repeats = records.first?.id
            }
            #expect(bench.lines == ["fence", "in vain", "fence", "fence"])
            let record = try #require(try await bench.store.recoveries().first)
            #expect(record.notes.count == 1, "\(record.notes)")
            // What somebody has taken note of is over: the next attempt is news.
            _ = try await bench.desk.acknowledgeRecovery(record.id, reason: "seen")
            await #expect(throws: OperationError.self) {
                _ = try await bench.desk.run(plan, in: scene, order: order)
            }
            #expect(try await bench.store.recoveries().count == 2)
        }
    }

    @Test("hooks of one that is resumed are told of the replicas that the lost server had, and it is not marked anew")
    func resumed() async throws {
        try await withBench { log in
            Hooks([
                .preFailover: ["echo before $ORC_REPLICA_HOSTS >> \(log); exit 1"],
                .postFailover: ["echo over $ORC_REPLICA_HOSTS $ORC_COUNT_REPLICAS $ORC_FAILURE_TYPE >> \(log)"],
            ])
        } _: { bench in
            let scene = bench.desk.scene(of: fleet)
            let plan = try plan(bench.desk, in: scene)
            var order = RecoveryOrder(.automatic)
            (order.failure, order.orchestratorFailure) = ("primary.dead", "DeadMaster")
            await #expect(throws: OperationError.self) {
                _ = try await bench.desk.run(plan, in: scene, order: order)
            }
            let id = try #require(try await bench.store.recoveries().first?.id)
            let operation = try await interrupt(id, plan, bench.store)
            // As it is after the promotion: a's replicas follow b by then.
            let later = bench.desk.scene(
                of: Fleet([
                    .source("a", executed: executed).unreachable(), .source("b", executed: executed),
                    .replica("c", of: "b", executed: executed),
                ]))
            _ = try await bench.desk.settlingRecovery(of: operation, plan, in: later, reason: "", progress: { _ in }) {
                progress throws(OperationError) in
                progress(.stepSkipped(plan.promotionStep ?? 0))
                return OperationReport(
                    operation: operation, ending: .done, durations: [], changedOptions: [], states: [:], choices: [])
            }
            #expect(bench.lines == ["before b:3306,c:3306", "over b:3306,c:3306 2 DeadMaster"])
            #expect(try await bench.store.recovery(id)?.outcome == .done)
            // It was rejoined meanwhile, which ended the mark.
            let marks = try await bench.store.operatorMarks(now: .now())
            #expect(marks.downtime(of: "a", at: .now()) == nil)
        }
    }

    /// Leaves a recovery as a baton that was killed after the promotion does.
    ///
    /// - Returns: its operation.
    private func interrupt(_ id: Int64, _ plan: Plan, _ store: Store) async throws -> Int64 {
        let (now, holder) = (Timestamp.now(), LeaseHolder.current())
        _ = try await store.takeUpRecovery(
            id, by: holder, members: ["a", "b", "c"], expires: now + .seconds(30), note: nil, now: now)
        let operation = try await StoreJournal(store).begin(plan, on: plan.instances, reason: "", undoes: nil)
        var progress = RecoveryProgress()
        progress.successor = "b"
        progress.part = RecoveryRecord.Part("plan", operation: operation.id)
        try await store.note(progress, ofRecovery: id, holder: holder, expires: now + .seconds(30), at: now)
        try await store.endRecovery(id, .failed, holder: holder, at: now)
        return operation.id
    }
}
