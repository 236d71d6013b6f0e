import Topology

/// What a replica that answers hears of its source over one channel.
public enum Hearing: Hashable, Sendable {
    /// Its receiver runs, and nothing says that nothing comes.
    case receives
    /// Its receiver runs, and neither events nor heartbeats have come for too long.
    case silent(SourceSilence)
    /// It cannot connect, or lost the connection and connects anew, with the error where there is one yet.
    case failing(ReplicationError?)
    /// Its source turned it away: that it does lives, whoever else cannot reach it.
    case turnedAway(ReplicationError)
    /// Its receiver was stopped, or stopped for a reason that says nothing of the source's life.
    case stopped(ReplicationError?)

    /// What a channel hears. Heartbeats that are rarer than `longest` say nothing by staying away.
    init(_ channel: ReplicationChannel, longestHeartbeatPeriod longest: Duration) {
        switch channel.receiver {
        case .running:
            if let silence = channel.silence, silence.period <= longest {
                self = .silent(silence)
            } else {
                self = .receives
            }
        case .connecting:
            guard let error = channel.receiverError else {
                self = .failing(nil)
                return
            }
            self = error.isTurningAway ? .turnedAway(error) : .failing(error)
        case .stopped:
            guard let error = channel.receiverError, error.isOfConnecting else {
                self = .stopped(channel.receiverError)
                return
            }
            self = error.isTurningAway ? .turnedAway(error) : .failing(error)
        }
    }

    /// Whether it says that the source is lost.
    var isLoss: Bool {
        switch self {
        case .silent, .failing: true
        case .receives, .turnedAway, .stopped: false
        }
    }
}

extension ReplicationError {
    /// Whether a receiver has it from connecting or connecting anew: `error connecting to master`, `Error reconnecting to
    /// source`.
    var isOfConnecting: Bool {
        let text = message.lowercased()
        return (text.contains("connecting to master") || text.contains("connecting to source"))
            && text.contains("error")
    }

    /// Whether the source itself refused the connection. Numbers of the server: 1040 too many connections, 1044 and
    /// 1045 and 1698 access denied, 1129 and 1130 host blocked or not allowed, 1203 and 1226 limits of an account, 3159 secure
    /// transport required, 3118 account locked; of the client, that the server asked for a secure connection: 2061.
    var isTurningAway: Bool {
        [1040, 1044, 1045, 1129, 1130, 1203, 1226, 1698, 2061, 3118, 3159].contains(code)
    }

    /// Whether the source refused the account or the host, and would again.
    var isAccountRefused: Bool { isTurningAway && ![1040, 1203, 1226].contains(code) }
}
