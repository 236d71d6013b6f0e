import Lab
import Operations
import Recovery
import Refactoring
import Servers
import Storage
import TestSupport
import Testing
import Topology

@testable import Lab

extension Mover {
    func planSwitchover(_ primary: String, to candidate: String) async throws -> Plan {
        try await plan(Switchover(of: address(primary), to: .named(address(candidate))))
    }

    func plan(_ wish: Switchover) async throws -> Plan {
        let answer = SwitchoverPlanner(planner).plan(wish, in: try await scene())
        return try #require(answer.plan, "\(answer.reasons.map { "\($0.rule): \($0.sentence)" })")
    }

    /// Writes rows to the first two of these servers, to the other one when one refuses, for the time of `body`; afterwards
    /// each server must have every acknowledged row, and all the same rows.
    func writing<Value>(onEither names: [String], _ body: () async throws -> Value) async throws -> Value {
        let load = try await lab.startWorkload(on: lab.servers(Array(names.prefix(2))), rate: 100)
        let value = try await during(load, comingTo: names, body)
        try await untilAllHaveAllRows(names, load)
        let members = lab.servers(names)
        let checksums = try await members.asyncMap { try await $0.checksum("baton_lab.workload") }
        #expect(Set(checksums).count == 1, "\(names) \(checksums)")
        return value
    }

    /// As ``begin(_:killedAfter:)``, with the password that the old primary needs.
    func beginSwitchover(_ plan: Plan, killedAfter statements: Int) async throws -> Int64? {
        let fate = Fate(after: statements)
        let settings = try lab.settings()
        let doomed = LiveServers { _ in
            settings
        } secrets: { name in
            name == .replication ? Secret(LabAccounts.replication.password) : nil
        }
        let executor = Executor(
            servers: MortalServers(live: doomed, fate: fate), journal: MortalJournal(journal: journal, fate: fate))
        let report = try await executor.run(plan)
        await doomed.close()
        return fate.isDead ? report.operation : nil
    }

    func decideSwitchover(_ choice: OperationReport.Choice, on id: Int64, _ what: String) async throws {
        let later = Executor(
            servers: servers, journal: StoreJournal(store, holder: .current(), now: { Timestamp.now() + .seconds(60) }))
        let operation = try #require(try await journal.operation(id))
        let isLate = operation.plan.objectionToRollingBack(operation.begunSteps) != nil
        if choice == .rollBack, !isLate {
            guard !operation.begunSteps.isEmpty else { return try await later.leave(id) }
            let report = try await later.rollBack(id)
            #expect(report.isDone, "\(what), rolled back: \(report)")
        } else {
            let report = try await later.resume(id)
            #expect(report.isDone, "\(what), resumed: \(report)")
        }
    }
}

extension Sequence {
    func asyncFilter(_ isIncluded: (Element) async throws -> Bool) async rethrows -> [Element] {
        var values: [Element] = []
        for element in self where try await isIncluded(element) { values.append(element) }
        return values
    }
}
