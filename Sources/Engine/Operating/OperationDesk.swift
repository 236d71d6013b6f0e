import Operations
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// Where every face has operations judged, planned, run, looked up and taken back.
///
/// It keeps no fleet: each question brings the scene, made of a fleet that is no older than one poll. What it runs is the
/// plan that was shown; the executor looks at each server again just before each step.
public struct OperationDesk: Sendable {
    /// What it judges and plans by.
    public let settings: OperatingSettings
    let means: Means
    private let knowsSecret: @Sendable (SecretName) -> Bool
    /// What operators typed while it works.
    public let givenSecrets: GivenSecrets
    private let recollection = Recollection()
    let marksMemory = MarksMemory()
    let now: @Sendable () -> Timestamp

    /// What it acts with, or why it does not act.
    enum Means: Sendable {
        case acting(Store, any OperationJournal, ReadyServers)
        case looking(String)
    }

    /// A desk that acts.
    ///
    /// - Parameters:
    ///   - store: holds the journal.
    ///   - journal: the store's journal as this process writes it.
    ///   - knowsSecret: whether a plan that needs that secret can be carried out.
    ///   - givenSecrets: what operators type meanwhile, which `makeServers` looks up, too.
    ///   - makeServers: gives an operation its connections, which end with it.
    public init(
        _ settings: OperatingSettings, store: Store, journal: (any OperationJournal)? = nil,
        now: @escaping @Sendable () -> Timestamp = { .now() },
        knowsSecret: @escaping @Sendable (SecretName) -> Bool = { _ in true },
        givenSecrets: GivenSecrets = GivenSecrets(),
        makeServers: @escaping @Sendable () -> any OperationsServers
    ) {
        self.settings = settings
        self.now = now
        self.knowsSecret = { knowsSecret($0) || givenSecrets[$0] != nil }
        self.givenSecrets = givenSecrets
        means = .acting(store, journal ?? StoreJournal(store), ReadyServers(makeServers))
    }

    /// A desk that judges and plans but runs nothing, for that reason: there is no store, or a snapshot is shown.
    public init(
        _ settings: OperatingSettings, lookingOnly reason: String,
        knowsSecret: @escaping @Sendable (SecretName) -> Bool = { _ in true }
    ) {
        self.settings = settings
        self.knowsSecret = knowsSecret
        givenSecrets = GivenSecrets()
        now = { .now() }
        means = .looking(reason)
    }

    /// The store in which operations and what operators say are kept; `nil` where there is none.
    var store: Store? {
        if case .acting(let store, _, _) = means { store } else { nil }
    }

    /// Why it runs nothing; `nil` where it does.
    public var objectionToActing: String? {
        switch means {
        case .acting: settings.readOnly.everything
        case .looking(let reason): reason
        }
    }
}

// MARK: - Judging and planning

extension OperationDesk {
    /// What the rules look at, with the configured limits and marks.
    ///
    /// - Parameters:
    ///   - lastReads: when servers were last read; what is not read yet is refused, where any is given.
    ///   - locks: servers that operations hold, from ``locks()``.
    ///   - marks: what operators have said about servers.
    public func scene(
        of fleet: Fleet, forest: Forest? = nil, lastReads: [InstanceAddress: Timestamp] = [:],
        locks: [InstanceAddress: String] = [:], marks: OperatorMarks = OperatorMarks(), now moment: Timestamp? = nil
    ) -> RuleScene {
        let forest = forest ?? fleet.forest()
        return RuleScene(
            fleet, forest: forest, limits: settings.rules, now: moment ?? now(),
            holds: settings.readOnly.holds(on: forest, locks: locks), lastReads: lastReads, marks: marks)
    }

    /// Servers on which an operation of this store is at work, or somebody, each with who it is. What other tools hold is noticed when
    /// an operation begins. Places in logs that operations of the last day found to be the same are remembered from then on,
    /// for plans.
    ///
    /// - Throws: ``OperationError/journal(_:)``.
    public func locks() async throws(OperationError) -> [InstanceAddress: String] {
        guard case .acting(let store, let journal, _) = means else { return [:] }
        let moment = now()
        return try await OperationError.ofJournal {
            try await recollection.renew(store, journal, now: moment)
            return try await Self.locks(of: store, now: moment)
        }
    }

