import Diagnosis
import Topology

/// What a replica does, in one or two words: the last column of the tree.
///
/// Whatever keeps it from replicating comes before any figure, because the lag of a stopped replica is not a lag.
enum ReplicationWords {
    /// The words for an instance by its worst channel; `nil` for one that replicates from nobody.
    static func state(of instance: Instance, limits: DiagnosisLimits) -> Words? {
        let channels = instance.channels.filter { $0.source != nil }
        let words = channels.map { (channel: $0, words: state(of: $0, limits: limits)) }
        let worst = words.max { left, right in
            (left.words.tone.badness, lag(left.channel)) < (right.words.tone.badness, lag(right.channel))
        }
        guard var worst else { return nil }
        if channels.count > 1, !worst.channel.name.isEmpty { worst.words.text += " (\(worst.channel.name))" }
        return worst.words
    }

    /// The words for one channel.
    static func state(of channel: ReplicationChannel, limits: DiagnosisLimits) -> Words {
        if let error = channel.applierError, channel.applier == .stopped {
            return Words("SQL error \(error.code)", .bad)
        }
        if let error = channel.receiverError, channel.receiver != .running {
            return Words("IO error \(error.code)", .bad)
        }
        switch (channel.receiver, channel.applier) {
        case (.stopped, .stopped): return Words("stopped", .bad)
        case (_, .stopped): return Words("SQL stopped", .bad)
        case (.stopped, _): return Words("IO stopped", .bad)
        case (.connecting, _): return Words("IO connecting", .warning)
        case (.running, .running): return lag(of: channel, limits: limits)
        }
    }

    /// How far a replicating channel is behind; a configured delay is named, and only what exceeds it is judged.
    static func lag(of channel: ReplicationChannel, limits: DiagnosisLimits) -> Words {
        guard let lag = channel.lag else { return Words("lag unknown", .lagUnknown) }
        let beyond = lag.beyondDelay
        let tone = limits.tone(of: beyond)
        guard channel.delay > .zero else { return Words(beyond.shortWords, tone) }
        let delay = "delay \(channel.delay.secondsWords)"
        return tone == .lagOk ? Words(delay, .lagOk) : Words("\(delay) +\(beyond.shortWords)", tone)
    }

    private static func lag(_ channel: ReplicationChannel) -> Duration {
        channel.lag?.beyondDelay ?? .zero
    }
}

extension DiagnosisLimits {
    /// How a lag is meant; what counts is what lies beyond the configured delay, because a replica that is an hour
    /// behind because it was told so is not late.
    func tone(of lag: Duration) -> Tone {
        if lag >= lagCritical { return .lagCritical }
        return lag >= lagWarning ? .lagWarning : .lagOk
    }
}
