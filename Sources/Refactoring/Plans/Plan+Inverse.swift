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
    public func inverse(of indices: [Int]? = nil, begun: Set<Int> = []) -> Plan {
        let done = (indices ?? Array(steps.indices)).sorted()
        let taken = done.reversed().filter { !steps[$0].inverse.isEmpty }
        let unsure = Set(done.filter(begun.contains).map { steps[$0].instance })
        var inverted: [Step] = []
        for address in taken.map({ steps[$0].instance }) where !inverted.contains(where: { $0.instance == address }) {
            let own = done.map { steps[$0] }.filter { $0.instance == address }
            inverted.append(.look(at: address, after: own, isUnsure: unsure.contains(address)))
        }
        for (place, index) in taken.enumerated() { inverted.append(steps[index].inverted(stage: place + 1)) }
        return Plan(
            intent: "Take back: \(intent)", verb: "undo", method: method, steps: inverted, versions: versions)
    }
}

extension Step {
    /// A step without commands that expects what the steps left behind on their server.
    fileprivate static func look(at address: InstanceAddress, after steps: [Step], isUnsure: Bool) -> Step {
        var expected: Set<Expectation> = []
        var inOrder: [Expectation] = []
        func expect(_ expectation: Expectation) {
            if expected.insert(expectation).inserted { inOrder.append(expectation) }
        }
        for expectation in steps.flatMap(\.preconditions) {
            if case .identity = expectation { expect(expectation) }
        }
        for (place, step) in steps.enumerated() where !isUnsure {
            let later = steps[(place + 1)...].flatMap(\.commands)
            for expectation in step.proof where expectation.isRestorable {
                if !later.contains(where: { $0.touches(expectation) }) { expect(expectation) }
            }
        }
        return Step(
            stage: 0, on: address, "see that it is as it was left", preconditions: inOrder, commands: [], proof: [])
    }

    fileprivate func inverted(stage: Int) -> Step {
        let restored = preconditions.filter { expectation in
            expectation.isRestorable && inverse.contains { $0.touches(expectation) }
        }
        return Step(
            stage: stage, on: instance, "take back: \(purpose)", commands: inverse, proof: restored,
            timeLimit: timeLimit, waitsFor: waitsFor, inverse: commands)
    }
}
