import Topology

/// The same source again, at the place that the replica itself has executed to: drops the relay log and connects anew.
struct InPlaceMethod: Method {
    let name = "in-place"
    let touchesReplicaOnly = true
    let moves: Set<Positioning> = []

    func steps(for relocation: Relocation) -> MethodAnswer {
        guard relocation.isInPlace else {
            return .refused("\(relocation.target.address) is not the present source")
        }
        guard relocation.channel.positioning == .binlogPosition else {
            return .refused("\(relocation.replica.address) follows by GTID")
        }
        let (replica, channel, threads) = (relocation.replica, relocation.channel, relocation.threads)
        let executed = Observation(.executedPosition, of: replica.address, channel: channel.name)
        return .steps(
            Stages([
                [relocation.stopStep(observes: [executed])],
                [
                    Step(
                        stage: 0, on: replica.address, "connect anew to \(relocation.target.address) at its own place",
                        preconditions: relocation.before + threads.stopped,
                        commands: [relocation.change(.binlog(.observed(executed)))] + threads.start,
                        proof: [.follows(relocation.target.address, channel: channel.name)] + threads.asFound,
                        timeLimit: relocation.limits.statement,
                        waitsFor: threads.receiver ? "its receiver to connect" : nil)
                ],
            ]))
    }
}

extension Relocation {
    /// Stops the channel where it stands.
    package func stopStep(observes: [Observation] = []) -> Step {
        replica.stopStep(
            channel, limits, isPlacePosition: channel.positioning == .binlogPosition, observes: observes)
    }

    /// Starts again what ran, under the target.
    package func startStep() -> Step? {
        guard !threads.start.isEmpty else { return nil }
        return Step(
            stage: 0, on: replica.address, "replicate from \(target.address)",
            preconditions: replica.identityExpectation + [.follows(target.address, channel: name)],
            commands: threads.start,
            proof: [.follows(target.address, channel: name)] + threads.underNewSource,
            timeLimit: limits.statement,
            waitsFor: threads.receiver ? "its receiver to connect to \(target.address)" : nil,
            inverse: threads.stop)
    }
}