    /// Servers on which an operation of a store is at work, and those in maintenance, for those who only look.
    ///
    /// - Throws: `StoreError`.
    public static func locks(of store: Store, now: Timestamp) async throws -> [InstanceAddress: String] {
        let held = try await store.heldServers(now: now)
        var locks: [InstanceAddress: String] = [:]
        for (address, mark) in try await store.operatorMarks(now: now).maintenances where mark.isActive(at: now) {
            locks[address] = mark.holderWords
        }
        for (address, operation) in held {
            guard let address = try? InstanceAddress(parsing: address) else { continue }
            locks[address] = "operation \(operation.id) of \(operation.holder): \(operation.intent)"
        }
        return locks
    }

    /// The plan for a wish, or why there is none.
    ///
    /// - Parameters:
    ///   - methods: the ways by which it may be done, by their names; `nil` for any.
    ///   - limit: how long its steps wait for appliers, besides what those are known to be behind; `nil` for as long as the
    ///     settings say.
    public func plan(
        _ wish: Wish, by methods: Set<String>? = nil, waitingAtMost limit: Duration? = nil, in scene: RuleScene
    ) -> PlanAnswer {
        var planner = planner(waitingAtMost: limit)
        if let methods { planner = planner.limited(to: methods) }
        return besidesOthers(planner.plan(wish, candidates: candidates(for: wish, in: scene), in: scene), in: scene)
    }

    /// Who comes into question for what is wanted, best first; `nil` where there is no choice.
    public func ranking(for wish: Wish, in scene: RuleScene) -> CandidateRanking? {
        planner.ranking(for: wish, candidates: candidates(for: wish, in: scene), in: scene)
    }

    private func candidates(for wish: Wish, in scene: RuleScene) -> CandidatePolicy {
        wish.recovered.map { settings.recoveries.policy(around: $0, in: scene.forest).candidates } ?? CandidatePolicy()
    }

    /// The plan that takes a finished operation back on the fleet as it is now, or why that is no longer safe.
    ///
    /// - Parameter limit: how long its steps wait for appliers, besides what those are known to be behind; `nil` for as long as
    ///   steps that are taken back did, and new ones do.
    /// - Throws: ``OperationError``, also where it is not finished.
    public func planUndoing(
        _ id: Int64, in scene: RuleScene, waitingAtMost limit: Duration? = nil
    ) async throws(OperationError) -> PlanAnswer {
        guard let operation = try await operation(id) else { throw .unknown(id) }
        try operation.requireDone(at: now())
        let planner = planner
        let answer =
            SwitchoverPlanner(planner).undo(operation.plan, in: scene) ?? planner.undo(operation.plan, in: scene)
        return besidesOthers(answer.waiting(atMost: limit, in: scene.fleet), in: scene)
    }

    /// The plan for several moves as one operation, or why there is none.
    ///
    /// - Parameter intent: what they are for together, in one sentence.
    public func plan(_ moves: [Move], intent: String, in scene: RuleScene) -> PlanAnswer {
        besidesOthers(planner.plan(moves, intent: intent, in: scene), in: scene)
    }

    /// Makes plans as this desk does, with the limits of its settings and the places that earlier operations found to be
    /// the same.
    public var planner: MovePlanner { planner(waitingAtMost: nil) }

    private func planner(waitingAtMost limit: Duration?) -> MovePlanner {
        var limits = settings.plans
        if let limit { limits.catchUp = limit }
        return MovePlanner(limits: limits, equivalences: recollection.equivalences, rings: recollection.rings)
    }

    /// - Parameter done: steps that are not run any more.
    private func checked(_ answer: PlanAnswer, done: Set<Int> = [], in scene: RuleScene) -> PlanAnswer {
        answer.feasible(on: scene.fleet, done: done, knowsSecret: knowsSecret)
    }

    /// A new plan, with what other operations have against it that are not at their end.
    private func besidesOthers(_ answer: PlanAnswer, in scene: RuleScene) -> PlanAnswer {
        checked(answer, in: scene).refusing(secondTo: recollection.promotions, in: scene)
            .warning(of: recollection.undecided)
    }

