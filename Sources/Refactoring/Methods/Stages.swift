import Topology

/// Steps on their way to becoming a plan: stages that follow each other, each of steps on different servers.
public struct Stages: Hashable, Sendable {
    private var stages: [[Step]] = []

    /// Makes stages of steps whose ``Step/stage`` does not count yet: each array runs at once.
    public init(_ stages: [[Step]] = []) {
        self.stages = stages.filter { !$0.isEmpty }
    }

    /// Adds stages that begin when all before are done.
    public mutating func append(_ later: Stages) { stages += later.stages }

    /// Adds stages that run beside these, first beside first: they must be about other servers. Where both wait for the
    /// same server, they wait in one step.
    public mutating func merge(_ others: Stages) {
        for (index, stage) in others.stages.enumerated() {
            guard index < stages.count else {
                stages.append(stage)
                continue
            }
            for step in stage {
                if let (place, joined) = joined(step, in: stages[index]) {
                    stages[index][place] = joined
                } else {
                    stages[index].append(step)
                }
            }
        }
    }

    private func joined(_ step: Step, in stage: [Step]) -> (Int, Step)? {
        for (place, other) in stage.enumerated() {
            if let joined = other.waitingTogether(with: step) { return (place, joined) }
        }
        return nil
    }

    /// The steps with their stages, counted from 0.
    public var steps: [Step] {
        stages.enumerated().flatMap { index, stage in
            stage.map { step in
                var step = step
                step.stage = index
                return step
            }
        }
    }
}
