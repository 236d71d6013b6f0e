import Topology

extension Plan {
    /// The plan that takes steps of this one back, the last first, one after the other.
    ///
    /// It begins with a look at each server: where one is not as the steps left it, nothing at all is taken back. Each
    /// step then proves that the state before is there again. Steps without an inverse are left out; transactions are
    /// never taken back.
    ///
    /// - Parameters:
    ///   - indices: the steps that were done; all unless told otherwise.
    ///   - begun: those of them that may have been done in part; of their servers nothing is expected.
    ///   - absent: steps that were begun and are known not to have been done; of their servers nothing is expected either.
    ///   - occasion: whether what was left has just been broken off, or stood for a while.
    public func inverse(
        of indices: [Int]? = nil, begun: Set<Int> = [], absent: Set<Int> = [], on occasion: InverseOccasion = .undo
    ) -> Plan {
        let done = (indices ?? Array(steps.indices)).sorted()
        let taken = done.reversed().filter { !steps[$0].inverse.isEmpty }
        let unsure = Set((done.filter(begun.contains) + absent).map { steps[$0].instance })
        var inverted: [Step] = []
        for address in taken.map({ steps[$0].instance }) where !inverted.contains(where: { $0.instance == address }) {
            let own = done.map { steps[$0] }.filter { $0.instance == address }
            inverted.append(.look(at: address, after: own, isUnsure: unsure.contains(address), occasion))
        }
        for (place, index) in taken.enumerated() {
            inverted.append(steps[index].inverted(stage: place + 1, isUnsure: begun.contains(index)))
        }
        var inverse = Plan(
            intent: "Take back: \(intent)", verb: "undo", method: method, steps: inverted, versions: versions)
        // The executor lets only a ring be closed of which the other half is as it was.
        inverse.ringsClosed = ringsLeft
        return inverse
    }
}

/// When a plan is taken back.
public enum InverseOccasion: Hashable, Sendable {
    /// It came to its end some time ago: whatever was changed since stops that.
    case undo
    /// It was broken off, perhaps by the end of a server, which has started its threads since.
    case rollBack
}

extension Step {
    /// A step without commands that expects what the steps left behind on their server.
    fileprivate static func look(
        at address: InstanceAddress, after steps: [Step], isUnsure: Bool, _ occasion: InverseOccasion
    ) -> Step {
        var expected: Set<Expectation> = []
        var inOrder: [Expectation] = []
        func expect(_ expectation: Expectation) {
            if expected.insert(expectation).inserted { inOrder.append(expectation) }
        }
        for expectation in steps.flatMap(\.preconditions) {
            if case .identity = expectation { expect(expectation) }
        }
        // A server that broke an operation off by ending may have started threads by itself; that matters only where a place
        // in a log is to be gone back to.
        let goesToPlace = steps.flatMap(\.inverse).contains { command in
            guard case .changeSource(_, let change) = command, case .binlog? = change.positioning else { return false }
            return true
        }
        for (place, step) in steps.enumerated() where !isUnsure {
            let later = steps[(place + 1)...].flatMap(\.commands)
            for expectation in step.proof where expectation.isRestorable {
                if occasion == .rollBack, expectation.isAboutThreads, !goesToPlace { continue }
                if !later.contains(where: { $0.touches(expectation) }) { expect(expectation) }
            }
        }
        return Step(
            stage: 0, on: address, "see that it is as it was left", preconditions: inOrder, commands: [], proof: [])
    }

    /// Of a stop that was cut off nobody knows whether its threads are still about to stop, as they do when what they wait
    /// for ends: a start meanwhile finds them running and does nothing. So they are stopped to the end first.
    package func inverted(stage: Int, isUnsure: Bool) -> Step {
        let stops = inverse.contains { $0.stops != nil }
        let isCutOff = isUnsure && !stops && inverse.contains(where: \.starts)
        let restored = preconditions.filter { expectation in
            expectation.isRestorable && inverse.contains { $0.touches(expectation) }
        }
        // Where a channel comes to stand now is another place than it was then.
        var step = Step(
            stage: stage, on: instance, "take back: \(purpose)",
            commands: (isCutOff ? commands.filter { $0.stops != nil } : []) + inverse, observes: stops ? observes : [],
            proof: restored,
            timeLimit: timeLimit, waitsFor: waitOfInverse, inverse: commands)
        // It goes back to a place of the old source only.
        let sources = inverse.compactMap(\.newSource)
        step.logs = logs.map { $0.filter { sources.contains($0.instance) } }
        return step
    }

    /// What taking back may have to wait for: another source than the way there had.
    private var waitOfInverse: String? {
        let starts = inverse.contains { command in
            if case .startReplication(_, let threads, _) = command { threads != .applier } else { false }
        }
        guard starts else { return nil }
        return "its receiver to connect" + (inverse.compactMap(\.newSource).last.map { " to \($0)" } ?? "")
    }
}
