import Diagnosis
import Operations
import Recovery
import Refactoring
import Storage
import Topology

extension AutomaticRecovery {
    /// Lets nobody write any more on a primary that was given up and is back.
    ///
    /// At once: each row that is written there meanwhile is one that the cluster never gets. No block keeps it away, because
    /// the recovery that set the block is the one that it belongs to; that recoveries are switched off does.
    func fence(_ failure: Failure) async {
        do {
            let brakes = try await store.brakes(blockPeriod: policies.blockPeriod, in: nil, now: engine.desk.now())
            guard let fresh = await engine.look(atFailed: failure.subject, marks: brakes.marks),
                fresh.failure.code == failure.code
            else { return }
            let forest = fresh.diagnosis.forest
            let switches = brakes.switchObjections(question(failure, fresh))
            guard switches.isEmpty else {
                return await note(switches.map { .brake($0) }, against: failure, in: forest)
            }
            let answer = engine.desk.plan(.recovery(.fence(failure.subject)), in: fresh.scene)
            guard case .plan(let plan, _) = answer else {
                return await note([.noPlan(answer.reasons)], against: failure, in: forest)
            }
            try await carryOut(plan, against: failure, fresh.scene)
        } catch {
            postpone(failure)
            tell(.trouble(failure, "\(error)"))
        }
    }

    /// Whoever switched the cluster off in which its successor is meant it, too.
    private func question(_ failure: Failure, _ fresh: FreshFailure) -> RecoveryBrakes.Question {
        let forest = fresh.diagnosis.forest
        let heir = fresh.scene.marks.replaced[failure.subject].flatMap { forest.cluster(of: $0.successor) }
        let own = forest.cluster(of: failure.subject)
        return RecoveryBrakes.Question(
            .rejoin, of: failure.subject, in: (heir ?? own).map(ClusterName.init) ?? ClusterName(failure.cluster),
            members: Set((heir?.members ?? []) + (own?.members ?? [])))
    }

    private func carryOut(_ plan: Plan, against failure: Failure, _ scene: RuleScene) async throws {
        tell(.began(failure, intent: plan.intent))
        let recovery = scene.marks.replaced[failure.subject]?.recovery
        do throws(OperationError) {
            let report = try await engine.desk.run(
                plan, in: scene, reason: "it came back" + (recovery.map { " after recovery \($0)" } ?? ""))
            tell(.ended(failure, report))
            if let recovery {
                let outcome = report.isDone ? "nobody writes on it any more" : "clients may write on it"
                try? await store.add(
                    note: "\(failure.subject) came back: \(outcome), operation \(report.operation)",
                    toRecovery: recovery, at: engine.desk.now())
            }
            if !report.isDone { postpone(failure) }
        } catch {
            postpone(failure)
            await note([.notBegun(error.description)], against: failure, in: scene.forest)
        }
        await engine.refresh(failure.subject)
    }
}
