import Operations
import Refactoring
import Storage
import Topology

extension OperationDesk {
    /// Makes sure just before an operation begins that no other one has begun to promote a server of the cluster in which it
    /// promotes one: since it was planned another process may have been at work.
    ///
    /// - Parameter id: the operation, where it was begun before: what was promoted after that speaks against it too.
    /// - Throws: ``OperationError/refused(_:)``; ``OperationError/journal(_:)``.
    func requireNoOtherPromotion(
        than plan: Plan, resuming id: Int64? = nil, in scene: RuleScene
    ) async throws(OperationError) {
        let objections = try await objectionsOfPromotions(to: plan, resuming: id, in: scene)
        if !objections.isEmpty { throw .refused(objections) }
    }

    /// What other operations that promote a server have against a plan.
    func objectionsOfPromotions(
        to plan: Plan, resuming id: Int64? = nil, in scene: RuleScene
    ) async throws(OperationError) -> [Reason] {
        guard let store, plan.promoted != nil else { return [] }
        let moment = now()
        let promotions = try await OperationError.ofJournal {
            var records = try await store.unfinishedOperations(now: moment)
            if let id {
                let known = Set(records.map(\.id))
                records += try await store.operations().filter { $0.id > id && !known.contains($0.id) }
            }
            var promotions: [BegunPromotion] = []
            for record in records where record.id != id {
                // One of another baton's making may not be readable here.
                guard let operation = try? await operation(record.id) else { continue }
                if let promotion = operation.begunPromotion(at: moment) { promotions.append(promotion) }
            }
            return promotions
        }
        return try await plan.objections(to: promotions, in: scene) + objectionsOfLiving(to: id, in: scene)
    }

    /// That the primary answers in whose place an interrupted failover has promoted nobody yet: since then it may have come
    /// back and taken writes. One that was to be given up alive is made read-only by its plan.
    private func objectionsOfLiving(
        to id: Int64?, in scene: RuleScene
    ) async throws(OperationError) -> [Reason] {
        guard let id, let operation = try await operation(id),
            let primary = operation.plan.primaryTakenForDead(begun: operation.begunSteps),
            let failed = scene.fleet[primary], failed.contact.isReachable || failed.contact.isTurningAway
        else { return [] }
        return [
            Reason(
                FailoverCondition.sourceAnswers,
                "\(failed.address) answers again, and nobody was promoted yet: going on would leave two primaries",
                remedies: [
                    .command("baton operations roll-back \(id)"),
                    .advice("then make a switchover, or a new failover where it is to be given up alive"),
                ])
        ]
    }
}

extension Store {
    /// Those that are at work, and those for which somebody has to decide, oldest first.
    ///
    /// - Throws: `StoreError`.
    func unfinishedOperations(now: Timestamp) async throws -> [OperationRecord] {
        // Those at work first: one that ends meanwhile is then found twice, and not missed.
        let running = try await operations().filter { $0.outcome(at: now) == .running }
        let open = try await openOperations(now: now)
        let known = Set(open.map(\.id))
        return (open + running.filter { !known.contains($0.id) }).sorted { $0.id < $1.id }
    }
}

extension JournaledOperation {
    /// Whom it has begun to promote; `nil` where nobody, or where that was taken back.
    func begunPromotion(at now: Timestamp) -> BegunPromotion? {
        let standing: BegunPromotion.Standing
        switch record.outcome(at: now) {
        case .running: standing = .underWay
        case .interrupted, .failed, .stopped: standing = .undecided
        case .done, .left: standing = .over
        case .takenBack, .notBegun: return nil
        }
        return BegunPromotion(id: id, plan, begun: begunSteps, standing)
    }
}
