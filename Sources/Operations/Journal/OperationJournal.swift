import Refactoring
import Storage
import Topology

/// An operation as the journal knows it, its plan readable again.
public struct JournaledOperation: Sendable, Identifiable {
    /// Who, when, why, the state of each step, the outcome.
    public var record: OperationRecord
    public var plan: Plan
    /// What its steps have read.
    public var observed: Observed

    /// Makes one of what the store has of it.
    public init(record: OperationRecord, plan: Plan, observed: Observed) {
        self.record = record
        self.plan = plan
        self.observed = observed
    }

    public var id: Int64 { record.id }

    /// The steps that were begun and change something, or do when they are taken back, whether or not they came to their end, ascending.
    public var begunSteps: [Int] {
        plan.steps.indices.filter { index in
            guard let state = record.steps[index]?.state, state != .refused else { return false }
            return !plan.steps[index].commands.isEmpty || !plan.steps[index].inverse.isEmpty
        }
    }

    /// The steps that came to their end.
    public var doneSteps: Set<Int> {
        Set(record.steps.filter { $0.value.state == .done || $0.value.state == .skipped }.map(\.key))
    }

    /// Those of ``begunSteps`` of which nobody knows how far they came.
    public var unsureSteps: Set<Int> {
        Set(record.steps.filter { $0.value.state == .begun || $0.value.state == .failed }.map(\.key))
    }
}

/// Where operations are written down, before and after each step; no secret ever gets there.
public protocol OperationJournal: Sendable {
    /// Writes a new operation down and holds these servers for it.
    func begin(
        _ plan: Plan, on servers: [InstanceAddress], reason: String, undoes: Int64?
    ) async throws(OperationError) -> JournaledOperation
    /// Takes up an operation that no process works at any more, with its servers, and keeps who did that, when, and why.
    func takeUp(
        _ operation: JournaledOperation, on servers: [InstanceAddress], reason: String
    ) async throws(OperationError)
    /// Writes how a step stands.
    func note(
        _ state: OperationStepRecord.State, step: Int, of id: Int64, note: String?, observed: Observed
    ) async throws(OperationError)
    /// Says that this process is still there.
    func renew(_ id: Int64) async throws(OperationError)
    /// Writes how an operation of this process ended; refused where another process has taken it up.
    func end(_ id: Int64, _ outcome: OperationRecord.Outcome, report: String?) async throws(OperationError)
    /// Writes what was decided about an operation that came to its end before; refused where a process is at it.
    func settle(_ id: Int64, _ outcome: OperationRecord.Outcome, report: String?) async throws(OperationError)
    /// One operation, `nil` where there is none of that number.
    func operation(_ id: Int64) async throws(OperationError) -> JournaledOperation?
    /// Those for which somebody has to decide.
    func openOperations() async throws(OperationError) -> [JournaledOperation]
}
