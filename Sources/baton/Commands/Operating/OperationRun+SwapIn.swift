import Engine
import Operations
import Recovery
import Refactoring
import Storage
import Topology

/// What was asked for after a failover, and what became of it.
struct SwappedIn {
    let swap: SwapIn
    let outcome: SwapInOutcome

    var line: String { outcome.words(for: swap) }

    /// Whether a switchover was begun that somebody has to decide about.
    var isUnfinished: Bool { if case .unfinished = outcome { true } else { false } }

    /// The stable JSON.
    var json: JSON {
        let (word, operation): (String, Int64?) =
            switch outcome {
            case .done(let report): ("done", report.operation)
            case .needless: ("needless", nil)
            case .notMade: ("not-made", nil)
            case .unfinished(let report): ("unfinished", report.operation)
            }
        return [
            "preferred": .string(swap.preferred.description), "primary": .string(swap.primary.description),
            "outcome": .string(word), "operation": operation.map { .number($0) } ?? .null, "text": .string(line),
        ]
    }
}

extension OperationRun {
    /// Waits after a failover until the server that is preferred can take over, and hands over to it; `nil` where that was not
    /// asked for, or nobody is preferred.
    ///
    /// The first signal ends the waiting, and a switchover before its next stage.
    func swapIn(after carried: PlannedOperation, _ report: OperationReport) async -> SwappedIn? {
        guard let limit = carried.swapInLimit, let swap = SwapIn(after: carried.plan.succession) else { return nil }
        let waiting = WaitingProgress("\(swap.preferred) takes over when it can, within \(limit.inWords)")
        let (ground, answer) = (ground, carried.answer)
        let work = Task {
            await ground.desk.swapIn(swap, within: limit, afterOperation: report.operation) {
                (try await ground.sceneAnew(answer, around: swap.primary), [])
            } run: { plan, scene, order throws(OperationError) in
                waiting.end()
                return try await Self.handOver(swap, plan, scene, order, ground, answer)
            } waiting: { why in
                waiting.say(why)
            }
        }
        let stop = StopSignals {
            work.cancel()
            waiting.end()
            Answer.remark("stopping: the failover is done; the preferred server does not take over any more")
        }
        defer { stop.end() }
        let outcome = await work.value
        waiting.end()
        return SwappedIn(swap: swap, outcome: outcome)
    }

    private static func handOver(
        _ swap: SwapIn, _ plan: Plan, _ scene: RuleScene, _ order: RecoveryOrder, _ ground: OperationGround,
        _ answer: FleetAnswer
    ) async throws(OperationError) -> OperationReport {
        let progress = OperationProgress(plan)
        do throws(OperationError) {
            let report = try await ground.desk.run(
                plan, in: scene, reason: swap.reason, order: order, progress: progress.note)
            await progress.end()
            await ground.keepOutcome(of: plan, on: answer)
            return report
        } catch {
            await progress.end()
            throw error
        }
    }
}
