import DequeModule
import HeapModule

/// When which server is probed: a state machine without a clock, a task or a network.
///
/// - Servers that are well are probed at a fixed rate, each at its phase, so that a slow probe does not shift the next.
///   The phases are spread evenly over the interval; a few servers share one, because most of what a poll costs a
///   program at rest is being woken.
/// - Servers that fail are retried with jittered exponential back-off, on a lane of their own; those whose return is awaited
///   never wait longer than ``Settings/awaitedBackoff``.
/// - A probe out of turn (new, lost connection, wish of a person, a suspicion) goes to the head of the queue and leaves the
///   phase; where it fails it does not lengthen the back-off.
/// - A probe that does not end within ``Settings/patience`` gives its place on the lane back: a frozen server holds up
///   nobody.
struct PollSchedule {
    typealias Instant = ContinuousClock.Instant
    /// Stands for one server; never used again after ``remove(_:)``.
    typealias Key = Int

    struct Settings {
        var interval: Duration = .seconds(1)
        var longestBackoff: Duration = .seconds(10)
        /// The same for servers whose return is awaited.
        var awaitedBackoff: Duration = .seconds(1)
        /// Probes under way at once on the lane of servers that are well, those out of patience not counted.
        var promptLane = 512
        /// The same for servers that fail.
        var failingLane = 128
        /// How long a probe may take before it no longer counts as one of its lane.
        var patience: Duration = .milliseconds(100)
    }

    /// How a probe ended, as far as the schedule cares.
    enum Ending {
        case well
        /// The same, and another look is wanted at that time, where it comes before the next turn.
        case wellAndLook(at: Instant)
        case failed
        /// The failure proves nothing yet: look again after this time.
        case lookAgain(after: Duration)
    }

    /// A probe that has to start now.
    struct Start: Equatable {
        let key: Key
        /// Time since the server's last regular probe started; `nil` for a probe out of turn, and after one that failed.
        let interval: Duration?
    }

    private struct Entry {
        enum State {
            /// Its turn comes, or its back-off ends.
            case waiting
            /// It is looked at again in a moment, because the last look proved nothing.
            case pausing
            case queued
            case probing(countsOnLane: Bool)
            /// Not probed again: the end of a crawl.
            case done

            var isBusy: Bool {
                switch self {
                case .waiting, .done: false
                case .pausing, .queued, .probing: true
                }
            }

            var isAwaitingTurn: Bool {
                switch self {
                case .waiting, .pausing: true
                case .queued, .probing, .done: false
                }
            }
        }

        var state: State = .done
        /// Nanoseconds into each interval at which the server's turn comes.
        var phase: Int64
        /// Grows with each change of state; an entry of a heap that carries an older one is void.
        var generation = 0
        var failures = 0
        var isRegular = false
        /// Whether the probe was asked for, and not due.
        var isOutOfTurn = false
        /// Whether the turn that comes is one between two regular ones.
        var isExtra = false
        /// When the server is tried again in its back-off.
        var retryAt: Int64?
        /// Whether somebody has to act when it is back.
        var isAwaited = false
        var lastRegularStart: Int64?
        var isAskedAgain = false
        var lane: Lane { failures > 0 ? .failing : .prompt }
    }

    private enum Lane { case prompt, failing }

    private struct Due: Comparable {
        let at: Int64
        let key: Key
        let generation: Int

        static func < (left: Due, right: Due) -> Bool { left.at < right.at }
    }

    let settings: Settings
    /// Whether servers are probed again and again, or each once, to crawl.
    var repeats = true
    private let epoch: Instant
    private let interval: Int64
    private var entries: [Key: Entry] = [:]
    private var turns = Heap<Due>()
    private var patienceEnds = Heap<Due>()
    private var promptQueue: Deque<Key> = []
    private var failingQueue: Deque<Key> = []
    private var onPromptLane = 0
    private var onFailingLane = 0
    private var awaited: Set<Key> = []
    private var added = 0
    private var busy = 0
    private var generator: any RandomNumberGenerator & Sendable

    /// How many servers are probed at one wake-up: few enough that a network sees no burst. Measured with eleven
    /// servers on the release build: 0.31 ms of processor time a poll, and 0.65 ms with a wake-up for each.
    static let serversPerPhase = 4

    init(
        settings: Settings, epoch: Instant,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.settings = settings
        self.epoch = epoch
        self.generator = generator
        interval = max(1, settings.interval.nanoseconds)
    }

