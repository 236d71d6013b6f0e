import Refactoring
import Topology

/// One step on one server: what is asked and sent, and what comes of it.
struct StepRun: Sendable {
    /// Between two looks: short at first, because servers answer within milliseconds, and never longer than this.
    static let longestPause = Duration.milliseconds(100)

    let index: Int
    let step: Step
    let servers: any OperationsServers
    let fleet: Fleet
    let clock: RunClock
    let progress: @Sendable (OperationEvent) -> Void

    init(
        _ index: Int, _ step: Step, servers: any OperationsServers, fleet: Fleet, clock: RunClock,
        progress: @escaping @Sendable (OperationEvent) -> Void
    ) {
        self.index = index
        self.step = step
        self.servers = servers
        self.fleet = fleet
        self.clock = clock
        self.progress = progress
    }

    func failure(_ phase: StepFailure.Phase, _ message: String) -> StepFailure {
        StepFailure(step: index, instance: step.instance, purpose: step.purpose, phase: phase, message: message)
    }

    func look(_ phase: StepFailure.Phase) async throws(StepFailure) -> InstanceFacts {
        do throws(ServerTrouble) {
            return try await servers.probe(step.instance)
        } catch {
            throw failure(phase, error.description)
        }
    }

    /// A look, and the options of the channels whose source this step changes, which two connections tell at once.
    func sight(
        _ phase: StepFailure.Phase
    ) async -> Result<(facts: InstanceFacts, options: [String: [String: String]]), StepFailure> {
        async let options = options()
        do throws(StepFailure) {
            return .success((try await look(phase), try await options.get()))
        } catch {
            return .failure(error)
        }
    }

    /// The first expectation of the proof that does not hold, with what was found; `nil` where the step is done.
    func openProof(_ facts: InstanceFacts, _ observed: Observed) -> (Expectation, Expectation.Finding)? {
        for expectation in step.proof {
            let finding = expectation.finding(in: facts, fleet: fleet, observed: observed)
            if !finding.isHolding { return (expectation, finding) }
        }
        return nil
    }

    /// Whether a step that was begun is done. A change of the source takes effect as a whole, and its proof is whom the
    /// server follows, whether or not a restart has started threads since.
    func isDone(_ facts: InstanceFacts, _ observed: Observed) -> Bool {
        guard step.isProofConclusive else { return false }
        guard step.changesOnly else { return openProof(facts, observed) == nil }
        return (step.sourceProof + step.switchProof).allSatisfy {
            $0.finding(in: facts, fleet: fleet, observed: observed).isHolding
        }
    }

    /// Of a step that was broken off in its middle, what its own commands change may be as before or as after.
    func checkPreconditions(
        _ facts: InstanceFacts, _ observed: Observed, wasBegun: Bool
    ) throws(StepFailure) {
        if wasBegun, let once = step.unrepeatable {
            throw failure(
                .precondition,
                "nobody knows whether it took effect, and \(once.inWords) must not happen twice: look at "
                    + "\(step.instance), then leave or roll back")
        }
        for expectation in step.preconditions {
            guard let found = expectation.finding(in: facts, fleet: fleet, observed: observed).found else { continue }
            if wasBegun, isHalfDone(expectation, facts, observed) { continue }
            throw failure(.precondition, "the plan expects that \(step.instance) \(expectation), but \(found)")
        }
    }

    /// That places which were read long ago still mean what they did.
    ///
    /// - Parameter doubted: servers in whose logs an earlier attempt has read places. Of these it counts only where one says
    ///   that its logs were reset since: it may have been restarted, or be gone.
    func checkLogs(_ observed: Observed, doubted: Set<InstanceAddress>) async throws(StepFailure) {
        for witness in step.logs ?? [] {
            let relation = await relation(of: witness.instance, since: witness.series)
            guard relation != .same else { continue }
            let reason =
                relation == .reset
                ? "reset there since" : "it has been restarted since, its counters were flushed, or it does not say"
            throw failure(
                .precondition,
                "places in the binary log of \(witness.instance) were noted, and nothing proves that they still mean the "
                    + "same: \(reason). Choose another method")
        }
        for address in step.comparedLogs where doubted.contains(address) {
            guard let series = observed.series(of: address), await relation(of: address, since: series) == .reset
            else { continue }
            throw failure(
                .precondition,
                "the binary log of \(address) was reset since this operation began, and what was noted of it means "
                    + "something else now")
        }
    }

    private func relation(
        of address: InstanceAddress, since series: BinaryLogSeries
    ) async -> BinaryLogSeries.Relation {
        guard let now = try? await servers.binaryLogSeries(of: fleet.canonical(address)) else { return .unknown }
        return series.relation(to: now)
    }

