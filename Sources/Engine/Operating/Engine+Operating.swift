import Diagnosis
import Discovery
import Operations
import Refactoring
import Topology

extension Engine {
    /// What the rules look at: the latest fleet, when each of its servers was read, and who holds which; `nil` before
    /// there is any fleet.
    ///
    /// Made anew with each update while somebody drags; that takes some milliseconds for 10,000 servers.
    public func scene() async -> RuleScene? {
        guard let latest else { return nil }
        // Where the journal cannot be read nothing can be run, which is said then.
        let locks = (try? await desk.locks()) ?? [:]
        let reads = await discovery?.lastReads() ?? [:]
        let diagnosis = latest.diagnosis
        return await Self.scene(desk, diagnosis.fleet, diagnosis.forest, reads, locks, latest.marks)
    }

    /// Outside this actor, which meanwhile goes on answering wishes.
    @concurrent
    private static func scene(
        _ desk: OperationDesk, _ fleet: Fleet, _ forest: Forest, _ reads: [InstanceAddress: Timestamp],
        _ locks: [InstanceAddress: String], _ marks: OperatorMarks
    ) async -> RuleScene {
        desk.scene(of: fleet, forest: forest, lastReads: reads, locks: locks, marks: marks)
    }

    /// Carries out a plan that was confirmed; afterwards the servers are asked again, so that the fleet shows it at once.
    ///
    /// - Throws: ``OperationError`` where it was not begun.
    public func run(
        _ plan: Plan, reason: String = "", confirmed verdict: Verdict = .allowed, replan: RecoveryOrder.Replan? = nil,
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        try await acting(on: plan) { desk, scene throws(OperationError) in
            var order = order(of: plan)
            (order.confirmed, order.replan) = (verdict, replan)
            return try await desk.run(plan, in: scene, reason: reason, order: order, progress: progress)
        }
    }

    /// What a recovery answers, for its record and its hooks.
    private func order(of plan: Plan) -> RecoveryOrder {
        var order = RecoveryOrder()
        if let failed = plan.succession?.failed, let failure = latest?.diagnosis.failures.failure(of: failed) {
            order.answer(failure)
        }
        return order
    }

    /// Goes on with an open operation.
    ///
    /// - Parameter limit: how long its steps wait for appliers, besides what those are known to be behind; `nil` for as long as
    ///   the journal says.
    /// - Throws: ``OperationError``.
    public func resume(
        _ id: Int64, reason: String = "", waitingAtMost limit: Duration? = nil,
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        try await acting(on: try await desk.operation(id)?.plan) { desk, scene throws(OperationError) in
            try await desk.resume(
                id, in: scene, reason: reason, waitingAtMost: limit, progress: progress)
        }
    }

    /// Takes back what an open operation has done, by the plan that was shown and confirmed.
    ///
    /// - Throws: ``OperationError``.
    public func rollBack(
        _ id: Int64, by plan: Plan, reason: String = "",
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        try await acting(on: plan) { desk, scene throws(OperationError) in
            try await desk.rollBack(id, by: plan, in: scene, reason: reason, progress: progress)
        }
    }

    /// The plan that takes a finished operation back now, or why that is no longer safe.
    ///
    /// - Throws: ``OperationError``.
    public func planUndoing(_ id: Int64) async throws(OperationError) -> PlanAnswer {
        guard let scene = await scene() else { throw .notPossible(id, Self.nothingSeen) }
        return try await desk.planUndoing(id, in: scene)
    }

    /// Takes a finished operation back by the plan of ``planUndoing(_:)``, which was shown and confirmed.
    ///
    /// - Throws: ``OperationError``.
    public func undo(
        _ id: Int64, by plan: Plan, reason: String = "",
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        try await acting(on: plan) { desk, scene throws(OperationError) in
            try await desk.undo(id, by: plan, in: scene, reason: reason, progress: progress)
        }
    }

    private static let nothingSeen = "no server has been seen yet"

    private func acting(
        on plan: Plan?, _ body: (OperationDesk, RuleScene) async throws(OperationError) -> OperationReport
    ) async throws(OperationError) -> OperationReport {
        let scene = await scene() ?? desk.scene(of: Fleet())
        do throws(OperationError) {
            let report = try await body(desk, scene)
            await refresh(around: plan)
            return report
        } catch {
            await refresh(around: plan)
            throw error
        }
    }

    /// Asks the servers of a plan, and those that they followed or follow now, which list their replicas.
    private func refresh(around plan: Plan?) async {
        guard let plan else { return }
        let concerned = Set(plan.concerned).union(
            plan.instances.compactMap { latest?.diagnosis.forest.parent(of: $0) })
        for address in concerned { await refresh(address) }
    }
}
