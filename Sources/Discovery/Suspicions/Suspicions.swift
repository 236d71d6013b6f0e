/// Sources that may be gone, and when they and their replicas are looked at next: a state machine without a clock.
///
/// A suspicion is looked into at once and then at growing pauses, and ends when it is clear what happened, or when it has
/// been looked into for ``limit``: from then on the regular polls tell.
struct Suspicions {
    typealias Instant = ContinuousClock.Instant

    /// What gave rise to a suspicion, which decides how closely it is looked into.
    enum Cause {
        /// A connection broke, an answer is overdue, a replica lost its source: in a moment more will be known.
        case broken
        /// A poll takes long. Most often the machine is busy, and more polls would make that worse.
        case slow
    }

    struct Suspicion {
        /// What was seen before then says nothing.
        let since: Instant
        var cause: Cause
        var looks = 0
        var nextLook: Instant
    }

    /// Pauses before the looks after the first, in milliseconds; a killed source is lost by its replicas within the first
    /// few. The last one goes on.
    static let pauses: [Int] = [5, 10, 20, 40, 80, 100]
    /// How long a suspicion is looked into. Replicas that have heard of no end of their source by then hear of it by their
    /// net timeout, or by heartbeats that do not come, which have looks of their own.
    static let limit = Duration.seconds(5)
    /// What one look at one server may cost: with many replicas the pauses grow, so that looking stays a small part of
    /// what the machine does.
    static let costOfLook = Duration.milliseconds(1)

    private(set) var open: [PollSchedule.Key: Suspicion] = [:]

    /// When the next look is due; `nil` without a suspicion.
    var nextLook: Instant? { open.values.lazy.map(\.nextLook).min() }

    /// Takes up a suspicion, to be looked into at once; a graver cause quickens one that is open already.
    ///
    /// - Returns: whether that changes anything.
    mutating func suspect(_ key: PollSchedule.Key, _ cause: Cause, since: Instant, at now: Instant) -> Bool {
        if let known = open[key] {
            guard known.cause == .slow, cause == .broken else { return false }
        }
        open[key] = Suspicion(since: since, cause: cause, nextLook: now)
        return true
    }

    /// Ends a suspicion.
    mutating func clear(_ key: PollSchedule.Key) { open[key] = nil }

    /// The suspicions to look into now; those that were looked into for long enough end.
    mutating func due(at now: Instant) -> [PollSchedule.Key] {
        for (key, suspicion) in open where now - suspicion.since > Self.limit { open[key] = nil }
        return open.filter { $0.value.nextLook <= now }.keys.sorted()
    }

    /// Takes note of a look at so many servers.
    mutating func looked(into key: PollSchedule.Key, servers: Int, at now: Instant) {
        guard var suspicion = open[key] else { return }
        let pause: Int =
            switch suspicion.cause {
            case .slow: Self.pauses[Self.pauses.count - 1]
            case .broken: Self.pauses[min(suspicion.looks, Self.pauses.count - 1)]
            }
        suspicion.looks += 1
        suspicion.nextLook = now + max(.milliseconds(pause), Self.costOfLook * servers)
        open[key] = suspicion
    }
}
