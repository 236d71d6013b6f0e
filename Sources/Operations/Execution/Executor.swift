import Refactoring
import Storage
import Synchronization
import Topology

/// Runs confirmed plans, and what can be done about those that did not come to their end.
///
/// Cancelling the task that runs an operation stops it before its next stage; a step that has begun is never cut off.
public struct Executor: Sendable {
    private let servers: any OperationsServers
    private let journal: any OperationJournal
    private let fleet: Fleet
    private let clock: any Clock<Duration>
    private let place: (any TaskExecutor)?

    /// Makes an executor.
    ///
    /// - Parameters:
    ///   - fleet: for the names of servers only; their state is always asked for anew.
    ///   - clock: by which limits are measured and waits are timed.
    ///   - place: where its tasks run; one thread makes runs against a simulation the same every time.
    public init(
        servers: any OperationsServers, journal: any OperationJournal, fleet: Fleet = Fleet(),
        clock: any Clock<Duration> = ContinuousClock(), on place: (any TaskExecutor)? = nil
    ) {
        self.servers = servers
        self.journal = journal
        self.fleet = fleet
        self.clock = clock
        self.place = place
    }

    /// Carries a plan out.
    ///
    /// - Parameters:
    ///   - reason: why, in the operator's words.
    ///   - progress: is told what happens, in order.
    /// - Throws: ``OperationError`` where it was not begun; what fails later is in the report.
    public func run(
        _ plan: Plan, reason: String = "", progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        try await begin(plan, reason: reason, undoes: nil, progress: progress)
    }

    /// Goes on with an operation that did not come to its end. Steps that are done are left out, and of one that was begun
    /// the server tells whether it is.
    ///
    /// - Parameters:
    ///   - reason: why, in the operator's words; the journal keeps it with who resumed it, and when.
    ///   - limit: how long its steps wait for appliers, besides what those are known to be behind; `nil` for as long as the
    ///     journal says.
    /// - Throws: ``OperationError``.
    public func resume(
        _ id: Int64, reason: String = "", waitingAtMost limit: Duration? = nil,
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        var operation = try await undecided(id)
        if let limit { operation.plan = operation.plan.waiting(atMost: limit, in: fleet) }
        try await journal.takeUp(operation, on: operation.plan.concerned(in: fleet), reason: reason)
        return try await carryOut(run(operation, progress))
    }

    /// The plan that takes back the steps that were done, the last first. Of changes that were begun the servers are asked
    /// whether they took effect.
    ///
    /// - Throws: ``OperationError``, also where nobody has to decide about it, or a step can't be taken back.
    public func planRollingBack(_ id: Int64) async throws(OperationError) -> Plan {
        let operation = try await undecided(id)
        let changes = await changes(of: operation)
        let begun = operation.begunSteps.filter { !changes.absent.contains($0) }
        if let objection = operation.plan.objectionToRollingBack(begun) { throw .notPossible(id, objection) }
        return operation.plan.inverse(
            of: begun, begun: operation.unsureSteps.subtracting(changes.made), absent: changes.absent, on: .rollBack)
    }

    /// Takes back the steps that were done, as an operation of its own, by the plan that was made and confirmed for it
    /// (``planRollingBack(_:)``). Where a server is no longer as that plan expects, nothing is taken back.
    ///
    /// - Throws: ``OperationError``.
    public func rollBack(
        _ id: Int64, by plan: Plan, reason: String = "",
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        try await takeBack(try await undecided(id), with: plan, reason: reason, progress: progress)
    }

    /// Takes back the steps that were done, by a plan that nobody looks at first.
    ///
    /// - Throws: ``OperationError``.
    public func rollBack(
        _ id: Int64, reason: String = "", progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        try await rollBack(id, by: try await planRollingBack(id), reason: reason, progress: progress)
    }

