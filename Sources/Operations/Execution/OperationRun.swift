import Refactoring
import Storage
import Topology

/// One run of one operation: locks, stages, the journal, the report.
actor OperationRun {
    nonisolated let stopRequest = StopRequest()
    let operation: JournaledOperation
    let servers: any OperationsServers
    private let journal: any OperationJournal
    let fleet: Fleet
    private let clock: RunClock
    let progress: @Sendable (OperationEvent) -> Void

    private var observed: Observed
    private var durations: [Duration?]
    private var changedOptions: [ChangedOption] = []
    private var touched: Set<InstanceAddress> = []
    /// Steps of an earlier attempt that have to be carried out again.
    var repeated: Set<Int> = []
    var locks: [InstanceAddress: any ServerLock] = [:]
    /// Servers that did not answer when they were to be locked.
    var unlocked: Set<InstanceAddress> = []
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
        let ending: OperationReport.Ending
        if let failure = await lookAbove(openSteps) { ending = .failed([failure]) } else { ending = await runStages() }
        hold.cancel()
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
            for address in Set(plan.steps.flatMap(\.comparedLogs)) {
                group.addTask { (address, try? await servers.binaryLogSeries(of: fleet.canonical(address))) }
            }
            for await (address, series) in group {
                if let series { observed.note(series, of: address) }
            }
        }
    }

    /// Logs that somebody may have reset since an earlier attempt; what this operation resets itself is not among them.
    private var doubtedLogs: Set<InstanceAddress> {
        guard !operation.record.steps.isEmpty || operation.record.undoes != nil else { return [] }
        let logs = Set(plan.steps.flatMap(\.comparedLogs))
        return logs.filter { log in
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
            if stopRequest.isSet { return .stopped(before: indices[0]) }
            let failures = await run(stage: indices)
            if !failures.isEmpty { return .failed(failures) }
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
        try await stepRun.runCommands(facts, observed, before: deadline)
        let (after, options) = try await stepRun.proved(observed, before: deadline)
        changedOptions += stepRun.changes(from: before, to: options)
        try await finish(index, .done, after, stepRun)
        return false
    }

    /// What is wrong with the lock on its server or, where it leads that to another source, with those on that one and on
    /// all above it.
    private func lockTrouble(of index: Int) async -> String? {
        let step = plan.steps[index]
        let sources = step.newSources.map(fleet.canonical)
        for address in [step.instance] + sources {
            guard let lock = locks[address] else {
                // Only a source may be without one, where it did not answer.
                if address != step.instance { continue }
                return "there is no lock on \(address)"
            }
            if let trouble = (await lock.standing()).trouble(of: address) { return trouble }
        }
        return await lockTrouble(above: index, besides: Set([step.instance] + sources))
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

    private func journaling(
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

extension OperationRun {
    /// In the order of addresses, so that of two batons one gets them all.
    ///
    /// A source that is only left, or that baton does not know, may not answer: the operation goes on without its lock,
    /// and the journal holds it all the same.
    private func takeLocks() async throws(OperationError) {
        let addresses = plan.concerned(in: fleet)
        await servers.prepare(addresses)
        let required = serversToLock
        for address in addresses.sorted() {
            do throws(ServerTrouble) {
                locks[address] = try await servers.lock(address)
            } catch {
                if case .locked(_, let holder) = error { throw .held(address, by: holder) }
                if required.contains(address) { throw .notLocked(address, error.description) }
                unlocked.insert(address)
            }
        }
    }

    /// Those without whose lock nothing is begun: where statements run, and the new sources of replicas. Taking back must
    /// be possible to a source that has died meanwhile.
    private var serversToLock: Set<InstanceAddress> {
        guard operation.record.undoes == nil else { return Set(plan.instances) }
        let sources = plan.steps.flatMap(\.newSources).map(fleet.canonical).filter { source in
            fleet.isEmpty || fleet[source]?.facts != nil
        }
        return Set(plan.instances).union(sources)
    }

    private func releaseLocks() async {
        for (_, lock) in locks.sorted(by: { $0.key < $1.key }) { await lock.release() }
        locks = [:]
    }

    private func report(_ ending: OperationReport.Ending) async -> OperationReport {
        var report = OperationReport(
            operation: operation.id, ending: ending, durations: durations, changedOptions: changedOptions, states: [:],
            choices: [], journalTrouble: nil)
        guard ending != .done else { return report }
        for address in touched.union(operation.begunSteps.map { plan.steps[$0].instance }).sorted() {
            do throws(ServerTrouble) {
                report.states[address] = try await servers.probe(address).replicationInWords
            } catch {
                // It stands beside the server's name.
                let (words, name) = (error.description, "\(address) ")
                report.states[address] = words.hasPrefix(name) ? String(words.dropFirst(name.count)) : words
            }
        }
        guard !hasNothingToDecide(ending) else { return report }
        report.choices = [.resume] + (await canBeRolledBack ? [.rollBack] : []) + [.leave]
        return report
    }

    /// Whether the server refused to end a query: mostly it has ended by itself meanwhile. Nothing was changed, and to
    /// try again is a new operation.
    private func hasNothingToDecide(_ ending: OperationReport.Ending) -> Bool {
        guard case .failed(let failures) = ending, failures.allSatisfy(\.wasRefused) else { return false }
        return plan.steps.allSatisfy { step in
            step.commands.allSatisfy { if case .killQuery = $0 { true } else { false } }
        }
    }

    /// Whether it did anything, all of which can be taken back step by step.
    private var canBeRolledBack: Bool {
        get async {
            // The journal knows what this run began besides what earlier ones did; unread, it is offered and tried.
            guard let operation = try? await journal.operation(operation.id) else { return !touched.isEmpty }
            let begun = operation.begunSteps
            return !begun.isEmpty && plan.objectionToRollingBack(begun) == nil
        }
    }

    private func writeEnd(_ report: OperationReport) async throws(OperationError) {
        switch report.ending {
        case .done:
            // The other one first: killed in between, this one is still open, and ends here again when it is resumed.
            if let undone = operation.record.undoes { try await journal.settle(undone, .takenBack, report: nil) }
            let words = changedOptions.map(\.description).joined(separator: "; ")
            try await journal.end(operation.id, .done, report: words.isEmpty ? nil : words)
        case .failed(let failures):
            // Where the journal itself failed, its last line is what is known; it may well fail again.
            let words = failures.map(\.description).joined(separator: "; ")
            try await journal.end(
                operation.id, hasNothingToDecide(report.ending) ? .notBegun : .failed, report: words)
        case .stopped(let next):
            try await journal.end(operation.id, .stopped, report: "stopped before step \(next + 1)")
        }
    }
}

extension InstanceFacts {
    /// Whom it follows and whether its threads run, channel by channel.
    var replicationInWords: String {
        guard !channels.isEmpty else { return "is no replica, \(writability.rawValue)" }
        return channels.map { channel in
            let name = channel.name.isEmpty ? "" : "channel \(channel.name): "
            let source = channel.source.map { "follows \($0)" } ?? "follows nobody"
            let errors = [channel.receiverError, channel.applierError].compactMap { $0 }
                .map { ", error \($0.code): \($0.message)" }.joined()
            return
                "\(name)\(source), receiver \(channel.receiver.rawValue), applier \(channel.applier.rawValue)\(errors)"
        }.joined(separator: "; ")
    }
}
