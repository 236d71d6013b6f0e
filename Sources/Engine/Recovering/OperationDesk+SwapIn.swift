import Operations
import Recovery
import Refactoring
import Storage
import Topology

extension OperationDesk {
    /// Between two looks whether the preferred server can take over: about what a poll takes to show that it has caught up.
    private static let swapInPause = Duration.seconds(1)

    /// The servers as they are now, and what besides the switchover's own checks keeps it from being made, in words.
    public typealias SwapInLook = @Sendable () async throws -> (scene: RuleScene, objections: [String])
    /// Makes the switchover, as an operator's would be made.
    public typealias SwapInRun =
        @Sendable (Plan, RuleScene, RecoveryOrder) async throws(OperationError) -> OperationReport

    /// Waits after a failover until the server that is preferred can take over, and has it take over then, by the plan of a
    /// switchover in which nothing has to be confirmed.
    ///
    /// Nothing of it outlives this process: what was not made when it ends is for an operator. Cancelling the task ends the
    /// waiting; what that means to a switchover at work is for `run` to say.
    ///
    /// - Parameters:
    ///   - limit: within what time it has to be ready.
    ///   - operation: that of the failover, to whose recovery it is written down what becomes of this.
    ///   - waiting: is told what it waits for whenever it has looked.
    public func swapIn(
        _ swap: SwapIn, within limit: Duration, afterOperation operation: Int64, look: SwapInLook, run: SwapInRun,
        waiting: @Sendable (String) -> Void = { _ in }
    ) async -> SwapInOutcome {
        let until = now() + limit
        let recovery = try? await store?.recovery(ofOperation: operation)
        await note("\(swap.preferred) is preferred, and takes over when it can, within \(limit.inWords)", to: recovery)
        let outcome: SwapInOutcome
        switch await readiness(for: swap, until: until, look: look, waiting: waiting) {
        case .success(let ready):
            var order = RecoveryOrder(recovery?.trigger ?? .manual, confirmed: ready.verdict)
            order.follows = recovery?.id
            do throws(OperationError) {
                let report = try await run(ready.plan, ready.scene, order)
                outcome = report.isDone ? .done(report) : .unfinished(report)
            } catch {
                outcome = .notMade(error.description)
            }
        case .failure(let end): outcome = end.outcome
        }
        await note(outcome.words(for: swap), to: recovery)
        return outcome
    }

    /// A plan that can be carried out.
    private struct Ready {
        let plan: Plan
        let verdict: Verdict
        let scene: RuleScene
    }

    /// That there is none.
    private struct WaitingEnd: Error {
        let outcome: SwapInOutcome
    }

    /// Ready is what two looks find one after the other: a replica that has just changed its source may say for a moment that
    /// it is not behind.
    private func readiness(
        for swap: SwapIn, until: Timestamp, look: SwapInLook, waiting: @Sendable (String) -> Void
    ) async -> Result<Ready, WaitingEnd> {
        var wasReady = false
        while true {
            let why: String
            do {
                let (scene, objections) = try await look()
                switch swap.judge(plan(.switchover(swap.wish), in: scene), in: scene) {
                case .needless: return .failure(WaitingEnd(outcome: .needless))
                case .over(let reason): return .failure(WaitingEnd(outcome: .notMade(reason)))
                case .waiting(let reasons):
                    why = (objections + reasons.map(\.sentence)).joined(separator: "; ")
                case .ready(let plan, let verdict):
                    why = objections.joined(separator: "; ")
                    if objections.isEmpty, wasReady {
                        return .success(Ready(plan: plan, verdict: verdict, scene: scene))
                    }
                }
            } catch {
                why = "the servers could not be read: \(error)"
            }
            wasReady = why.isEmpty
            guard wasReady || now() < until else {
                return .failure(WaitingEnd(outcome: .notMade("it was not ready in time: \(why)")))
            }
            waiting(wasReady ? "it is ready, and is looked at once more" : why)
            try? await Task.sleep(for: Self.swapInPause)
            guard !Task.isCancelled else {
                return .failure(WaitingEnd(outcome: .notMade("baton was told to stop while it waited")))
            }
        }
    }

    private func note(_ text: String, to recovery: RecoveryRecord?) async {
        guard let recovery, let store else { return }
        // The journal has what is done; this says why.
        try? await store.add(note: text, toRecovery: recovery.id, at: now())
    }
}
