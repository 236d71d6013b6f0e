import Operations
import Recovery
import Refactoring
import Storage
import Topology

extension OperationDesk {
    /// The newest recoveries, whoever set them going, newest first; none where there is no store.
    ///
    /// - Throws: ``OperationError/journal(_:)``.
    public func recoveries(limit: Int = 100) async throws(OperationError) -> [RecoveryRecord] {
        guard let store else { return [] }
        var filter = RecoveryFilter()
        filter.limit = limit
        return try await OperationError.ofJournal { [filter] in try await store.recoveries(filter) }
    }

    /// Whether a process works at a recovery now, this one or another.
    public func isAtWork(_ recovery: RecoveryRecord) -> Bool { recovery.isHeld(now: now()) }

    /// The newest failures that were seen, newest first; none where there is no store.
    ///
    /// - Throws: ``OperationError/journal(_:)``.
    public func detections(limit: Int = 100) async throws(OperationError) -> [DetectionRecord] {
        guard let store else { return [] }
        var filter = DetectionFilter()
        filter.limit = limit
        return try await OperationError.ofJournal { [filter] in try await store.detections(filter) }
    }

    /// What was not done about failures, and why, newest first; none where there is no store.
    ///
    /// - Throws: ``OperationError/journal(_:)``.
    public func blockedRecoveries(limit: Int = 100) async throws(OperationError) -> [BlockedRecovery] {
        guard let store else { return [] }
        return try await OperationError.ofJournal { try await store.blockedRecoveries(limit: limit) }
    }

    /// Takes note of a recovery, which ends its block.
    ///
    /// - Returns: the recovery; `nil` where somebody works at it, or where that was done before.
    /// - Throws: ``OperationError``, also where there is no store.
    public func acknowledgeRecovery(
        _ id: Int64, reason: String, by author: Author = .current()
    ) async throws(OperationError) -> RecoveryRecord? {
        if let objection = settings.readOnly.everything {
            throw .noJournal("recovery \(id) cannot be acknowledged: \(objection)")
        }
        guard let store else { throw .noJournal(objectionToActing ?? "there is no store") }
        let moment = now()
        return try await OperationError.ofJournal {
            try await store.acknowledge(.one(id), by: author, reason: reason, at: moment).first
        }
    }
}

extension OperationDesk {
    /// What makes plans of recovery for the cluster of a server, as its owner has chosen.
    func recoveryPlanner(around server: InstanceAddress, in scene: RuleScene) -> RecoveryPlanner {
        let policy = settings.recoveries.policy(around: server, in: scene.forest)
        return RecoveryPlanner(limits: settings.plans, candidates: policy.candidates)
    }

    /// Writes down what was decided about the operation of a recovery, and so about that.
    func settleRecovery(of id: Int64, _ outcome: RecoveryRecord.Outcome, _ note: String) async {
        guard let store, let record = try? await store.recovery(ofOperation: id), record.isOpen(at: now()) else {
            return
        }
        // The journal has what matters; a record that stays open is settled by hand.
        try? await store.settleRecovery(record.id, outcome, note: note, at: now())
    }

    /// Holds the recovery of an operation that is resumed, where it is one of a recovery.
    func settlingRecovery(
        of id: Int64, _ plan: Plan, in scene: RuleScene, reason: String,
        progress: @escaping @Sendable (OperationEvent) -> Void,
        _ body: (@escaping @Sendable (OperationEvent) -> Void) async throws(OperationError) -> OperationReport
    ) async throws(OperationError) -> OperationReport {
        guard let succession = plan.succession, let store,
            let record = try? await store.recovery(ofOperation: id), record.isOpen(at: now())
        else { return try await body(progress) }
        let run = RecoveryRun(desk: self, store: store, order: RecoveryOrder(), reason: reason, now: now)
        return try await run.takeUp(record, plan, succession, in: scene, progress: progress, body)
    }
}