    private func isHalfDone(_ expectation: Expectation, _ facts: InstanceFacts, _ observed: Observed) -> Bool {
        guard step.commands.contains(where: { $0.touches(expectation) }) else { return false }
        switch (expectation, facts.gtid) {
        case (.follows(_, let channel), _):
            // A third source is somebody else's doing.
            return step.proof.contains { proof in
                guard case .follows(_, channel) = proof else { return false }
                return proof.finding(in: facts, fleet: fleet, observed: observed).isHolding
            }
        case (.hasExecutedExactly, .mysql(let state)):
            // Made anew, and not yet filled; anything else was executed since.
            return state.executed.isEmpty
        case (.standsAt, .mariadb(let state)):
            // At the place that the step sets, and not somewhere beyond it, from where it would be set back.
            return step.commands.contains(.setVariable(.replicaPosition, to: state.replicaPosition.description))
        case (.hasExecutedExactly, _), (.standsAt, _): return false
        default: return true
        }
    }

    /// - Returns: what the server refused that the plan does not need, each a sentence.
    func runCommands(
        _ facts: InstanceFacts, _ observed: Observed, before deadline: Duration
    ) async throws(StepFailure) -> [String] {
        var remarks: [String] = []
        let dialect = CommandDialect(facts.version)
        var batch: [Statement] = []
        var isFirst = true
        for command in step.commands {
            if case .wait(let channel, .gapsFilled) = command {
                try await send(batch, before: deadline)
                batch = []
                try await waitForGaps(of: channel, before: deadline)
                isFirst = false
                continue
            }
            let statements: [Statement]
            do throws(CommandError) {
                statements = try dialect.statements(for: command, observed: observed)
            } catch {
                throw failure(.statements, error.description)
            }
            answers: for statement in statements {
                switch statement.answer {
                case .none, .mayBeGone, .mayStay: batch.append(statement)
                case .condition(let wanted):
                    try await send(batch, isFirst: isFirst, before: deadline)
                    (batch, isFirst) = ([], false)
                    if try await ask([statement], before: deadline) != wanted { break answers }
                case .sessions(let refusal):
                    let list = try await ask(batch + [statement], before: deadline) ?? ""
                    (batch, isFirst) = (dialect.ending(list, refusal), false)
                case .events:
                    let list = try await ask(batch + [statement], before: deadline) ?? ""
                    (batch, isFirst) = ([], false)
                    for event in dialect.enabling(list) {
                        if let refusal = try await offer(event, before: deadline) { remarks.append(refusal) }
                    }
                case .reached(let goal):
                    try await say(batch + [statement], until: goal, before: deadline)
                    batch = []
                    isFirst = false
                case .zeroWhenReached, .eventsWaitedFor:
                    try await send(batch, before: deadline)
                    batch = []
                    isFirst = false
                    try await wait(statement, observed, before: deadline)
                }
            }
        }
        try await send(batch, isFirst: isFirst, before: deadline)
        return remarks
    }

    /// Sends a statement that the server may refuse: an event whose definer has more rights than baton's account stays as it is.
    ///
    /// - Returns: what it refused, and why.
    private func offer(_ statement: Statement, before deadline: Duration) async throws(StepFailure) -> String? {
        progress(.sending(index, [statement.text]))
        do throws(ServerTrouble) {
            _ = try await servers.run([statement], on: step.instance, limit: deadline - clock.now)
            return nil
        } catch {
            guard case .refused = error else { throw failure(.statements, error.description) }
            return "\(error.description); it is left to whoever may do it"
        }
    }

    /// The first cell of what the last of these statements answers.
    private func ask(_ statements: [Statement], before deadline: Duration) async throws(StepFailure) -> String? {
        progress(.sending(index, statements.map(\.text)))
        do throws(ServerTrouble) {
            return try await servers.run(statements, on: step.instance, limit: deadline - clock.now).last ?? nil
        } catch {
            throw failure(.statements, error.description)
        }
    }

    /// - Parameter isFirst: whether nothing was sent for this step before.
    private func send(
        _ statements: [Statement], isFirst: Bool = false, before deadline: Duration
    ) async throws(StepFailure) {
        guard !statements.isEmpty else { return }
        guard clock.now < deadline else {
            throw failure(.statements, "the \(limitInWords) were up before \(statements[0].text) was sent")
        }
        progress(.sending(index, statements.map(\.text)))
        do throws(ServerTrouble) {
            _ = try await servers.run(statements, on: step.instance, limit: deadline - clock.now)
        } catch {
            var failure = failure(.statements, inWords(error))
            if case .lost(_, _, _, .open) = error {} else { failure.isSettled = true }
            if case .refused(_, let statement, _, _) = error {
                failure.wasRefused = true
                let places = statements.indices.filter { statements[$0].text == statement }
                failure.didNothing = isFirst && places == [0]
            }
            throw failure
        }
    }