    /// Whether nothing is queued or under way; in a crawl that is its end.
    var isQuiet: Bool { busy == 0 }

    var count: Int { entries.count }

    /// Adds a server, which is then probed at once.
    mutating func add(_ key: Key) {
        // The fractional parts of multiples of the golden ratio fill the interval evenly, however many there will be.
        let phase = added / Self.serversPerPhase
        let fraction = (Double(phase) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
        added += 1
        entries[key] = Entry(phase: Int64(fraction * Double(interval)))
        enqueue(key, urgent: false)
    }

    /// Drops a server; the end of a probe under way is then ignored.
    mutating func remove(_ key: Key) {
        guard let entry = entries.removeValue(forKey: key) else { return }
        awaited.remove(key)
        if entry.state.isBusy { busy -= 1 }
        if case .probing(true) = entry.state { leave(entry.lane) }
    }

    /// Asks for a probe out of turn; where one is under way, for another right after it.
    mutating func request(_ key: Key) {
        guard let entry = entries[key] else { return }
        switch entry.state {
        case .waiting, .pausing, .done: enqueue(key, urgent: true)
        case .queued: break
        case .probing: entries[key]?.isAskedAgain = true
        }
    }

    /// Takes note of whose return is awaited, and of nobody else's; who waits for longer than that allows is looked for sooner.
    mutating func awaitReturn(of keys: Set<Key>, at now: Instant) {
        let latest = nanoseconds(now) + settings.awaitedBackoff.nanoseconds
        for key in awaited.subtracting(keys) { entries[key]?.isAwaited = false }
        for key in keys.subtracting(awaited) {
            guard var entry = entries[key] else { continue }
            entry.isAwaited = true
            let isLate = entry.retryAt.map { $0 > latest } ?? false
            if isLate { entry.retryAt = latest }
            entries[key] = entry
            guard isLate, entry.failures > 0, case .waiting = entry.state else { continue }
            enter(.waiting, key)
            turns.insert(Due(at: latest, key: key, generation: entry.generation + 1))
        }
        awaited = keys.filter { entries[$0] != nil }
    }

    /// Forgets when each server's last regular probe started, because what lies between then and the next is no
    /// interval that was kept or missed.
    mutating func forgetStarts() {
        for key in entries.keys { entries[key]?.lastRegularStart = nil }
    }

    /// Takes note that a probe ended.
    ///
    /// - Returns: how many turns went by while the probe was under way.
    @discardableResult
    mutating func ended(_ key: Key, _ ending: Ending, at now: Instant) -> Int {
        guard var entry = entries[key], case .probing(let counts) = entry.state else { return 0 }
        if counts { leave(entry.lane) }
        let now = nanoseconds(now)
        var missed = 0
        var next = now
        var state: Entry.State = repeats ? .waiting : .done
        switch ending {
        case .well, .wellAndLook:
            entry.failures = 0
            if let start = entry.lastRegularStart { missed = Int(max(0, (now - start) / interval)) }
            next = turn(of: entry, after: now)
            if case .wellAndLook(let time) = ending, nanoseconds(time) < next {
                next = max(now, nanoseconds(time))
                entry.isExtra = true
            }
        case .failed:
            if entry.failures > 0, entry.isOutOfTurn, let retryAt = entry.retryAt {
                next = max(now, retryAt)
            } else {
                entry.failures += 1
                next = now + backoff(after: entry.failures, isAwaited: entry.isAwaited)
            }
            entry.retryAt = next
            entry.lastRegularStart = nil
        case .lookAgain(let pause):
            entry.lastRegularStart = nil
            next = now + pause.nanoseconds
            state = .pausing
        }
        let isAskedAgain = entry.isAskedAgain
        entry.isAskedAgain = false
        entries[key] = entry
        if isAskedAgain {
            enqueue(key, urgent: true)
        } else {
            enter(state, key)
            if state.isAwaitingTurn {
                turns.insert(Due(at: next, key: key, generation: entry.generation + 1))
            }
        }
        return missed
    }

    /// Moves on to `now`.
    ///
    /// - Returns: the probes that have to start, in this order.
    mutating func advance(to now: Instant) -> [Start] {
        let now = nanoseconds(now)
        // A turn within the next thousandth of the interval is taken now: 10,000 servers need no 10,000 wake-ups.
        let horizon = now + interval / 1_000
        while let due = patienceEnds.min, due.at <= now {
            patienceEnds.removeMin()
            guard let entry = entries[due.key], entry.generation == due.generation, case .probing(true) = entry.state
            else { continue }
            entries[due.key]?.state = .probing(countsOnLane: false)
            leave(entry.lane)
        }
        while let due = turns.min, due.at <= horizon {
            turns.removeMin()
            guard let entry = entries[due.key], entry.generation == due.generation, entry.state.isAwaitingTurn
            else { continue }
            enqueue(due.key, urgent: false)
            entries[due.key]?.isRegular = entry.failures == 0 && !entry.isExtra
        }
        var starts: [Start] = []
        while onPromptLane < settings.promptLane, let key = promptQueue.popFirst() { start(key, now, &starts) }
        while onFailingLane < settings.failingLane, let key = failingQueue.popFirst() { start(key, now, &starts) }
        return starts
    }

    /// Whether ``advance(to:)`` would start something right now.
    var needsAdvance: Bool {
        (!promptQueue.isEmpty && onPromptLane < settings.promptLane)
            || (!failingQueue.isEmpty && onFailingLane < settings.failingLane)
    }

    /// When ``advance(to:)`` has something to do next; `nil` while it depends on the end of a probe.
    ///
    /// May be earlier than necessary, never later.
    var nextWake: Instant? {
        var next = turns.min?.at
        if !promptQueue.isEmpty || !failingQueue.isEmpty, let end = patienceEnds.min?.at {
            next = min(next ?? end, end)
        }
        return next.map { epoch + .nanoseconds($0) }
    }
}

extension PollSchedule {
    private func nanoseconds(_ instant: Instant) -> Int64 { (instant - epoch).nanoseconds }

