import Hooks
import Operations
import Recovery
import Refactoring
import Storage
import Topology

/// One recovery on its way: its record, the hold on its cluster, the plan, and the marks of what is left behind.
struct RecoveryRun {
    /// How long a process that says nothing keeps a recovery.
    static let holdTime = Duration.seconds(30)

    let desk: OperationDesk
    let store: Store
    let order: RecoveryOrder
    let reason: String
    let now: @Sendable () -> Timestamp
    let holder = LeaseHolder.current()

    init(
        desk: OperationDesk, store: Store, order: RecoveryOrder, reason: String,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.desk = desk
        self.store = store
        self.order = order
        self.reason = reason
        self.now = now
    }

    /// Claims the cluster and carries the plan out.
    ///
    /// - Throws: ``OperationError`` where it was not begun, also because another process recovers this cluster.
    func carryOut(
        _ plan: Plan, _ succession: Succession, in scene: RuleScene,
        progress: @escaping @Sendable (OperationEvent) -> Void
    ) async throws(OperationError) -> OperationReport {
        let id = try await claim(succession, in: scene)
        let record = try? await store.recovery(id)
        var carried = succession
        let writing = writeDown(plan, order.confirmed, succession, in: scene, id)
        let hooks = await hooks(of: id, record, succession, in: scene, progress)
        let takeover = takeover(in: id, hooks)
        return try await holding(id) { () throws(OperationError) in
            try await around(id, succession, hooks, takeover) { () throws(OperationError) in
                let report = try await run(plan, in: scene, id, takeover, progress)
                guard case .failed(let failures) = report.ending, report.isOutrun(plan) else { return report }
                switch await planAnew(succession, in: scene) {
                case .kept(let other, let verdict, let newScene):
                    carried = other.succession ?? succession
                    let why = failures.map(\.description).joined(separator: "; ")
                    try await leave(report.operation, of: id, because: why)
                    progress(.plannedAnew(other, verdict, why: why))
                    _ = writeDown(other, verdict, carried, in: newScene, id)
                    return try await run(other, in: newScene, id, takeover, progress)
                case .notKept(let why): return report.stopping(because: why)
                }
            }
        } ended: { report in
            await writing.value
            await finish(id, carried, report, takeover)
        }
    }

    /// Goes on with a recovery whose operation is resumed.
    ///
    /// - Throws: ``OperationError``.
    func takeUp(
        _ record: RecoveryRecord, _ plan: Plan, _ succession: Succession, in scene: RuleScene,
        progress: @escaping @Sendable (OperationEvent) -> Void,
        _ body: (@escaping @Sendable (OperationEvent) -> Void) async throws(OperationError) -> OperationReport
    ) async throws(OperationError) -> OperationReport {
        let (moment, members) = (now(), members(of: succession, in: scene))
        let note = "resumed by \(holder.user)" + (reason.isEmpty ? "" : ": \(reason)")
        let claim = try await OperationError.ofJournal {
            try await store.takeUpRecovery(
                record.id, by: holder, members: members, expires: moment + Self.holdTime, note: note, now: moment)
        }
        if case .heldBy(let other)? = claim { throw held(by: other, succession) }
        // Those before it ran when it began; whoever waits for those after it waits still.
        let hooks = await hooks(of: record.id, record, succession, in: scene, progress)
        // What was lost was marked then, and may have come back since.
        let isTakenOver = record.successor != nil && record.successor == succession.successor
        let takeover = takeover(in: record.id, hooks, isKnown: isTakenOver)
        return try await holding(record.id) { () throws(OperationError) in
            try await around(record.id, succession, hooks, takeover, isResumed: true) { () throws(OperationError) in
                try await body(takeover.watching(plan, tell: progress))
            }
        } ended: { report in
            await finish(record.id, succession, report, takeover)
        }
    }
}

extension RecoveryRun {
    private func claim(_ succession: Succession, in scene: RuleScene) async throws(OperationError) -> Int64 {
        if let id = try await claimAgain(succession, in: scene) { return id }
        let moment = now()
        let cluster = scene.forest.cluster(of: succession.failed)
        var record = RecoveryRecord(
            RecoveryKind(succession.occasion), of: succession.failed,
            in: cluster.map(ClusterName.init) ?? ClusterName(succession.failed), trigger: order.trigger,
            failure: order.failure, detection: order.detection, author: .current(), reason: reason,
            startedAt: moment, holder: holder, expires: moment + Self.holdTime)
        record.follows = order.follows
        record.failedIdentity = scene.fleet[succession.failed]?.facts?.identity.lasting
        let members = members(of: succession, in: scene)
        let claim = try await OperationError.ofJournal {
            try await store.claim(record, members: members, now: moment)
        }
        switch claim {
        case .held(let id): return id
        case .heldBy(let other): throw held(by: other, succession)
        }
    }

