import Refactoring
import Topology

/// One step on one server: what is asked and sent, and what comes of it.
struct StepRun: Sendable {
    /// Between two looks: short at first, because servers answer within milliseconds, and never longer than this.
    private static let longestPause = Duration.milliseconds(100)

    private let index: Int
    private let step: Step
    private let servers: any OperationsServers
    private let fleet: Fleet
    private let clock: RunClock
    private let progress: @Sendable (OperationEvent) -> Void

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
        return step.sourceProof.allSatisfy { $0.finding(in: facts, fleet: fleet, observed: observed).isHolding }
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

    func runCommands(
        _ facts: InstanceFacts, _ observed: Observed, before deadline: Duration
    ) async throws(StepFailure) {
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
            for statement in statements {
                switch statement.answer {
                case .none: batch.append(statement)
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

    /// Says statements again and again until the last of them answers so.
    private func say(
        _ statements: [Statement], until goal: String, before deadline: Duration
    ) async throws(StepFailure) {
        progress(.sending(index, statements.map(\.text)))
        while true {
            let cell: String?
            do throws(ServerTrouble) {
                cell = try await servers.run(statements, on: step.instance, limit: deadline - clock.now).last ?? nil
            } catch {
                throw failure(.statements, error.description)
            }
            if cell == goal { return }
            let words = step.waitsFor ?? "\(goal)"
            guard clock.now < deadline else {
                let found = cell.map { ", and found \($0)" } ?? ""
                throw failure(.statements, "waited \(limitInWords) for \(words)\(found)")
            }
            progress(.waiting(index, words))
            await clock.sleep(for: Self.longestPause)
        }
    }

    /// Asks again and again, each time for a second, so that an applier that has stopped is noticed.
    private func wait(
        _ statement: Statement, _ observed: Observed, before deadline: Duration
    ) async throws(StepFailure) {
        progress(.sending(index, [statement.text]))
        while true {
            let cell: String?
            do throws(ServerTrouble) {
                // The server itself comes back after a second.
                cell = try await servers.run([statement], on: step.instance, limit: .seconds(3)).first ?? nil
            } catch {
                throw failure(.statements, error.description)
            }
            switch (statement.answer, cell.flatMap { Int64($0) }) {
            case (.zeroWhenReached, 0): return
            case (.eventsWaitedFor, let events?) where events >= 0: return
            case (.eventsWaitedFor, nil): throw failure(.statements, "the applier of \(step.instance) does not run")
            default: break
            }
            let facts = try await look(.statements)
            if let stopped = facts.channels.first(where: { $0.applier == .stopped && $0.applierError != nil }),
                let error = stopped.applierError
            {
                throw failure(
                    .statements, "the applier of \(step.instance) stopped with error \(error.code): \(error.message)")
            }
            // What was received may end within a transaction, and then the applier never comes to its end.
            if !step.proof.isEmpty, openProof(facts, observed) == nil { return }
            let words = step.waitsFor ?? "\(step.instance) to catch up"
            guard clock.now < deadline else {
                throw failure(.statements, "waited \(limitInWords) for \(words), in vain")
            }
            progress(.waiting(index, words))
        }
    }

    /// Looks until an applier that fills gaps has stopped, or has nothing left to apply, in which no gap can be.
    private func waitForGaps(of name: String, before deadline: Duration) async throws(StepFailure) {
        var pause = Duration.milliseconds(1)
        while true {
            let facts = try await look(.statements)
            guard let channel = facts.channels.first(where: { $0.name == name }) else { return }
            if channel.applier == .stopped {
                guard let error = channel.applierError else { return }
                throw failure(
                    .statements, "the applier of \(step.instance) stopped with error \(error.code): \(error.message)")
            }
            let finding = Expectation.appliedReceived(channel: name).finding(in: facts, fleet: fleet)
            guard let found = finding.found else { return }
            guard clock.now < deadline else {
                throw failure(
                    .statements, "waited \(limitInWords) for \(step.waitsFor ?? "gaps to be filled"), but \(found)")
            }
            progress(.waiting(index, found))
            await clock.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
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

    private var limitInWords: String { "\(step.timeLimit.components.seconds) s" }

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
        guard let wanted = observation.quantity.options else { return observation.reading(facts) }
        do throws(ServerTrouble) {
            let columns = try await servers.connectionOptions(of: observation.instance, channel: observation.channel)
            return SourceOptions(columns: columns, only: wanted).description
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
