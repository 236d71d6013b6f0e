import Diagnosis
import Topology

extension Details {
    /// One section for each channel.
    static func replication(
        _ instance: Instance, history: LagHistory?, depth: DetailDepth, _ model: ConsoleModel
    ) -> [Section] {
        instance.channels.map { channel in
            let name = channel.name.isEmpty ? "replication" : "channel \(channel.name)"
            var lines = source(of: channel, fleet: model.known.fleet)
            lines += threads(of: channel, model)
            lines += lag(
                of: channel, limits: model.known.diagnosis.limits,
                history: instance.channels.count == 1 ? history : nil)
            lines += positions(of: channel, depth: depth)
            lines += settings(of: channel)
            return Section(heading: name, lines: lines)
        }
    }

    private static func source(of channel: ReplicationChannel, fleet: Fleet) -> [Line] {
        guard let source = channel.source else {
            guard let former = channel.detachedFrom else {
                return [Line("replica of", Words("nobody: no source is set", .faint))]
            }
            return [
                Line("replica of", Words("nobody: ", .faint), Words("detached from \(former)", .warning))
            ]
        }
        let known = fleet.canonical(source)
        var words = [Words("\(known)", .strong)]
        if known != source { words.append(Words(" (as \(source))", .faint)) }
        if let user = channel.user { words.append(Words(" as user \(user)", .faint)) }
        if channel.usesTLS { words.append(Words(" over TLS", .faint)) }
        return [Line("replica of", words: words)]
    }

    private static func threads(of channel: ReplicationChannel, _ model: ConsoleModel) -> [Line] {
        let receiver: Words =
            switch channel.receiver {
            case .running: Words("running", .good)
            case .connecting: Words("connecting", .warning)
            case .stopped: Words("stopped", .bad)
            }
        let applier = channel.applier == .running ? Words("running", .good) : Words("stopped", .bad)
        var lines = [Line("IO", words: [receiver, activity(channel.receiverActivity)])]
        if let error = channel.receiverError { lines.append(line("IO error", error, model)) }
        lines.append(Line("SQL", words: [applier, activity(channel.applierActivity)]))
        if let error = channel.applierError { lines.append(line("SQL error", error, model)) }
        return lines
    }

    private static func activity(_ text: String) -> Words { Words(text.isEmpty ? "" : " · " + text, .faint) }

    private static func line(_ label: String, _ error: ReplicationError, _ model: ConsoleModel) -> Line {
        let when = error.at.map { " at \(model.when($0))" } ?? ""
        return Line(label, Words("\(error.code)\(when): ", .faint), Words(error.message, .bad))
    }

    private static func lag(
        of channel: ReplicationChannel, limits: DiagnosisLimits, history: LagHistory?
    ) -> [Line] {
        var lines: [Line] = []
        if channel.delay > .zero {
            lines.append(Line("delay", Words("\(channel.delay.secondsWords)"), Words(" as configured", .faint)))
        }
        let label = "lag"
        if !channel.isReplicating {
            lines.append(Line(label, Words("not replicating", .bad)))
        } else if let lag = channel.lag {
            let beyond = lag.beyondDelay
            let beyondWords = channel.delay > .zero ? " beyond the delay" : ""
            lines.append(
                Line(
                    label, Words(beyond.words, limits.tone(of: beyond)),
                    Words("\(beyondWords), \(origin(lag.origin))", .faint),
                    sparkline: history.flatMap { $0.isInteresting ? $0 : nil }))
        } else {
            lines.append(Line(label, Words("unknown: the server gives no figure", .lagUnknown)))
        }
        return lines
    }

    private static func origin(_ origin: Lag.Origin) -> String {
        switch origin {
        case .secondsBehindSource: "by the server's own figure"
        case .heartbeatTable(let table): "by heartbeat in \(table)"
        case .query: "by the configured query"
        }
    }

    private static func positions(of channel: ReplicationChannel, depth: DetailDepth) -> [Line] {
        var lines: [Line] = []
        let follows: String =
            switch channel.positioning {
            case .binlogPosition: "binary log position"
            case .autoPosition: "GTID, auto-position"
            case .replicaPosition: "GTID, slave_pos"
            case .currentPosition: "GTID, current_pos"
            }
        lines.append(Line("follows by", Words(follows)))
        if let received = channel.received { lines.append(Line("received", Words(text(received)))) }
        if let executed = channel.executed { lines.append(Line("executed", Words(text(executed)))) }
        if depth == .full, let relayLog = channel.relayLog { lines.append(Line("relay log", Words(text(relayLog)))) }
        if let retrieved = channel.retrieved {
            lines.append(Line("retrieved", Words(gtidText("\(retrieved)", depth: depth))))
        }
        if let position = channel.receivedGTIDs, !position.isEmpty {
            lines.append(Line("received", Words(gtidText("\(position)", depth: depth))))
        }
        return lines
    }

    private static func settings(of channel: ReplicationChannel) -> [Line] {
        var lines = channel.filters.map { Line("filter", Words("\($0.kind) ", .faint), Words($0.value)) }
        if let period = channel.heartbeatPeriod {
            let words = period == .zero ? Words("off", .warning) : Words("every \(period.tenths)")
            lines.append(Line("heartbeat", words))
        }
        return lines
    }

    static func text(_ position: BinlogPosition) -> String { "\(position.file):\(position.offset)" }
}
