import Servers
import Topology

extension Discovery {
    /// How long a poll may take before its server is suspected of hanging: a hundred times what one takes on a network
    /// nearby, and far less than any deadline.
    static let longPoll = Duration.milliseconds(100)

    /// How long a poll may take of a source of which none of its replicas hears anything any more.
    static let overdue = Duration.seconds(1)

    /// Looks at a source and all its replicas out of turn, until it is clear whether it is gone.
    ///
    /// - Parameter since: what was seen of them before says nothing.
    func suspect(_ key: PollSchedule.Key, _ cause: Suspicions.Cause, since: ContinuousClock.Instant) {
        guard schedule.repeats, let server = servers[key], server.isShown,
            !fleet.replicas(of: server.address).isEmpty,
            suspicions.suspect(key, cause, since: since, at: clock.now)
        else { return }
        wakeLoop()
    }

    /// Suspects the sources that a replica has lost since it was read before.
    func suspectSources(lostBy facts: InstanceFacts, before: InstanceFacts?) {
        guard let before else { return }
        for channel in facts.channels {
            guard let source = channel.source, let key = keys[fleet.canonical(source)],
                let old = before.channels.first(where: { $0.name == channel.name }), old.source == source
            else { continue }
            // A receiver that somebody stopped has no error, and says nothing of its source.
            let isBroken = channel.receiver == .connecting || channel.receiverError != nil
            let wasLost = old.receiver == .running && channel.receiver != .running && isBroken
            if wasLost || (old.silence == nil && channel.silence != nil) { suspect(key, .broken, since: clock.now) }
        }
    }

    /// Asks the servers for which that is due.
    func lookIntoSuspicions(at now: ContinuousClock.Instant) {
        for key in suspicions.due(at: now) {
            guard let suspicion = suspicions.open[key], let server = servers[key] else {
                suspicions.clear(key)
                continue
            }
            let replicas = fleet.replicas(of: server.address).compactMap { keys[$0] }
            if isClear(key, suspicion, replicas: replicas) {
                suspicions.clear(key)
                continue
            }
            schedule.request(key)
            for replica in replicas where !hasLost(replica, key, since: suspicion.since) { schedule.request(replica) }
            suspicions.looked(into: key, servers: replicas.count + 1, at: now)
        }
    }

    /// Whether the source answers again, or every replica that does has lost it.
    private func isClear(
        _ key: PollSchedule.Key, _ suspicion: Suspicions.Suspicion, replicas: [PollSchedule.Key]
    ) -> Bool {
        guard let server = servers[key] else { return true }
        if let answered = server.answeredAt, answered >= suspicion.since { return true }
        guard suspicion.looks > 0, replicas.allSatisfy({ hasLost($0, key, since: suspicion.since) }) else {
            return false
        }
        return giveUp(server.address, key, replicas: replicas)
    }

    /// Takes a source that all its replicas have lost for one that does not answer, as soon as its answer is overdue: what
    /// they see makes waiting for the whole deadline needless.
    ///
    /// - Returns: whether it is known not to answer.
    private func giveUp(
        _ address: InstanceAddress, _ key: PollSchedule.Key, replicas: [PollSchedule.Key]
    ) -> Bool {
        guard var instance = fleet[address], instance.contact.isReachable else { return true }
        let witnesses = replicas.compactMap { servers[$0]?.address }.filter { fleet[$0]?.contact.isReachable == true }
        guard !witnesses.isEmpty, let start = underWay[key] else { return false }
        let waited = clock.now - start
        guard waited >= Self.overdue else { return false }
        let failure = ContactFailure(
            kind: .readTimeout,
            message: "no answer for \(waited.inWords), and its replicas hear nothing of it")
        instance.contact = .unreachable(since: wallClock(), lastSeen: servers[key]?.record.lastRead, failure)
        fleet.update(instance)
        checkNames(of: address)
        publishSoon(at: clock.now)
        return true
    }

    /// Whether that replica has told since then that it lost the source; one that cannot tell is not waited for.
    private func hasLost(
        _ replica: PollSchedule.Key, _ source: PollSchedule.Key, since: ContinuousClock.Instant
    ) -> Bool {
        guard let server = servers[replica], let instance = fleet[server.address],
            let address = servers[source]?.address
        else { return true }
        guard instance.contact.isReachable else { return instance.contact.isAnswerOfThisRun }
        guard let answered = server.answeredAt, answered >= since else { return false }
        return instance.channels.allSatisfy {
            fleet.source(of: $0) != address || $0.receiver != .running || $0.silence != nil
        }
    }
}

// MARK: - Polls that take long

extension Discovery {
    /// Takes note that a poll has begun.
    func pollBegan(_ key: PollSchedule.Key, at now: ContinuousClock.Instant) {
        underWay[key] = now
        if longPollWatch == nil { watchLongPolls(from: now + Self.longPoll) }
    }

    /// Takes note that a poll has ended. The usual case costs no wake-up: the watch is called off before its time.
    func pollEnded(_ key: PollSchedule.Key) {
        underWay[key] = nil
        guard underWay.isEmpty else { return }
        longPollWatch?.cancel()
        longPollWatch = nil
    }

    private func watchLongPolls(from time: ContinuousClock.Instant) {
        longPollWatch = ServersExecutor.shared.plan(at: time) { [weak self] in
            self?.assumeIsolated { $0.lookForLongPolls() }
        }
    }

    private func lookForLongPolls() {
        longPollWatch = nil
        let now = clock.now
        var next: ContinuousClock.Instant?
        for (key, start) in underWay {
            let due = start + Self.longPoll
            if due > now {
                next = min(next ?? due, due)
            } else if let address = servers[key]?.address, fleet[address]?.contact.isReachable == true {
                suspect(key, .slow, since: start)
            }
        }
        if let next { watchLongPolls(from: next) }
    }
}
