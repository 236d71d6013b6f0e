import Operations
import Refactoring
import Storage
import Synchronization
import Topology

@testable import Operations

/// A journal in memory: what batons that come one after another have written.
final class Pages: Sendable {
    /// Whether those that write in it come one after another, so that what an earlier one is at has been left by it.
    enum Writers {
        case oneAfterAnother
        /// What one of them is at holds its servers for it.
        case atOnce
    }

    fileprivate let operations: Mutex<[JournaledOperation]>
    fileprivate let holds = Mutex<[Int64: Set<InstanceAddress>]>([:])
    fileprivate let writers: Writers

    init(_ operations: [JournaledOperation] = [], writers: Writers = .oneAfterAnother) {
        self.operations = Mutex(operations)
        self.writers = writers
    }

    /// The server and the operation that has it, of those that one wants to begin with.
    fileprivate func holder(
        among servers: [InstanceAddress], except id: Int64?
    ) -> (InstanceAddress, JournaledOperation)? {
        guard writers == .atOnce else { return nil }
        let running = all.filter { $0.record.outcome == .running && $0.id != id }
        return holds.withLock { holds in
            for operation in running {
                if let held = servers.first(where: { holds[operation.id]?.contains($0) == true }) {
                    return (held, operation)
                }
            }
            return nil
        }
    }

    /// - Throws: ``OperationError/held(_:by:)`` where another one has one of the servers.
    fileprivate func checkHolds(on servers: [InstanceAddress], except id: Int64? = nil) throws(OperationError) {
        guard let (address, other) = holder(among: servers, except: id) else { return }
        throw .held(address, by: "operation \(other.id): \(other.record.intent)")
    }

    /// All that was begun, in order.
    var all: [JournaledOperation] { operations.withLock { $0 } }
}

/// One baton's journal; what an earlier baton was at is open to it.
struct MemoryJournal: OperationJournal {
    let pages: Pages
    let mortality: Mortality
    /// Which baton this is.
    let generation: UInt64

    private func write<Value: Sendable>(_ body: (inout [JournaledOperation]) -> Value) throws(OperationError) -> Value {
        do {
            try mortality.pass(.before)
            let value = pages.operations.withLock { body(&$0) }
            try mortality.pass(.after)
            return value
        } catch {
            throw .journal("baton is dead")
        }
    }

    func begin(
        _ plan: Plan, on servers: [InstanceAddress], reason: String, undoes: Int64?
    ) async throws(OperationError) -> JournaledOperation {
        try pages.checkHolds(on: servers)
        return try write { all in
            var record = OperationRecord(
                startedAt: Timestamp(microseconds: 0), user: "tester", reason: reason, verb: plan.verb,
                intent: plan.intent, plan: "", undoes: undoes, holder: holder, expires: Timestamp(microseconds: 0))
            record.id = Int64(all.count + 1)
            let operation = JournaledOperation(record: record, plan: plan, observed: Observed())
            all.append(operation)
            pages.holds.withLock { $0[operation.id] = Set(servers) }
            return operation
        }
    }

    func takeUp(
        _ operation: JournaledOperation, on servers: [InstanceAddress], reason: String
    ) async throws(OperationError) {
        try pages.checkHolds(on: servers, except: operation.id)
        try write { all in
            let index = Int(operation.id) - 1
            all[index].record.outcome = .running
            all[index].record.holder = holder
        }
    }

    func note(
        _ state: OperationStepRecord.State, step: Int, of id: Int64, note: String?, observed: Observed
    ) async throws(OperationError) {
        try write { all in
            all[Int(id) - 1].record.steps[step] = OperationStepRecord(
                state, at: Timestamp(microseconds: 0), note: note)
            all[Int(id) - 1].observed = observed
        }
    }

    func renew(_ id: Int64) async throws(OperationError) {}

    func end(_ id: Int64, _ outcome: OperationRecord.Outcome, report: String?) async throws(OperationError) {
        try conclude(id, outcome, report)
    }

    func settle(_ id: Int64, _ outcome: OperationRecord.Outcome, report: String?) async throws(OperationError) {
        try conclude(id, outcome, report)
    }

    private func conclude(
        _ id: Int64, _ outcome: OperationRecord.Outcome, _ report: String?
    ) throws(OperationError) {
        try write { all in
            all[Int(id) - 1].record.outcome = outcome
            all[Int(id) - 1].record.report = report
        }
    }

    func operation(_ id: Int64) async throws(OperationError) -> JournaledOperation? {
        pages.all.first { $0.id == id }
    }

    func openOperations() async throws(OperationError) -> [JournaledOperation] {
        pages.all.filter { operation in
            switch operation.record.outcome {
            case .running: operation.record.holder != holder
            case .failed, .stopped: true
            case .done, .takenBack, .left, .interrupted, .notBegun: false
            }
        }
    }

    private var holder: LeaseHolder {
        LeaseHolder(id: "\(generation)", pid: Int32(generation), host: "here", user: "tester")
    }
}
