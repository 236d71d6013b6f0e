import Engine
import Operations
import Recovery
import Refactoring
import Storage
import Topology

extension LiveBackend {
    /// Away from the loop: with many replicas in a large fleet it takes longer than a frame.
    @concurrent
    public func judgement(of carry: Carry) async -> Judgement? {
        await engine.scene().map { Judgement(carry, $0, planner: engine.desk.planner) }
    }

    public func plan(_ request: PlanRequest) async -> [PlanSheet] {
        // What the journal holds can be decided before any server was seen; the executor looks for itself.
        let scene = await engine.scene() ?? engine.desk.scene(of: Fleet())
        var sheets: [PlanSheet] = []
        for subject in request.subjects {
            sheets.append(await Self.sheet(subject, request.depth, scene, engine.desk))
        }
        return sheets
    }

    /// Away from the actors, which meanwhile go on.
    @concurrent
    private static func sheet(
        _ subject: PlanSubject, _ depth: PlanRequest.Depth, _ scene: RuleScene, _ desk: OperationDesk
    ) async -> PlanSheet {
        do throws(OperationError) {
            let (answer, done) = try await answer(subject, scene, desk)
            if depth == .page, let plan = answer.plan { Task { await desk.prepare(plan, in: scene) } }
            var sheet = PlanSheet(answer, in: scene, depth: depth, done: done)
            if depth == .page, let wish = subject.wish {
                sheet.ranking = desk.ranking(for: wish, in: scene)
                if let plan = answer.plan { sheet.hooks = desk.hooks(around: plan) }
            }
            return sheet
        } catch {
            return PlanSheet(refused: "\(error)", help: "look at the operation and decide anew")
        }
    }

    private static func answer(
        _ subject: PlanSubject, _ scene: RuleScene, _ desk: OperationDesk, waitingAtMost limit: Duration? = nil
    ) async throws(OperationError) -> (PlanAnswer, done: Set<Int>) {
        switch subject {
        case .waiting(let subject, let limit): return try await answer(subject, scene, desk, waitingAtMost: limit)
        case .wish(let wish): return (desk.plan(wish, waitingAtMost: limit, in: scene), [])
        case .limited(let wish, let methods):
            return (desk.plan(wish, by: methods, waitingAtMost: limit, in: scene), [])
        case .moves(let moves):
            return (desk.plan(moves, intent: PlanSubject.intent(of: moves), in: scene), [])
        case .undo(let id): return (try await desk.planUndoing(id, in: scene, waitingAtMost: limit), [])
        case .rollBack(let id): return (try await desk.planRollingBack(id, in: scene, waitingAtMost: limit), [])
        case .resume(let id):
            guard let operation = try await desk.operation(id) else { throw .unknown(id) }
            return (try await desk.planResuming(id, in: scene, waitingAtMost: limit), operation.doneSteps)
        }
    }

    public func act(
        _ deed: Deed, reason: String, progress: @escaping @Sendable (OperationEvent) -> Void
    ) async -> ActOutcome {
        do throws(OperationError) {
            switch deed {
            case .run(let plan): return .report(try await engine.run(plan, reason: reason, progress: progress))
            case .recover(let plan, let wish, let verdict, let limit):
                let report = try await engine.recover(
                    plan, wish, confirmed: verdict, waitingAtMost: limit, reason: reason, progress: progress)
                return .report(report)
            case .undo(let id, let plan):
                return .report(try await engine.undo(id, by: plan, reason: reason, progress: progress))
            case .rollBack(let id, let plan):
                return .report(try await engine.rollBack(id, by: plan, reason: reason, progress: progress))
            case .resume(let id, let limit):
                return .report(
                    try await engine.resume(id, reason: reason, waitingAtMost: limit, progress: progress))
            case .leave(let id):
                try await engine.desk.leave(id, reason: reason)
                return .left
            }
        } catch {
            return .notBegun("\(error)")
        }
    }

    public func operations() async -> OperationsReading {
        do throws(OperationError) {
            let records = try await engine.desk.operations()
            let open = try await engine.desk.openOperations()
            return .read(records, open: Set(open.map(\.id)))
        } catch {
            return .unreadable("\(error)")
        }
    }

    public func operation(_ id: Int64) async -> JournaledOperation? {
        do throws(OperationError) {
            return try await engine.desk.operation(id)
        } catch {
            return nil
        }
    }
}
