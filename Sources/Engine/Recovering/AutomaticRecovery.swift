import Diagnosis
import Hooks
import Operations
import Recovery
import Refactoring
import Storage
import Synchronization
import Topology

/// Recovers failures without anybody's word, where the configuration wants it: by the same plan that an operator is shown, and
/// under the conditions of ``AutomaticDecision``.
///
/// It lives in a process that is meant to stay. What it does not do it writes down with the reason.
public actor AutomaticRecovery {
    /// After an attempt that was not begun, the next one of the same failure waits so long.
    private static let pause = Duration.seconds(5)
    /// Reasons that stay the same are written again so often, so that it is known how long they held.
    private static let restating = Duration.seconds(10)

    let engine: Engine
    let store: Store
    let policies: AutomaticPolicies
    let tell: @Sendable (AutomaticEvent) -> Void

    /// Failures of the latest update, by their identity, with when each was first seen here.
    private var seen: [String: Timestamp] = [:]
    /// Failures that are looked at or recovered now.
    private var underWay: [String: Task<Void, Never>] = [:]
    /// Clusters in which a recovery is at work in this process.
    private var recovering: Set<InstanceAddress> = []
    private var notBefore: [String: Timestamp] = [:]
    /// Recoveries that were not begun, by their failure.
    private var refused: [String: Refusal] = [:]
    /// Preferred servers that are waited for after failovers, by whoever was promoted.
    var swaps: [InstanceAddress: Task<Void, Never>] = [:]
    private var told: [String: (codes: [String], at: Timestamp)] = [:]

    /// Prepares it; nothing is done before ``run()``.
    ///
    /// - Parameter tell: is told what is done and what not.
    public init(
        _ engine: Engine, store: Store, policies: AutomaticPolicies,
        tell: @escaping @Sendable (AutomaticEvent) -> Void = { _ in }
    ) {
        self.engine = engine
        self.store = store
        self.policies = policies
        self.tell = tell
    }

    /// Watches for failures until it is cancelled or the engine ends; a recovery that has begun comes to its end first.
    public func run() async {
        for await update in await engine.updates() {
            if Task.isCancelled { break }
            consider(update)
        }
        while let (_, task) = underWay.first { await task.value }
        for task in swaps.values { task.cancel() }
        for task in swaps.values { await task.value }
    }

    /// Looks for what is to be done now. It is called with every update, and at least once a second.
    private func consider(_ update: EngineUpdate) {
        let now = engine.desk.now()
        let failures = update.diagnosis.failures.failures.filter { !$0.code.isStructureWarning }
        let ids = Set(failures.map(\.id))
        seen = seen.filter { ids.contains($0.key) }
        notBefore = notBefore.filter { ids.contains($0.key) }
        refused = refused.filter { ids.contains($0.key) }
        told = told.filter { ids.contains($0.key) }
        let unasked = update.fleet.instances.count { !$0.contact.isAnswerOfThisRun }
        for failure in failures {
            let cluster = update.diagnosis.forest.cluster(of: failure.subject)
            if seen[failure.id] == nil, update.recording == .writing { announce(failure, in: update.diagnosis) }
            let since = seen[failure.id] ?? now
            seen[failure.id] = since
            guard underWay[failure.id] == nil, !recovering.contains(cluster?.id ?? failure.cluster),
                notBefore[failure.id].map({ now >= $0 }) ?? true
            else { continue }
            let policy = policies.clusters.policy(for: members(concerning: failure, update))
            let decision = AutomaticDecision(failure, policy: policy)
            let objections = decision.objections(unasked: unasked, seen: since, now: now)
            let forest = update.diagnosis.forest
            underWay[failure.id] = Task {
                if !objections.isEmpty {
                    await self.note(objections, against: failure, in: forest)
                } else if decision.subject == .returnedPrimary {
                    await self.fence(failure)
                } else {
                    await self.attempt(decision)
                }
                self.underWay[failure.id] = nil
            }
        }
    }

    /// The servers by whose names the policy is found: a primary that has come back stands in a tree of its own, and belongs
    /// to the cluster that goes on without it.
    private func members(concerning failure: Failure, _ update: EngineUpdate) -> [InstanceAddress] {
        let forest = update.diagnosis.forest
        let own = forest.cluster(of: failure.subject)?.members ?? [failure.subject]
        guard failure.recovery.kind == .returnedPrimary, let replaced = update.marks.replaced[failure.subject] else {
            return own
        }
        return (forest.cluster(of: replaced.successor)?.members ?? [replaced.successor]) + own
    }
}

