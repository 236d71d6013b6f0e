import Topology

/// Follows the channels of one replica from look to look, and says when the source of one has gone silent.
///
/// A look shows *that* something came since the look before, not when. So each channel carries the earliest and the
/// latest moment of its last sign of life; where the server tells the time of a heartbeat (MySQL) they are one. A silence
/// begins when two periods have passed since the middle of the two, and for certain more than one and a half: a source
/// that stalls for half a period is none. The clock is monotonic and ours.
struct SilenceTracker {
    typealias Instant = ContinuousClock.Instant

    /// What changes with each event and each heartbeat of a channel.
    struct Sign: Hashable {
        var received: BinlogPosition?
        var retrieved: GTIDSet?
        var receivedGTIDs: GTIDPosition?
        var heartbeats: UInt64?
        var lastHeartbeat: Timestamp?

        init(_ channel: ReplicationChannel) {
            received = channel.received
            retrieved = channel.retrieved
            receivedGTIDs = channel.receivedGTIDs
            heartbeats = channel.heartbeatsReceived
            lastHeartbeat = channel.lastHeartbeat
        }

        /// Whether all that came since `earlier` are heartbeats.
        func differsByHeartbeats(from earlier: Sign) -> Bool {
            received == earlier.received && retrieved == earlier.retrieved && receivedGTIDs == earlier.receivedGTIDs
        }
    }

    private struct Watch {
        var sign: Sign
        var earliest: Instant
        var latest: Instant
        var period: Duration
        var silence: SourceSilence?

        /// When the silence begins, if nothing comes.
        var due: Instant {
            let middle = earliest + (latest - earliest) / 2
            return max(middle + period * 2, latest + period * SilenceTracker.certainPeriods)
        }
    }

    /// Periods that must have passed since the latest moment at which a sign may have come.
    static let certainPeriods = 1.6

    private var watches: [String: Watch] = [:]
    /// When the look before began: what a look shows for the first time came after that.
    private var lastLook: Instant?

    /// Takes note of what a look found.
    ///
    /// - Parameters:
    ///   - channels: all channels of the replica.
    ///   - clock: a moment by the server's clock and by ours, to place the times of heartbeats; `nil` where not known.
    ///   - start: when the look began: no answer is older.
    ///   - end: when its answers were there: nothing that they show came later.
    mutating func note(
        _ channels: [ReplicationChannel], clock: ServerClock?, from start: Instant, to end: Instant
    ) {
        let known = watches
        watches = [:]
        for channel in channels {
            guard let period = Self.listeningPeriod(channel) else { continue }
            let isReceiving = channel.receiverActivity.hasPrefix("Queueing")
            let sign = Sign(channel)
            guard var watch = known[channel.name], let lastLook, watch.period == period else {
                watches[channel.name] = Watch(sign: sign, earliest: end, latest: end, period: period)
                continue
            }
            if isReceiving {
                (watch.earliest, watch.latest, watch.sign, watch.silence) = (end, end, sign, nil)
            } else if watch.sign != sign {
                let told = sign.lastHeartbeat.flatMap { clock?.instant(of: $0) }
                let heartbeat = told.map { min(max($0, lastLook), end) }
                watch.earliest = heartbeat ?? lastLook
                watch.latest = sign.differsByHeartbeats(from: watch.sign) ? heartbeat ?? end : end
                watch.sign = sign
                watch.silence = nil
            }
            watches[channel.name] = watch
        }
        self.lastLook = start
    }

    /// Takes note of a look that found nothing new.
    mutating func noteNothing(at start: Instant) { lastLook = start }

    /// The channels whose source is silent at `now`, a moment at which nothing had come that was not noted.
    ///
    /// - Parameter wallClock: what the clock on the wall says at `now`.
    mutating func silences(at now: Instant, wallClock: Timestamp) -> [String: SourceSilence] {
        var silences: [String: SourceSilence] = [:]
        for (name, watch) in watches {
            if watch.silence == nil, now >= watch.due {
                watches[name]?.silence = SourceSilence(since: wallClock - (now - watch.latest), period: watch.period)
            }
            silences[name] = watches[name]?.silence
        }
        return silences
    }

    /// When the next silence begins if nothing comes: a look then tells. `nil` where none is to be expected.
    var nextDue: Instant? { watches.values.lazy.filter { $0.silence == nil }.map(\.due).min() }

    /// Forgets everything: who answers now may be another server.
    mutating func reset() {
        watches = [:]
        lastLook = nil
    }

    /// The period of a channel that hears of its source at least so often; `nil` where its silence would mean nothing.
    ///
    /// A receiver that does anything but wait for its source reads nothing meanwhile: it connects, it waits for room in
    /// the relay log (`relay_log_space_limit`), it stops.
    private static func listeningPeriod(_ channel: ReplicationChannel) -> Duration? {
        guard channel.receiver == .running, channel.source != nil, let period = channel.heartbeatPeriod,
            period > .zero, channel.heartbeatsReceived != nil
        else { return nil }
        switch channel.receiverActivity {
        case "Waiting for source to send event", "Waiting for master to send event",
            "Queueing source event to the relay log", "Queueing master event to the relay log":
            return period
        default: return nil
        }
    }
}

/// A moment by a server's clock and by ours.
struct ServerClock: Hashable {
    var server: Timestamp
    var here: ContinuousClock.Instant

    /// When that was by our clock.
    func instant(of time: Timestamp) -> ContinuousClock.Instant { here + (time - server) }
}
