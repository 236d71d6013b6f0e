import Diagnosis
import Operations
import Recovery
import Refactoring
import Storage
import Synchronization
import Topology

extension AutomaticRecovery {
    /// Lets the server that is preferred take over from the one that a failover promoted, once it can, where the cluster's owner
    /// wants that.
    ///
    /// It is known to this process alone: one that ends meanwhile leaves it to an operator, and no other does it by surprise.
    func swapIn(after succession: Succession, operation: Int64, within limit: Duration) {
        guard limit > .zero, let swap = SwapIn(after: succession), swaps[swap.primary] == nil else { return }
        tell(.swapping(swap, within: limit))
        swaps[swap.primary] = Task {
            let said = Mutex("")
            let outcome = await engine.desk.swapIn(swap, within: limit, afterOperation: operation) {
                try await self.look(for: swap)
            } run: { plan, scene, order throws(OperationError) in
                try await self.handOver(swap, plan, scene, order)
            } waiting: { [tell] why in
                // Figures in it go on.
                let words = why.filter { !$0.isNumber }
                let isNew = said.withLock { said in
                    defer { said = words }
                    return said != words
                }
                if isNew { tell(.awaiting(swap, why)) }
            }
            tell(.swapped(swap, outcome))
            swaps[swap.primary] = nil
        }
    }

    /// Everybody of the cluster asked anew, and what keeps baton from doing this by itself.
    private func look(for swap: SwapIn) async throws -> (scene: RuleScene, objections: [String]) {
        let now = engine.desk.now()
        let brakes = try await store.brakes(blockPeriod: policies.blockPeriod, now: now)
        guard let scene = try await engine.sceneAnew(around: swap.primary, marks: brakes.marks) else {
            throw CancellationError()
        }
        let cluster = scene.forest.cluster(of: swap.primary)
        let question = RecoveryBrakes.Question(
            .switchover, of: swap.primary, in: cluster.map(ClusterName.init) ?? ClusterName(swap.primary),
            members: Set(cluster?.members ?? [swap.primary]))
        var objections = brakes.objections(to: question, at: now)
        if let mark = brakes.marks.downtime(of: swap.preferred, at: now) {
            objections.append(.downtime(swap.preferred, mark))
        }
        return (scene, objections.map(\.reason))
    }

    /// A switchover that has begun comes to its end, though this process is told to stop.
    private func handOver(
        _ swap: SwapIn, _ plan: Plan, _ scene: RuleScene, _ order: RecoveryOrder
    ) async throws(OperationError) -> OperationReport {
        let cluster = scene.forest.cluster(of: swap.primary)?.id ?? swap.primary
        guard begin(in: cluster) else { throw .held(swap.primary, by: "a recovery of this cluster that is at work") }
        let desk = engine.desk
        let work = Task { () async -> Result<OperationReport, OperationError> in
            do throws(OperationError) {
                return .success(
                    try await desk.run(plan, in: scene, reason: swap.reason, order: order))
            } catch {
                return .failure(error)
            }
        }
        let result = await work.value
        end(in: cluster)
        for address in plan.instances { await engine.refresh(address) }
        return try result.get()
    }
}