    /// The plan that takes back what an open operation has done, as its servers are now, or what keeps changes away from
    /// them.
    ///
    /// - Parameter limit: how long its steps wait for appliers, besides what those are known to be behind; `nil` for as long as
    ///   those that are taken back did.
    /// - Throws: ``OperationError``, also where it is not open, or a step can't be taken back.
    public func planRollingBack(
        _ id: Int64, in scene: RuleScene, waitingAtMost limit: Duration? = nil
    ) async throws(OperationError) -> PlanAnswer {
        guard case .acting(_, let journal, let ready) = means else { throw noJournal }
        let servers = ready.others()
        let executor = Executor(servers: servers, journal: journal, fleet: scene.fleet)
        let plan: Result<Plan, OperationError>
        do throws(OperationError) {
            plan = .success(try await executor.planRollingBack(id))
        } catch {
            plan = .failure(error)
        }
        await servers.close()
        return held(try plan.get(), in: scene).waiting(atMost: limit, in: scene.fleet)
    }

    /// The plan of an open operation, of which what is done is left out when it is resumed, or what keeps changes away from
    /// its servers.
    ///
    /// - Parameter limit: how long its steps wait for appliers, besides what those are known to be behind; `nil` for as long as
    ///   the journal says.
    /// - Throws: ``OperationError``.
    public func planResuming(
        _ id: Int64, in scene: RuleScene, waitingAtMost limit: Duration? = nil
    ) async throws(OperationError) -> PlanAnswer {
        guard let operation = try await operation(id) else { throw .unknown(id) }
        let objections = try await objectionsOfPromotions(to: operation.plan, resuming: id, in: scene)
        guard objections.isEmpty else { return .refused(objections) }
        return held(operation.plan, done: operation.doneSteps, in: scene).waiting(atMost: limit, in: scene.fleet)
    }

    /// A plan of the journal, unless somebody keeps changes away from its servers or a password is not known.
    private func held(_ plan: Plan, done: Set<Int> = [], in scene: RuleScene) -> PlanAnswer {
        let objections = scene.objectionsToCarryingOut(plan)
        return objections.isEmpty ? checked(.plan(plan, .allowed), done: done, in: scene) : .refused(objections)
    }
}

// MARK: - Acting

extension OperationDesk {
    /// Opens the connections that a plan needs, while somebody reads it and has not confirmed it yet.
    public func prepare(_ plan: Plan, in scene: RuleScene) async {
        guard case .acting(_, _, let ready) = means else { return }
        let lost = Set((plan.givenUp ?? []).map(scene.fleet.canonical))
        await ready.prepare(plan.concerned(in: scene.fleet).filter { !lost.contains($0) })
    }

    /// Carries a plan out; cancelling the task stops it before its next stage. A plan of recovery is kept in the records of
    /// recoveries too, and holds its cluster meanwhile.
    ///
    /// - Parameter order: who wants a recovery and why, and how a new plan is made where the servers are not as the plan
    ///   expects them.
    /// - Throws: ``OperationError`` where it was not begun; what fails later is in the report.
    public func run(
        _ plan: Plan, in scene: RuleScene, reason: String = "", order: RecoveryOrder = RecoveryOrder(),
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        guard let succession = plan.succession, let store else {
            return try await runAlone(plan, in: scene, reason: reason, progress: progress)
        }
        let run = RecoveryRun(desk: self, store: store, order: order, reason: reason, now: now)
        return try await run.carryOut(plan, succession, in: scene, progress: progress)
    }

    /// As ``run(_:in:reason:order:progress:)``, without any record besides the journal.
    func runAlone(
        _ plan: Plan, in scene: RuleScene, reason: String,
        progress: @escaping @Sendable (OperationEvent) -> Void
    ) async throws(OperationError) -> OperationReport {
        try await requireNoOtherPromotion(than: plan, in: scene)
        return try await act(on: plan, in: scene) { executor throws(OperationError) in
            try await executor.run(plan, reason: reason, progress: progress)
        }
    }

