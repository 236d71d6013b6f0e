import Topology

extension Detector {
    /// Replicas that are behind by more than was asked of them. A channel that does not replicate has no lag but a
    /// problem of its own.
    static let lag = Detector { examined, problems in
        for channel in examined.channels where channel.isReplicating {
            guard let lag = channel.lag else {
                problems.append(unknown(examined.address, channel))
                continue
            }
            let limits = examined.context.limits
            guard lag.beyondDelay >= limits.lagWarning else { continue }
            let isCritical = lag.beyondDelay >= limits.lagCritical
            let limit = isCritical ? limits.lagCritical : limits.lagWarning
            let ofDelay = lag.delay > .zero ? " beyond its delay of \(lag.delay.inWords)" : ""
            problems.append(
                Problem(
                    .lag, isCritical ? .broken : .warning, of: examined.address, channel: channel.name,
                    word: "lag \(lag.beyondDelay.inWords)",
                    summary:
                        "\(examined.address) is \(lag.beyondDelay.inWords) behind\(ofDelay)\(channel.phrase); "
                        + "the limit is \(limit.inWords)",
                    evidence: ["measured \(lag.measured.inWords) by \(lag.origin.words)"] + activity(channel)))
        }
    }

    private static func unknown(_ address: InstanceAddress, _ channel: ReplicationChannel) -> Problem {
        Problem(
            .lagUnknown, .notice, of: address, channel: channel.name,
            summary: "\(address) replicates\(channel.phrase), but how far it is behind cannot be told",
            evidence: activity(channel))
    }

    private static func activity(_ channel: ReplicationChannel) -> [String] {
        channel.applierActivity.isEmpty ? [] : ["applier: \(channel.applierActivity)"]
    }
}

extension Lag.Origin {
    /// The origin in words.
    var words: String {
        switch self {
        case .secondsBehindSource: "the replica's status (Seconds_Behind_Source)"
        case .heartbeatTable(let table): "the heartbeat table \(table)"
        case .query: "the configured query"
        }
    }
}