    /// Of the changes of sources that were begun, those that took effect and those that did not; of a server that does not
    /// answer neither is known.
    private func changes(of operation: JournaledOperation) async -> (made: Set<Int>, absent: Set<Int>) {
        var (made, absent): (Set<Int>, Set<Int>) = ([], [])
        for index in operation.unsureSteps.sorted() where operation.plan.steps[index].changesOnly {
            let step = operation.plan.steps[index]
            guard let facts = try? await servers.probe(step.instance) else { continue }
            let isMade = step.sourceProof.allSatisfy {
                $0.finding(in: facts, fleet: fleet, observed: operation.observed).isHolding
            }
            if isMade { made.insert(index) } else { absent.insert(index) }
        }
        return (made, absent)
    }

    /// Takes back an operation that came to its end, as long as what it brought about is still there.
    ///
    /// - Throws: ``OperationError``.
    public func undo(
        _ id: Int64, reason: String = "",
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        let operation = try await finished(id)
        if let objection = operation.plan.objectionToTakingBack(Array(operation.plan.steps.indices)) {
            throw .notPossible(id, objection)
        }
        let inverse = operation.plan.inverse()
        guard !inverse.steps.isEmpty else { throw .notPossible(id, "none of its steps has an inverse") }
        return try await takeBack(operation, with: inverse, reason: reason, progress: progress)
    }

    /// Takes back an operation that came to its end by the plan that was made and confirmed for it
    /// (`MovePlanner.undo`).
    ///
    /// - Throws: ``OperationError``.
    public func undo(
        _ id: Int64, by plan: Plan, reason: String = "",
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        try await takeBack(try await finished(id), with: plan, reason: reason, progress: progress)
    }

    /// Leaves things as an operation left them, and asks no more about it.
    ///
    /// - Throws: ``OperationError``.
    public func leave(_ id: Int64, reason: String = "") async throws(OperationError) {
        _ = try await undecided(id)
        try await journal.settle(id, .left, report: reason.sanitized)
    }

    private func finished(_ id: Int64) async throws(OperationError) -> JournaledOperation {
        guard let operation = try await journal.operation(id) else { throw .unknown(id) }
        try operation.requireDone()
        return operation
    }

    private func undecided(_ id: Int64) async throws(OperationError) -> JournaledOperation {
        if let operation = try await journal.openOperations().first(where: { $0.id == id }) { return operation }
        guard let operation = try await journal.operation(id) else { throw .unknown(id) }
        throw operation.objectionToDeciding
    }

    private func takeBack(
        _ operation: JournaledOperation, with inverse: Plan, reason: String,
        progress: @escaping @Sendable (OperationEvent) -> Void
    ) async throws(OperationError) -> OperationReport {
        let report = try await begin(
            inverse, reason: reason, undoes: operation.id, observed: operation.observed, progress: progress)
        return report
    }

    private func begin(
        _ plan: Plan, reason: String, undoes: Int64?, observed: Observed = Observed(),
        progress: @escaping @Sendable (OperationEvent) -> Void
    ) async throws(OperationError) -> OperationReport {
        var operation = try await journal.begin(
            plan, on: plan.concerned(in: fleet), reason: reason, undoes: undoes)
        operation.observed = observed
        return try await carryOut(run(operation, progress))
    }

    private func run(
        _ operation: JournaledOperation, _ progress: @escaping @Sendable (OperationEvent) -> Void
    ) -> OperationRun {
        OperationRun(operation, servers, journal, fleet, RunClock(clock), progress: progress)
    }

    /// Runs it in a task of its own, so that cancelling ours cuts off no statement and no line of the journal.
    private func carryOut(_ run: OperationRun) async throws(OperationError) -> OperationReport {
        let work = Task(executorPreference: place) { () async -> Result<OperationReport, OperationError> in
            do throws(OperationError) {
                return .success(try await run.carryOut())
            } catch {
                return .failure(error)
            }
        }
        let result = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            run.stopRequest.set()
        }
        return try result.get()
    }
}

/// Whether somebody has asked to stop.
final class StopRequest: Sendable {
    private let state = Mutex(false)

    func set() { state.withLock { $0 = true } }

    var isSet: Bool { state.withLock { $0 } }
}
