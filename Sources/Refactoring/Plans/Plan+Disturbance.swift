import Topology

extension Plan {
    /// The steps that have to be carried out once more when the plan is gone on with, because what they brought about is
    /// gone and is still needed: a server that was restarted replicates again, and the place where it was stopped is not
    /// where it stands.
    ///
    /// - Parameters:
    ///   - done: the steps that were done.
    ///   - begun: those that were begun, of which it is not known whether they were.
    ///   - finding: what a look at a step's server says of an expectation now.
    public func disturbedSteps(
        done: Set<Int>, begun: Set<Int>, _ finding: (Step, Expectation) -> Expectation.Finding
    ) -> Set<Int> {
        let open = steps.indices.filter { !done.contains($0) }
        let disturbed = done.filter { index in
            let step = steps[index]
            let later = steps.indices.filter { later in
                later > index && steps[later].instance == step.instance
                    && (done.contains(later) || begun.contains(later) && tookEffect(later, begun, finding))
            }
            let gone = step.proof.filter { expectation in
                expectation.isRestorable && !later.contains { steps[$0].commands.contains { $0.touches(expectation) } }
                    && !finding(step, expectation).isHolding
            }
            return !gone.isEmpty && open.contains { steps[$0].needs(step, gone) && isUndone($0, begun, finding) }
        }
        guard let first = disturbed.map({ steps[$0].stage }).min() else { return [] }
        return done.filter { steps[$0].stage >= first }
    }

    /// Whether what a begun step does to its server was done, so that the server is no longer as earlier steps left it. A
    /// source that was changed is enough: the threads that the step started may still be connecting.
    private func tookEffect(
        _ index: Int, _ begun: Set<Int>, _ finding: (Step, Expectation) -> Expectation.Finding
    ) -> Bool {
        let step = steps[index]
        let changes = step.sourceProof.filter { !step.preconditions.contains($0) }
        guard !changes.isEmpty else { return !isUndone(index, begun, finding) }
        return changes.allSatisfy { finding(step, $0).isHolding }
    }

    /// Whether a step is not done, as far as its proof tells.
    private func isUndone(
        _ index: Int, _ begun: Set<Int>, _ finding: (Step, Expectation) -> Expectation.Finding
    ) -> Bool {
        guard begun.contains(index) else { return true }
        let proof = steps[index].changesOnly ? steps[index].sourceProof : steps[index].proof
        return proof.contains { !finding(steps[index], $0).isHolding }
    }
}

extension Step {
    /// Whether it does nothing but change or forget a source: then threads say nothing of whether it was done, because a
    /// server that is restarted starts them by itself.
    public var changesOnly: Bool {
        let changes = commands.contains { command in
            switch command {
            case .changeSource, .resetReplica: true
            default: false
            }
        }
        let starts = commands.contains { if case .startReplication = $0 { true } else { false } }
        return changes && !starts && sourceProof.contains { !preconditions.contains($0) }
    }

    /// What proves it besides the threads.
    public var sourceProof: [Expectation] { proof.filter(\.isAboutSource) }

    /// What proves the switches that it sets: a server that has forgotten its source may still be read-only.
    public var switchProof: [Expectation] {
        proof.filter { expectation in
            switch expectation {
            case .writability, .semiSync, .semiSyncWaits: true
            default: false
            }
        }
    }

    /// Whether it relies on what another step brought about, or read.
    fileprivate func needs(_ other: Step, _ gone: [Expectation]) -> Bool {
        if other.instance == instance, preconditions.contains(where: gone.contains) { return true }
        let used = commands.flatMap(\.observations) + (preconditions + proof).compactMap(\.observation)
        return used.contains(where: other.observes.contains)
    }
}

extension Command {
    /// What earlier steps have to have read for it.
    fileprivate var observations: [Observation] {
        switch self {
        case .changeSource(_, let change):
            [change.positioning?.observation, change.restored?.observation].compactMap(\.self)
        case .startReplication(_, _, let until): until?.observation.map { [$0] } ?? []
        case .wait(_, let point): point.observation.map { [$0] } ?? []
        case .setEventScheduler(let state): state.observation.map { [$0] } ?? []
        case .setReplicaPosition(let position): position.observation.map { [$0] } ?? []
        default: []
        }
    }
}

extension SourcePositioning {
    fileprivate var observation: Observation? {
        if case .binlog(let place) = self { place.observation } else { nil }
    }
}

extension StopPoint {
    fileprivate var observation: Observation? {
        switch self {
        case .position(let place): place.observation
        case .executed(let gtids): gtids.observation
        case .mariadbPosition(let position): position.observation
        case .gapsFilled: nil
        }
    }
}

extension Expectation {
    fileprivate var observation: Observation? {
        switch self {
        case .executed(let place, _), .executedAtLeast(let place, _), .binaryLogEnds(let place): place.observation
        case .hasExecuted(let gtids), .hasExecutedExactly(let gtids): gtids.observation
        case .hasReached(let position), .standsAt(let position): position.observation
        default: nil
        }
    }
}

extension Late {
    fileprivate var observation: Observation? {
        if case .observed(let observation) = self { observation } else { nil }
    }
}