extension AutomaticRecovery {
    /// Looks at everybody anew, and recovers where nothing stands in the way.
    private func attempt(_ seen: AutomaticDecision) async {
        do {
            let brakes = try await store.brakes(
                blockPeriod: policies.blockPeriod, in: nil, now: engine.desk.now())
            guard let fresh = await engine.look(atFailed: seen.failure.subject, marks: brakes.marks) else { return }
            let decision = AutomaticDecision(fresh.failure, policy: seen.policy)
            let forest = fresh.diagnosis.forest
            switch judge(decision, fresh, brakes) {
            case .failure(let blocked): await note(blocked.objections, against: fresh.failure, in: forest)
            case .success(let approved): try await recover(decision, fresh, approved)
            }
        } catch {
            postpone(seen.failure)
            tell(.trouble(seen.failure, "\(error)"))
        }
    }

    /// What may be carried out.
    private struct Approved {
        let plan: Plan
        let verdict: Verdict
        /// Servers to lock besides those of the plan.
        let further: [InstanceAddress]
    }

    private struct Blocked: Error {
        let objections: [AutomaticObjection]
    }

    private func judge(
        _ decision: AutomaticDecision, _ fresh: FreshFailure, _ brakes: RecoveryBrakes
    ) -> Result<Approved, Blocked> {
        let (fleet, failure, now) = (fresh.diagnosis.fleet, fresh.failure, engine.desk.now())
        let cluster = fresh.diagnosis.forest.cluster(of: failure.subject)
        let members = Set(cluster?.members ?? [failure.subject])
        var objections = decision.objections(unasked: 0, seen: seen[failure.id] ?? now, now: now)
        objections += decision.objections(fleet: fleet, unanswered: fresh.unanswered)
        objections += brakes.objections(to: question(decision, fresh), at: now).map { .brake($0) }
        guard objections.isEmpty else { return .failure(Blocked(objections: objections)) }
        let answer = plan(for: failure, in: fresh.scene)
        objections = decision.splitBrainObjections(afterwards(of: failure.subject, answer, fresh.scene))
        objections += decision.objections(plan: answer)
        guard case .plan(let plan, let verdict) = answer else {
            return .failure(Blocked(objections: objections))
        }
        let answering = members.filter { fleet[$0]?.contact.isReachable ?? false }
        switch decision.quorum(
            planned: Set(plan.instances.map(fleet.canonical)), members: members, answering: answering)
        {
        case .failure(let trouble): objections.append(trouble.objection)
        case .success(let further):
            if objections.isEmpty { return .success(Approved(plan: plan, verdict: verdict, further: further)) }
        }
        return .failure(Blocked(objections: objections))
    }

    /// What the brakes are asked.
    private func question(_ decision: AutomaticDecision, _ fresh: FreshFailure) -> RecoveryBrakes.Question {
        let subject = decision.failure.subject
        let cluster = fresh.diagnosis.forest.cluster(of: subject)
        return decision.question(
            in: cluster.map(ClusterName.init) ?? ClusterName(decision.failure.cluster),
            members: Set(cluster?.members ?? [subject]), replicas: fresh.diagnosis.fleet.replicas(of: subject))
    }

    /// - Parameter candidate: who is to take over; the best by default.
    private func plan(
        for failure: Failure, promoting candidate: InstanceAddress? = nil, in scene: RuleScene
    ) -> PlanAnswer {
        let policy = engine.desk.settings.recoveries.policy(around: failure.subject, in: scene.forest)
        guard let wish = RecoveryWish(about: failure, to: candidate, policy.failover, in: scene.fleet) else {
            return .refused([])
        }
        return engine.desk.plan(.recovery(wish), in: scene)
    }

    /// What semi-synchronous replication guarantees where the plan is carried out.
    private func afterwards(
        of failed: InstanceAddress, _ answer: PlanAnswer, _ scene: RuleScene
    ) -> Loss.Afterwards? {
        guard let successor = answer.plan?.succession?.successor else { return nil }
        let ranking = engine.desk.recoveryPlanner(around: failed, in: scene).ranking(of: failed, in: scene)
        return ranking[successor]?.loss.afterwards
    }
}

extension AutomaticRecovery {
    private func recover(_ decision: AutomaticDecision, _ fresh: FreshFailure, _ approved: Approved) async throws {
        let failure = fresh.failure
        let cluster = fresh.diagnosis.forest.cluster(of: failure.subject)?.id ?? failure.cluster
        guard begin(in: cluster) else { return }
        defer { end(in: cluster) }
        let detection = try await detection(of: failure, in: fresh.diagnosis.forest)
        // Another baton may have recovered it while this one looked; both would have seen the same failure.
        let brakes = try await store.brakes(blockPeriod: policies.blockPeriod, now: engine.desk.now())
        let meanwhile = brakes.objections(to: question(decision, fresh), at: engine.desk.now())
        guard meanwhile.isEmpty else {
            return await note(meanwhile.map { .brake($0) }, against: failure, in: fresh.diagnosis.forest)
        }
        tell(.began(failure, intent: approved.plan.intent))
        var order = RecoveryOrder(
            .automatic, detection: detection, confirmed: approved.verdict
        ) { try await self.planAnew(failure, keeping: $0) }
        order.answer(failure)
        order.repeats = refused[failure.id]?.recovery
        let (desk, ordered) = (engine.desk, order)
        let carried = Mutex(approved.plan)
        do throws(OperationError) {
            let report = try await desk.locking(approved.further) { () throws(OperationError) in
                try await desk.run(
                    approved.plan, in: fresh.scene, reason: "automatic recovery: \(failure.summary)", order: ordered
                ) { event in
                    if case .plannedAnew(let plan, _, _) = event { carried.withLock { $0 = plan } }
                }
            }
            refused[failure.id] = nil
            tell(.ended(failure, report))
            if report.isDone, let succession = carried.withLock({ $0.succession }) {
                let policy = desk.settings.recoveries.policy(around: failure.subject, in: fresh.scene.forest)
                swapIn(after: succession, operation: report.operation, within: policy.swapIn)
            }
        } catch {
            await postpone(failure, detection, refusedBy: error)
            await note([.notBegun(error.description)], against: failure, in: fresh.diagnosis.forest)
        }
        for address in approved.plan.instances + [failure.subject] { await engine.refresh(address) }
    }