    /// Connections besides those of an operation, which whoever asks closes; `nil` where nothing is done.
    var otherServers: (any OperationsServers)? {
        if case .acting(_, _, let ready) = means { ready.others() } else { nil }
    }

    /// Goes on with an open operation.
    ///
    /// - Parameter limit: how long its steps wait for appliers, besides what those are known to be behind; `nil` for as long as
    ///   the journal says.
    /// - Throws: ``OperationError``.
    public func resume(
        _ id: Int64, in scene: RuleScene, reason: String = "", waitingAtMost limit: Duration? = nil,
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        let plan = try await journaledPlan(id)
        return try await settlingRecovery(of: id, plan, in: scene, reason: reason, progress: progress) {
            progress throws(OperationError) in
            try await requireNoOtherPromotion(than: plan, resuming: id, in: scene)
            return try await act(on: plan, in: scene) { executor throws(OperationError) in
                try await executor.resume(id, reason: reason, waitingAtMost: limit, progress: progress)
            }
        }
    }

    /// Takes back what an open operation has done, by the plan of ``planRollingBack(_:in:)``, which was shown.
    ///
    /// - Throws: ``OperationError``.
    public func rollBack(
        _ id: Int64, by plan: Plan, in scene: RuleScene, reason: String = "",
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        let report = try await act(on: plan, in: scene) { executor throws(OperationError) in
            try await executor.rollBack(id, by: plan, reason: reason, progress: progress)
        }
        if report.isDone { await settleRecovery(of: id, .takenBack, "operation \(id) was rolled back") }
        return report
    }

    /// Takes a finished operation back by the plan of ``planUndoing(_:in:)``, which was shown.
    ///
    /// - Throws: ``OperationError``.
    public func undo(
        _ id: Int64, by plan: Plan, in scene: RuleScene, reason: String = "",
        progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        try await requireNoOtherPromotion(than: plan, in: scene)
        return try await act(on: plan, in: scene) { executor throws(OperationError) in
            try await executor.undo(id, by: plan, reason: reason, progress: progress)
        }
    }

    /// Leaves things as an open operation left them.
    ///
    /// - Throws: ``OperationError``, also where nothing may be changed: no server is, but the decision is.
    public func leave(_ id: Int64, reason: String = "") async throws(OperationError) {
        if let objection = settings.readOnly.everything {
            throw .notPossible(id, "nothing may be decided here: \(objection)")
        }
        guard case .acting(_, let journal, let ready) = means else { throw noJournal }
        let servers = await ready.take()
        let result: Result<Void, OperationError>
        do throws(OperationError) {
            result = .success(try await Executor(servers: servers, journal: journal).leave(id, reason: reason))
        } catch {
            result = .failure(error)
        }
        await servers.close()
        try result.get()
        await settleRecovery(of: id, .left, "operation \(id) was left as it was")
    }

    private func journaledPlan(_ id: Int64) async throws(OperationError) -> Plan {
        guard let operation = try await operation(id) else { throw .unknown(id) }
        return operation.plan
    }

    private func act(
        on plan: Plan, in scene: RuleScene,
        _ body: (Executor) async throws(OperationError) -> OperationReport
    ) async throws(OperationError) -> OperationReport {
        guard case .acting(_, let journal, let ready) = means else { throw noJournal }
        let objections = scene.objectionsToCarryingOut(plan)
        guard objections.isEmpty else { throw .refused(objections) }
        let servers = await ready.take()
        do throws(OperationError) {
            let report = try await body(Executor(servers: servers, journal: journal, fleet: scene.fleet))
            await servers.close()
            return report
        } catch {
            await servers.close()
            throw error
        }
    }

    var noJournal: OperationError {
        .noJournal(objectionToActing ?? "there is no store")
    }
}

extension PlanAnswer {
    /// The same answer, with a limit of its own for waiting; `nil` for those that the plan has.
    fileprivate func waiting(atMost limit: Duration?, in fleet: Fleet) -> PlanAnswer {
        guard let limit, case .plan(let plan, let verdict) = self else { return self }
        return .plan(plan.waiting(atMost: limit, in: fleet), verdict)
    }
}