    /// The server's first turn that is more than half an interval away from a probe that ran out of turn.
    private func turn(of entry: Entry, after now: Int64) -> Int64 {
        let earliest = max(now, (entry.lastRegularStart ?? now) + interval / 2)
        // Floor division: the epoch lies in the past, but tests need not know that.
        let turns = (earliest - entry.phase + interval) / interval
        return entry.phase + max(0, turns) * interval
    }

    private mutating func backoff(after failures: Int, isAwaited: Bool) -> Int64 {
        let longest =
            isAwaited
            ? settings.awaitedBackoff.nanoseconds : max(interval, settings.longestBackoff.nanoseconds)
        let doubled = interval.multipliedReportingOverflow(by: 1 << Int64(min(failures - 1, 30)))
        let pause = doubled.overflow ? longest : min(longest, doubled.partialValue)
        return Int64(Double(pause) * Double.random(in: 0.8...1.2, using: &generator))
    }

    /// Changes an entry's state; whatever heaps hold for the old one is void from now on.
    private mutating func enter(_ state: Entry.State, _ key: Key) {
        guard var entry = entries[key] else { return }
        busy += (state.isBusy ? 1 : 0) - (entry.state.isBusy ? 1 : 0)
        entry.state = state
        entry.generation += 1
        entries[key] = entry
    }

    private mutating func enqueue(_ key: Key, urgent: Bool) {
        enter(.queued, key)
        entries[key]?.isRegular = false
        entries[key]?.isOutOfTurn = urgent
        entries[key]?.isExtra = false
        if urgent {
            promptQueue.prepend(key)
        } else if entries[key]?.lane == .failing {
            failingQueue.append(key)
        } else {
            promptQueue.append(key)
        }
    }

    private mutating func start(_ key: Key, _ now: Int64, _ starts: inout [Start]) {
        guard var entry = entries[key], case .queued = entry.state else { return }
        let last = entry.lastRegularStart
        if entry.isRegular { entry.lastRegularStart = now }
        entries[key] = entry
        enter(.probing(countsOnLane: true), key)
        switch entry.lane {
        case .prompt: onPromptLane += 1
        case .failing: onFailingLane += 1
        }
        patienceEnds.insert(
            Due(at: now + settings.patience.nanoseconds, key: key, generation: entry.generation + 1))
        starts.append(Start(key: key, interval: entry.isRegular ? last.map { .nanoseconds(now - $0) } : nil))
    }

    private mutating func leave(_ lane: Lane) {
        switch lane {
        case .prompt: onPromptLane -= 1
        case .failing: onFailingLane -= 1
        }
    }
}

extension Duration {
    /// The duration in nanoseconds, cut off towards zero.
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