    /// The plan as it is now that nobody receives any more. That nobody has lost the source by being stopped is not asked
    /// again: the first plan stopped them.
    private func planAnew(
        _ failure: Failure, keeping succession: Succession
    ) async throws -> (PlanAnswer, RuleScene) {
        let marks = try await store.brakes(now: engine.desk.now()).marks
        guard let scene = await engine.freshScene(around: failure.subject, marks: marks) else {
            throw CancellationError()
        }
        return (plan(for: failure, promoting: succession.successor, in: scene), scene)
    }

    /// Runs the hooks that want to know of failures; of several batons on a store only the one that writes it does.
    private func announce(_ failure: Failure, in diagnosis: Diagnosis) {
        let hooks = engine.desk.settings.hooks
        guard failure.recovery.kind != nil, !failure.isSuppressed, !hooks[.detection].isEmpty else { return }
        let announced = HookFacts(failure, in: diagnosis)
        Task {
            for result in await HookRunner(hooks).run(.detection, announced) { tell(.hook(failure, result)) }
        }
    }

    /// Written before anything is done, so that the record of the recovery can name it.
    private func detection(of failure: Failure, in forest: Forest) async throws -> Int64? {
        let now = engine.desk.now()
        let found = SeenFailure(failure, in: forest, now: now)
        try await store.note([found], watching: [], at: now)
        var filter = DetectionFilter()
        filter.isLasting = true
        filter.members = [failure.subject]
        return try await store.detections(filter).first { $0.failure.code == failure.code.rawValue }?.id
    }

    /// Whether nobody else of this process recovers a cluster; then it is held.
    func begin(in cluster: InstanceAddress) -> Bool { recovering.insert(cluster).inserted }

    /// Lets a cluster go.
    func end(in cluster: InstanceAddress) { recovering.remove(cluster) }

    /// A recovery that was not begun.
    private struct Refusal {
        var pause: RetryPause
        /// Its record; `nil` where it did not come to that.
        var recovery: Int64?
    }

    /// Lets a failure be for longer each time that the same thing keeps its recovery from being begun. All attempts are one
    /// record.
    private func postpone(_ failure: Failure, _ detection: Int64?, refusedBy error: OperationError) async {
        var refusal = refused[failure.id]
        refusal?.pause.refuse(because: error.description)
        var new = refusal ?? Refusal(pause: RetryPause(after: error.description))
        var filter = RecoveryFilter()
        (filter.members, filter.limit) = ([failure.subject], 1)
        let last = try? await store.recoveries(filter).first
        if let last, last.outcome == .notBegun, last.trigger == .automatic, last.detection == detection {
            new.recovery = last.id
        }
        refused[failure.id] = new
        notBefore[failure.id] = engine.desk.now() + new.pause.length
    }

    /// Lets a failure be for a while.
    func postpone(_ failure: Failure) { notBefore[failure.id] = engine.desk.now() + Self.pause }

    /// Writes down why nothing is done, when that changes and now and then.
    func note(_ objections: [AutomaticObjection], against failure: Failure, in forest: Forest) async {
        let (now, codes) = (engine.desk.now(), objections.map(\.code))
        let last = told[failure.id]
        let isNew = last?.codes != codes
        guard isNew || last.map({ now - $0.at >= Self.restating }) ?? true else { return }
        told[failure.id] = (codes, now)
        if isNew { tell(.blocked(failure, objections)) }
        let cluster = forest.cluster(of: failure.subject).map(ClusterName.init) ?? ClusterName(failure.cluster)
        do {
            try await store.note(
                objections.map { objection in
                    BlockedRecovery(
                        failure.code.rawValue, of: failure.subject, in: cluster, objection: objection.code,
                        blocker: objection.recovery, reason: objection.reason, remedy: objection.remedy, at: now)
                })
        } catch {
            tell(.trouble(failure, "\(error)"))
        }
    }
}