    /// Threads that were told to stop do so even when nobody waits for them any more.
    private func inWords(_ trouble: ServerTrouble) -> String {
        guard case .lost = trouble, step.commands.contains(where: { $0.stops != nil }) else {
            return trouble.description
        }
        return trouble.description + ". A thread that was told to stop stops as soon as it can, even now"
    }

    /// Looks until everything that proves the step is seen, and reads the options anew.
    func proved(
        _ observed: Observed, before deadline: Duration
    ) async throws(StepFailure) -> (facts: InstanceFacts, options: [String: [String: String]]) {
        async let options = options()
        var pause = Duration.milliseconds(1)
        while true {
            let facts = try await look(.proof)
            guard let (expectation, finding) = openProof(facts, observed) else {
                return (facts, try await options.get())
            }
            let found = finding.found ?? ""
            if case .hopeless = finding {
                throw failure(.proof, "the plan expects that \(step.instance) \(expectation), but \(found)")
            }
            guard clock.now < deadline else {
                let words = step.waitsFor.map { " for \($0)" } ?? ""
                throw failure(
                    .proof,
                    "waited \(limitInWords)\(words): the plan expects that \(step.instance) \(expectation), but \(found)"
                )
            }
            if step.waitsFor != nil { progress(.waiting(index, found)) }
            await clock.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    var limitInWords: String { "\(step.timeLimit.components.seconds) s" }

    /// The options of the channels whose source this step changes.
    private func options() async -> Result<[String: [String: String]], StepFailure> {
        var options: [String: [String: String]] = [:]
        for channel in Set(step.commands.compactMap(\.changedChannel)) {
            do throws(ServerTrouble) {
                options[channel] = try await servers.connectionOptions(of: step.instance, channel: channel)
            } catch {
                return .failure(failure(.statements, error.description))
            }
        }
        return .success(options)
    }

    /// What the step reads for later ones, in its own notation; `nil` where the server does not tell.
    func reading(of observation: Observation, _ facts: InstanceFacts) async throws(StepFailure) -> String? {
        if observation.quantity == .eventScheduler { return try await eventScheduler(of: observation.instance) }
        guard let wanted = observation.quantity.options else { return observation.reading(facts) }
        do throws(ServerTrouble) {
            let columns = try await servers.connectionOptions(of: observation.instance, channel: observation.channel)
            return SourceOptions(columns: columns, only: wanted).description
        } catch {
            throw failure(.proof, error.description)
        }
    }

    /// A look at a server does not tell it. One that it was started without (`DISABLED`) is off.
    private func eventScheduler(of address: InstanceAddress) async throws(StepFailure) -> String? {
        let question = Statement("SELECT @@GLOBAL.event_scheduler")
        do throws(ServerTrouble) {
            guard let state = try await servers.run([question], on: address, limit: step.timeLimit).last ?? nil else {
                return nil
            }
            return (["1", "ON"].contains(state.uppercased()) ? SwitchState.on : .off).rawValue
        } catch {
            throw failure(.proof, error.description)
        }
    }

    /// What is not as it was, and was not to be changed. What the change names is left out by the servers' own words for it.
    func changes(from before: [String: [String: String]], to after: [String: [String: String]]) -> [ChangedOption] {
        let named = Set(step.commands.flatMap(\.namedOptions))
        return before.sorted { $0.key < $1.key }.flatMap { channel, options in
            options.sorted { $0.key < $1.key }.compactMap { name, old in
                guard let new = after[channel]?[name], new != old, !named.contains(name.lowercased()) else {
                    return nil
                }
                return ChangedOption(instance: step.instance, channel: channel, name: name, before: old, after: new)
            }
        }
    }
}

extension Command {
    fileprivate var inWords: String {
        switch self {
        case .skipEventGroup: "skipping an event group"
        case .resetBinaryLogs: "resetting the binary logs"
        case .killQuery: "ending a query"
        default: "it"
        }
    }

    /// The columns in which servers tell the options that a change names, in lower case.
    fileprivate var namedOptions: [String] {
        guard case .changeSource(_, let change) = self else { return [] }
        var names: [String] = []
        if change.user != nil { names += ["user", "master_user"] }
        if change.delay != nil { names += ["desired_delay", "sql_delay"] }
        if change.heartbeatPeriod != nil { names += ["heartbeat_interval", "slave_heartbeat_period"] }
        let restored = change.restored == nil ? [] : SourceOption.allCases
        for option in change.options.keys.compactMap(SourceOption.init) + restored { names += option.columns }
        return names
    }
}
