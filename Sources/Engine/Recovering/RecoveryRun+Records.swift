import Operations
import Recovery
import Refactoring
import Storage
import Topology

extension RecoveryRun {
    /// Who could take over, why this one does, and what is lost with it, for whoever asks later. Beside the recovery: nobody
    /// waits for it.
    func writeDown(
        _ plan: Plan, _ verdict: Verdict, _ succession: Succession, in scene: RuleScene, _ id: Int64
    ) -> Task<Void, Never> {
        Task {
            let planner = desk.recoveryPlanner(around: succession.failed, in: scene)
            var progress = RecoveryProgress()
            let ranking = succession.ranking(by: planner, in: scene)
            let confirmed: JSON = [
                "intent": .string(plan.intent), "candidates": ranking?.json ?? .null,
                "preferred": succession.preferred.map { .string($0.description) } ?? .null,
            ]
            progress.confirmed = confirmed.text(.compact)
            if let successor = succession.successor, let loss = ranking?[successor]?.loss(by: verdict) {
                progress.loss = loss.json.text(.compact)
            }
            await note(progress, id)
        }
    }

    func finish(
        _ id: Int64, _ succession: Succession, _ report: OperationReport, _ takeover: Takeover
    ) async {
        let taken = await takeover.value
        let moment = now()
        var progress = RecoveryProgress()
        progress.part = RecoveryRecord.Part("plan", operation: report.operation)
        let outcome: RecoveryRecord.Outcome
        switch report.ending {
        case .done:
            outcome = .done
            progress.successor = succession.successor
            progress.lost = succession.left
            progress.note = (["done"] + report.remarks).joined(separator: "; ")
            if taken == nil { await markLost(succession, id, at: moment) }
            if succession.occasion == .rejoin { await endLoss(of: succession.failed, id, at: moment) }
        case .failed(let failures):
            outcome = .failed
            progress.note =
                (taken?.successor.map { "\($0) was promoted, but not everything was done: " } ?? "")
                + failures.map(\.description).joined(separator: "; ")
        case .stopped(let next):
            outcome = .stopped
            progress.note = "stopped before step \(next + 1)"
        }
        // What the journal says of the operation holds, whatever becomes of this record.
        await note(progress, id)
        try? await store.endRecovery(id, outcome, holder: holder, at: moment)
    }

    /// A server that has come back is lost no more.
    private func endLoss(of server: InstanceAddress, _ id: Int64, at moment: Timestamp) async {
        guard let marks = try? await store.operatorMarks(now: moment),
            marks.downtime(of: server, at: moment)?.meaning == .lostInRecovery
        else { return }
        _ = try? await store.endMark(
            .downtime, of: server, by: nil, reason: "it came back in recovery \(id)", at: moment)
    }

    /// What was lost is known about, and no alarm any more; the mark goes when the server replicates again.
    func markLost(_ succession: Succession, _ id: Int64, at moment: Timestamp) async {
        let lost: [InstanceAddress]
        switch succession.occasion {
        case .failover, .forcedFailover, .coPrimary: lost = [succession.failed] + succession.left
        case .switchover, .intermediateSource, .rejoin, .semiSync, .writability: lost = succession.left
        }
        for address in lost {
            let mark = Mark(
                MarkMeaning.downtime(.lostInRecovery), owner: holder.user, reason: "lost in recovery \(id)",
                begins: moment)
            _ = try? await store.set(mark, on: address, at: moment)
        }
    }
}

extension RecoveryKind {
    /// What a plan's succession is in the records.
    init(_ occasion: Succession.Occasion) {
        switch occasion {
        case .failover: self = .failover
        case .forcedFailover: self = .forcedFailover
        case .switchover: self = .switchover
        case .coPrimary: self = .coPrimary
        case .intermediateSource: self = .intermediateSource
        case .rejoin: self = .rejoin
        case .semiSync: self = .semiSync
        case .writability: self = .writability
        }
    }
}

extension Succession {
    /// Who could take the place; `nil` where nobody does.
    fileprivate func ranking(by planner: RecoveryPlanner, in scene: RuleScene) -> CandidateRanking? {
        switch occasion {
        case .failover, .forcedFailover, .coPrimary: planner.ranking(of: failed, in: scene)
        case .intermediateSource: planner.ranking(for: .adopt(replicasOf: failed, below: nil), in: scene)
        case .switchover:
            CandidateRanking(of: failed, in: scene, policy: planner.candidates, situation: .switchover)
        case .rejoin, .semiSync, .writability: nil
        }
    }
}
