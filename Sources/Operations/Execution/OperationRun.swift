import Refactoring
import Storage
import Topology

/// One run of one operation: locks, stages, the journal, the report.
actor OperationRun {
    nonisolated let stopRequest = StopRequest()
    let operation: JournaledOperation
    let servers: any OperationsServers
    let journal: any OperationJournal
    let fleet: Fleet
    let clock: RunClock
    let progress: @Sendable (OperationEvent) -> Void

    var observed: Observed
    var durations: [Duration?]
    var changedOptions: [ChangedOption] = []
    var remarks: [String] = []
    var touched: Set<InstanceAddress> = []
    /// When writes were forbidden, by the run's clock, and what came of it.
    private var blockBegan: Duration?
    var writesBlocked: BlockedWrites?
    /// Steps of an earlier attempt that have to be carried out again.
    var repeated: Set<Int> = []
    var locks: [InstanceAddress: any ServerLock] = [:]
    /// Servers that did not answer when they were to be locked, and those that the plan gives up.
    var unlocked: Set<InstanceAddress> = []
    /// Whether the primary that is given up answered when it was last looked at.
    var answersAgain = false
    /// Who stands above the new sources of each step, as far as they were found.
    var above: [Int: Set<InstanceAddress>] = [:]

    var plan: Plan { operation.plan }

    init(
        _ operation: JournaledOperation, _ servers: any OperationsServers, _ journal: any OperationJournal,
        _ fleet: Fleet, _ clock: RunClock, progress: @escaping @Sendable (OperationEvent) -> Void
    ) {
        self.operation = operation
        self.servers = servers
        self.journal = journal
        self.fleet = fleet
        self.clock = clock
        self.progress = progress
        observed = operation.observed
        durations = Array(repeating: nil, count: operation.plan.steps.count)
        unlocked = Set((operation.plan.givenUp ?? []).map(fleet.canonical))
    }

    /// - Throws: ``OperationError`` where a server could not be locked.
    func carryOut() async throws(OperationError) -> OperationReport {
        do {
            try await takeLocks()
        } catch {
            await releaseLocks()
            // A first attempt changed nothing, so there is nothing to decide; a second leaves what there was.
            let outcome: OperationRecord.Outcome = operation.record.steps.isEmpty ? .notBegun : .failed
            try await journal.end(operation.id, outcome, report: error.description)
            throw error
        }
        progress(.began(operation.id))
        await noteLogSeries()
        await lookForDisturbances()
        let hold = Task { await keepHold() }
        let watch = Task { await watchGivenUp() }
        let ending: OperationReport.Ending
        if let failure = await lookAbove(openSteps) { ending = .failed([failure]) } else { ending = await runStages() }
        hold.cancel()
        watch.cancel()
        var report = await report(ending)
        do throws(OperationError) {
            try await writeEnd(report)
        } catch {
            report.journalTrouble = error.description
        }
        await releaseLocks()
        progress(.ended(report))
        return report
    }

    /// Before any place in a log is read, so that what holds later held then too. A later attempt can't tell what was before it.
    private func noteLogSeries() async {
        guard operation.record.steps.isEmpty, operation.record.undoes == nil else { return }
        let servers = servers
        let fleet = fleet
        await withTaskGroup(of: (InstanceAddress, BinaryLogSeries?).self) { group in
            for address in comparedLogs {
                group.addTask { (address, try? await servers.binaryLogSeries(of: fleet.canonical(address))) }
            }
            for await (address, series) in group {
                if let series { observed.note(series, of: address) }
            }
        }
    }

    /// The logs in which places are found; of one that is given up nobody asks, and nobody goes back there.
    private var comparedLogs: Set<InstanceAddress> {
        let givenUp = Set((plan.givenUp ?? []).map(fleet.canonical))
        return Set(plan.steps.flatMap(\.comparedLogs)).filter { !givenUp.contains(fleet.canonical($0)) }
    }

    /// Logs that somebody may have reset since an earlier attempt; what this operation resets itself is not among them.
    private var doubtedLogs: Set<InstanceAddress> {
        guard !operation.record.steps.isEmpty || operation.record.undoes != nil else { return [] }
        return comparedLogs.filter { log in
            !plan.steps.contains { step in
                step.instance == fleet.canonical(log) && (step.commands + step.inverse).contains(where: \.resets)
            }
        }
    }

    /// What an earlier attempt brought about may be gone: a server that was restarted replicates again.
    private func lookForDisturbances() async {
        let done = operation.doneSteps
        guard !done.isEmpty, done.count < plan.steps.count else { return }
        let looks = await looks(at: Set(done.map { plan.steps[$0].instance }))
        repeated = plan.disturbedSteps(done: done, begun: operation.unsureSteps) { step, expectation in
            // One that does not answer is found so by its own step.
            guard let facts = looks[step.instance] else { return .holds }
            return expectation.finding(in: facts, fleet: fleet, observed: observed)
        }
        repeated.formUnion(stepsOfOpenBlock(done: done, looks))
    }

    /// All at once; those that do not answer are left out.
    func looks(at addresses: Set<InstanceAddress>) async -> [InstanceAddress: InstanceFacts] {
        await withTaskGroup(of: (InstanceAddress, InstanceFacts?).self) { group in
            for address in addresses.sorted() {
                group.addTask { (address, try? await self.servers.probe(address)) }
            }
            var looks: [InstanceAddress: InstanceFacts] = [:]
            for await (address, facts) in group { looks[address] = facts }
            return looks
        }
    }

    private func runStages() async -> OperationReport.Ending {
        let stages = Dictionary(grouping: plan.steps.indices, by: { plan.steps[$0].stage }).sorted { $0.key < $1.key }
        for (_, indices) in stages {
            if stopRequest.isSet, !isWithinBlock(indices[0]) { return .stopped(before: indices[0]) }
            if let failure = objectionOfReturned(to: indices) { return .failed([failure]) }
            let failures = await run(stage: indices)
            if !failures.isEmpty { return .failed(await allowWritesAgain(after: failures)) }
        }
        return .done
    }

    /// Steps of one stage at once; those on one server one after the other.
    private func run(stage indices: [Int]) async -> [StepFailure] {
        let lanes = Dictionary(grouping: indices) { plan.steps[$0].instance }.values.sorted { $0[0] < $1[0] }
        let failures = await withTaskGroup(of: StepFailure?.self, returning: [StepFailure].self) { group in
            for lane in lanes {
                group.addTask { await self.run(lane: lane) }
            }
            var failures: [StepFailure] = []
            for await failure in group {
                if let failure { failures.append(failure) }
            }
            return failures
        }
        return failures.sorted { $0.step < $1.step }
    }

    private func run(lane: [Int]) async -> StepFailure? {
        for index in lane {
            if let failure = await run(index) { return failure }
        }
        return nil
    }

    private func run(_ index: Int) async -> StepFailure? {
        let known = repeated.contains(index) ? .begun : operation.record.steps[index]?.state
        if known == .done || known == .skipped {
            progress(.stepSkipped(index))
            return nil
        }
        let started = clock.now
        progress(.stepBegan(index))
        do throws(StepFailure) {
            let wasDone = try await perform(index, wasBegun: known == .begun || known == .failed)
            let duration = clock.now - started
            durations[index] = duration
            progress(wasDone ? .stepSkipped(index) : .stepEnded(index, duration))
            return nil
        } catch {
            progress(.stepFailed(error))
            // The journal may be what failed; then the step stays begun there, which is what is known of it.
            let state: OperationStepRecord.State =
                error.phase == .precondition || error.phase == .lock || error.didNothing ? (known ?? .refused) : .failed
            if error.phase != .journal {
                try? await journal.note(
                    state, step: index, of: operation.id, note: error.message, observed: observed)
            }
            return error
        }
    }

    func stepRun(_ index: Int) -> StepRun {
        StepRun(index, plan.steps[index], servers: servers, fleet: fleet, clock: clock, progress: progress)
    }

    /// - Returns: whether it was found done already.
    private func perform(_ index: Int, wasBegun: Bool) async throws(StepFailure) -> Bool {
        let step = plan.steps[index]
        let stepRun = stepRun(index)
        // Three connections, asked at once.
        async let lockTrouble = lockTrouble(of: index)
        async let sight = stepRun.sight(.precondition)
        if let trouble = await lockTrouble { throw stepRun.failure(.lock, trouble) }
        let (facts, before) = try await sight.get()
        if wasBegun, stepRun.isDone(facts, observed) {
            try await finish(index, .skipped, facts, stepRun)
            return true
        }
        try stepRun.checkPreconditions(facts, observed, wasBegun: wasBegun)
        try await stepRun.checkLogs(observed, doubted: doubtedLogs)
        try await lookForReplicas(of: index, facts)
        try await journaling(stepRun) { () async throws(OperationError) in
            try await journal.note(.begun, step: index, of: operation.id, note: nil, observed: observed)
        }
        if !step.commands.isEmpty {
            touched.insert(step.instance)
        } else if stepRun.openProof(facts, observed) == nil {
            // It only looks, and has seen it.
            try await finish(index, .done, facts, stepRun)
            return false
        }
        let deadline = clock.now + step.timeLimit
        if index == plan.writeBlock?.first { blockBegan = clock.now }
        remarks += try await stepRun.runCommands(facts, observed, before: deadline)
        if index == plan.writeBlock?.last { endBlock(.handedOver) }
        let (after, options) = try await stepRun.proved(observed, before: deadline)
        changedOptions += stepRun.changes(from: before, to: options)
        try await finish(index, .done, after, stepRun)
        return false
    }

    private func finish(
        _ index: Int, _ state: OperationStepRecord.State, _ facts: InstanceFacts, _ stepRun: StepRun
    ) async throws(StepFailure) {
        for observation in plan.steps[index].observes {
            guard let text = try await stepRun.reading(of: observation, facts) else {
                throw stepRun.failure(.proof, "\(observation) could not be read")
            }
            observed.note(text, for: observation)
        }
        if !plan.steps[index].commands.isEmpty { touched.insert(plan.steps[index].instance) }
        try await journaling(stepRun) { () async throws(OperationError) in
            try await journal.note(state, step: index, of: operation.id, note: nil, observed: observed)
        }
    }

    /// Whether a step came to its end in this run.
    func isDone(_ index: Int) -> Bool { durations[index] != nil }

    var blockInWords: String? { writesBlocked?.sentence }

    func endBlock(_ end: BlockedWrites.End) {
        writesBlocked = BlockedWrites(duration: blockBegan.map { clock.now - $0 } ?? .zero, end: end)
    }

    func journaling(
        _ stepRun: StepRun, _ body: () async throws(OperationError) -> Void
    ) async throws(StepFailure) {
        do throws(OperationError) {
            try await body()
        } catch {
            throw stepRun.failure(.journal, error.description)
        }
    }

    /// Says again and again that this process is still at it, also while a server takes long to answer. A hold that can't
    /// be renewed is noticed at the next note, which stops the operation.
    private nonisolated func keepHold() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: StoreJournal.holdTime / 3)
            if !Task.isCancelled { try? await journal.renew(operation.id) }
        }
    }
}