    /// Takes up the recovery that is tried again; `nil` where none is, and where its record is gone or somebody has taken note
    /// of it: what comes now is news, and blocks anew.
    private func claimAgain(_ succession: Succession, in scene: RuleScene) async throws(OperationError) -> Int64? {
        guard let id = order.repeats, let record = try? await store.recovery(id), record.outcome == .notBegun,
            record.acknowledgement == nil
        else { return nil }
        let (moment, members) = (now(), members(of: succession, in: scene))
        let claim = try await OperationError.ofJournal {
            try await store.takeUpRecovery(
                id, by: holder, members: members, expires: moment + Self.holdTime, note: nil, isBegunAnew: true,
                now: moment)
        }
        if case .heldBy(let other)? = claim { throw held(by: other, succession) }
        return claim == nil ? nil : id
    }

    private func members(of succession: Succession, in scene: RuleScene) -> [InstanceAddress] {
        scene.forest.cluster(of: succession.failed)?.members ?? [succession.failed]
    }

    private func held(by other: RecoveryRecord, _ succession: Succession) -> OperationError {
        .held(succession.failed, by: "recovery \(other.id) of \(other.holder): \(other.kind.words)")
    }

    /// Says again and again that this process is at it, for the time of `body`, and writes down how that ended.
    private func holding(
        _ id: Int64, _ body: () async throws(OperationError) -> OperationReport,
        ended: (OperationReport) async -> Void
    ) async throws(OperationError) -> OperationReport {
        let hold = Task { [store, holder, now] in
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.holdTime / 3)
                guard !Task.isCancelled else { return }
                try? await store.renewRecovery(id, holder: holder, expires: now() + Self.holdTime, at: now())
            }
        }
        defer { hold.cancel() }
        do throws(OperationError) {
            let report = try await body()
            await ended(report)
            return report
        } catch {
            // Where it is tried again and again for the same cause, that is said once.
            let isKnown = (try? await store.recovery(id))?.notes.contains { $0.text == error.description } ?? false
            try? await store.endRecovery(
                id, .notBegun, note: isKnown ? nil : error.description, holder: holder, at: now())
            throw error
        }
    }

    /// `nil` where none are configured. Those of a recovery that is resumed are told what the first were told: the replicas
    /// of the server that failed follow others by then.
    private func hooks(
        of id: Int64, _ record: RecoveryRecord?, _ succession: Succession, in scene: RuleScene,
        _ progress: @escaping @Sendable (OperationEvent) -> Void
    ) async -> RecoveryHooks? {
        guard !desk.settings.hooks.commands.isEmpty else { return nil }
        let facts: HookFacts
        if let told = record?.hookFacts.flatMap({ try? JSON.decode(HookFacts.self, from: $0) }) {
            facts = told
        } else {
            var first = HookFacts(succession, order, in: scene)
            first.recovery = record?.uid ?? "\(id)"
            facts = first
            var progress = RecoveryProgress()
            progress.hookFacts = try? JSON(encoding: facts).text(.compact)
            await note(progress, id)
        }
        return RecoveryHooks(
            desk.settings.hooks, succession.occasion, facts, earlier: record?.hooks,
            isRepeated: order.repeats != nil, progress: progress)
    }

    /// Whoever sends clients to the primary, and whoever looks out for the old one, hears of the new one as soon as it takes
    /// writes: a replica that is slow to follow keeps nobody waiting.
    ///
    /// - Parameter isKnown: whether that was written down before, when a recovery that is resumed began.
    private func takeover(in id: Int64, _ hooks: RecoveryHooks?, isKnown: Bool = false) -> Takeover {
        Takeover { succession in
            if !isKnown {
                // The successor last: by it a resumed recovery knows that the marks are set.
                await markLost(succession, id, at: now())
                var progress = RecoveryProgress(
                    note: "\(succession.successor.map(\.description) ?? "") takes writes")
                progress.successor = succession.successor
                await note(progress, id)
            }
            guard let hooks else { return }
            await hooks.promoted(succession)
            await note(hooks, id)
        }
    }

    /// Runs hooks before and after `body`, which is not begun where one of those before it fails.
    private func around(
        _ id: Int64, _ succession: Succession, _ hooks: RecoveryHooks?, _ takeover: Takeover, isResumed: Bool = false,
        _ body: () async throws(OperationError) -> OperationReport
    ) async throws(OperationError) -> OperationReport {
        guard let hooks else { return try await body() }
        if !isResumed {
            let failed = await hooks.before()
            if failed != nil { await hooks.after(succession, .nothing) }
            await note(hooks, id)
            if let failed { throw .hook(failed.words) }
        }
        let result: Result<OperationReport, OperationError>
        do throws(OperationError) {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        let taken = await takeover.value
        switch result {
        case .success(let report) where report.isDone: await hooks.after(taken ?? succession, .everything)
        case .success(let report) where taken != nil:
            await hooks.after(taken ?? succession, .promotion(failed: report.failedServers))
        default: await hooks.after(succession, .nothing)
        }
        await note(hooks, id)
        return try result.get()
    }

    func note(_ progress: RecoveryProgress, _ id: Int64) async {
        try? await store.note(
            progress, ofRecovery: id, holder: holder, expires: now() + Self.holdTime, at: now())
    }

    private func note(_ hooks: RecoveryHooks, _ id: Int64) async {
        var progress = RecoveryProgress()
        progress.hooks = await hooks.json
        await note(progress, id)
    }

    private func run(
        _ plan: Plan, in scene: RuleScene, _ id: Int64, _ takeover: Takeover,
        _ progress: @escaping @Sendable (OperationEvent) -> Void
    ) async throws(OperationError) -> OperationReport {
        let told = takeover.watching(plan, tell: progress)
        return try await desk.runAlone(plan, in: scene, reason: reason) { event in
            if case .began(let number) = event {
                // Found again by it, where this process dies before its end.
                Task {
                    var progress = RecoveryProgress(phase: "running", note: "operation \(number): \(plan.intent)")
                    progress.part = RecoveryRecord.Part("plan", operation: number)
                    await note(progress, id)
                }
            }
            told(event)
        }
    }

    /// What comes of planning once more.
    private enum Anew {
        case kept(Plan, Verdict, RuleScene)
        /// Somebody has to look first, and why.
        case notKept(String)
    }

    /// Makes the plan anew, now that nobody receives any more.
    private func planAnew(_ succession: Succession, in scene: RuleScene) async -> Anew {
        guard let replan = order.replan else { return .notKept("nothing was planned anew") }
        let (answer, newScene): (PlanAnswer, RuleScene)
        do {
            (answer, newScene) = try await replan(succession)
        } catch {
            return .notKept("the servers could not be read anew: \(error)")
        }
        switch answer {
        case .refused(let reasons):
            return .notKept("planned anew it is refused: " + reasons.map(\.sentence).joined(separator: "; "))
        case .plan(let plan, let verdict):
            guard let other = plan.succession else { return .notKept("planned anew it is no recovery any more") }
            let consent = consent(to: succession, order.confirmed, in: scene)
            let breaches = consent.breaches(by: self.consent(to: other, verdict, in: newScene))
            guard breaches.isEmpty else {
                return .notKept("planned anew it is not what was confirmed: " + breaches.joined(separator: "; "))
            }
            return .kept(plan, verdict, newScene)
        }
    }

    private func consent(to succession: Succession, _ verdict: Verdict, in scene: RuleScene) -> RecoveryConsent {
        let ranking = desk.recoveryPlanner(around: succession.failed, in: scene)
            .ranking(of: succession.failed, in: scene)
        return RecoveryConsent(succession, verdict, succession.successor.flatMap { ranking[$0] })
    }

    private func leave(
        _ operation: Int64, of id: Int64, because why: String
    ) async throws(OperationError) {
        await note(RecoveryProgress(phase: "planned anew", note: "planned anew: \(why)"), id)
        try await desk.leave(operation, reason: "another plan took its place: \(why)")
    }
}

extension OperationReport {
    /// Those on which a step failed.
    fileprivate var failedServers: [InstanceAddress] {
        guard case .failed(let failures) = ending else { return [] }
        return failures.map(\.instance)
    }

    /// Whether it failed only because a replica had received more than its plan was made by: all receivers that were told to
    /// stop have stopped, and nothing else was done.
    fileprivate func isOutrun(_ plan: Plan) -> Bool {
        guard case .failed(let failures) = ending else { return false }
        return failures.allSatisfy { failure in
            failure.phase == .proof
                && plan.steps[failure.step].proof.contains { if case .received = $0 { true } else { false } }
        }
    }
}

extension OperationReport {
    /// With the reason why nobody is promoted by another plan instead.
    fileprivate func stopping(because why: String) -> OperationReport {
        guard case .failed(var failures) = ending, !failures.isEmpty else { return self }
        failures[failures.count - 1].message += ". Nobody was promoted: \(why)"
        var report = self
        report.ending = .failed(failures)
        return report
    }
}
