import Topology

extension Detector {
    /// Channels that do not replicate: one problem for each side that has an error, else one for what is stopped.
    static let replicationThreads = Detector { examined, problems in
        for channel in examined.channels {
            let before = problems.count
            receiverProblem(examined.address, channel).map { problems.append($0) }
            applierProblem(examined.address, channel).map { problems.append($0) }
            if problems.count == before {
                stoppedProblem(examined.address, channel).map { problems.append($0) }
            }
        }
    }

    private static func receiverProblem(_ address: InstanceAddress, _ channel: ReplicationChannel) -> Problem? {
        let source = channel.source?.description ?? "its source"
        switch channel.receiver {
        case .running:
            return nil
        case .connecting:
            // Without an error it has only just started to connect.
            let activity = channel.receiverActivity.isEmpty ? [] : ["receiver: \(channel.receiverActivity)"]
            return Problem(
                .connecting, channel.receiverError == nil ? .warning : .broken, of: address, channel: channel.name,
                summary: "\(address) tries to connect to \(source)\(channel.phrase) and receives nothing",
                evidence: activity + (channel.receiverError.map { [$0.line] } ?? []),
                remedy: "Check that the source answers, and the replication account on it.",
                since: channel.receiverError?.at)
        case .stopped:
            guard let error = channel.receiverError else { return nil }
            return Problem(
                .receiverError, .broken, of: address, channel: channel.name,
                summary: "\(address) stopped receiving from \(source)\(channel.phrase) with error \(error.code)",
                evidence: [error.line], since: error.at)
        }
    }

    private static func applierProblem(_ address: InstanceAddress, _ channel: ReplicationChannel) -> Problem? {
        guard channel.applier == .stopped, let error = channel.applierError else { return nil }
        let place = channel.executed.map { ["applied up to \($0) of the source's binary log"] } ?? []
        return Problem(
            .applierError, .broken, of: address, channel: channel.name,
            summary: "\(address) stopped applying\(channel.phrase) with error \(error.code)",
            evidence: [error.line] + place, since: error.at)
    }

    private static func stoppedProblem(_ address: InstanceAddress, _ channel: ReplicationChannel) -> Problem? {
        let (what, word): (String, String)
        switch (channel.receiver, channel.applier) {
        case (.stopped, .stopped): (what, word) = ("its replication", "stopped")
        case (.stopped, .running): (what, word) = ("its receiver", "receiver stopped")
        case (.running, .stopped): (what, word) = ("its applier", "applier stopped")
        case (.running, .running), (.connecting, _): return nil
        }
        return Problem(
            .replicationStopped, .warning, of: address, channel: channel.name, word: word,
            summary: "\(address) has \(what) stopped\(channel.phrase), without an error",
            evidence: ["source \(channel.source?.description ?? "unknown")"],
            remedy:
                "Start it where it was not stopped on purpose: START REPLICA (START SLAVE before MySQL 8.0.22 and on MariaDB before 10.5.1)."
        )
    }
}
