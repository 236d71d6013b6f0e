import Servers
import Topology

/// The fleet after servers were asked for the purpose.
public struct FreshLook: Sendable {
    /// The fleet with what they answered.
    public var fleet: Fleet
    /// Servers of those asked that have neither answered nor failed within the time, or that are not watched: what the
    /// fleet says of them is older.
    public var unanswered: [InstanceAddress]

    /// Makes an answer.
    public init(fleet: Fleet, unanswered: [InstanceAddress] = []) {
        self.fleet = fleet
        self.unanswered = unanswered
    }
}

extension Discovery {
    /// Who waits for a look.
    struct Looker {
        /// Polls that began before say nothing.
        let since: ContinuousClock.Instant
        var missing: Set<PollSchedule.Key>
        let timeout: ServersExecutor.PlannedWake
        let answer: CheckedContinuation<Set<PollSchedule.Key>, Never>
    }

    /// Asks these servers now, all at once, and gives the fleet when each has answered or failed.
    ///
    /// - Parameter limit: the longest time to wait; servers that hang take their own deadlines to fail, which are longer.
    public func look(at names: [InstanceAddress], within limit: Duration) async -> FreshLook {
        var unknown: [InstanceAddress] = []
        var asked: [PollSchedule.Key: InstanceAddress] = [:]
        for name in names {
            if let key = keys[fleet.canonical(name)] { asked[key] = name } else { unknown.append(name) }
        }
        guard isRunning, !asked.isEmpty else { return FreshLook(fleet: fleet, unanswered: names) }
        let since = clock.now
        for key in asked.keys { schedule.request(key) }
        wakeLoop()
        let id = nextLooker
        nextLooker += 1
        let missing = await withCheckedContinuation { answer in
            let timeout = ServersExecutor.shared.plan(at: since + limit) { [weak self] in
                self?.assumeIsolated { $0.endLook(id) }
            }
            lookers[id] = Looker(since: since, missing: Set(asked.keys), timeout: timeout, answer: answer)
        }
        return FreshLook(fleet: fleet, unanswered: unknown + missing.compactMap { asked[$0] }.sorted())
    }

    /// How long a poll of this server has been waiting for its answer by now; `nil` where none is under way.
    public func waiting(for name: InstanceAddress) -> Duration? {
        keys[fleet.canonical(name)].flatMap { underWay[$0] }.map { clock.now - $0 }
    }

    /// Takes note of a conclusive look at a server, or that it is no longer watched.
    func looked(at key: PollSchedule.Key, startedAt start: ContinuousClock.Instant?) {
        guard !lookers.isEmpty else { return }
        for (id, looker) in lookers where looker.missing.contains(key) {
            if let start, start < looker.since { continue }
            lookers[id]?.missing.remove(key)
            if lookers[id]?.missing.isEmpty == true { endLook(id) }
        }
    }

    private func endLook(_ id: Int) {
        guard let looker = lookers.removeValue(forKey: id) else { return }
        looker.timeout.cancel()
        looker.answer.resume(returning: looker.missing)
    }

    /// Lets go of everybody who waits, because nobody will be asked any more.
    func endAllLooks() {
        for id in lookers.keys { endLook(id) }
    }
}
