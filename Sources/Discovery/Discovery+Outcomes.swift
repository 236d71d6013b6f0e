import Servers
import Topology

extension Discovery {
    /// Takes an outcome in: judges it, changes the fleet, follows its links, and plans the next look.
    func probeEnded(
        _ key: PollSchedule.Key, _ outcome: ProbeOutcome, startedAt: ContinuousClock.Instant, _ notes: ProbeNotes
    ) {
        counters.underWay -= 1
        pollEnded(key)
        guard !Task.isCancelled, var server = servers[key] else { return }
        let now = clock.now
        let known = server.isShown ? fleet[server.address] : nil
        let contact = known?.contact ?? .neverTried
        count(outcome, &server, took: now - startedAt, at: now)
        let well = notes.nextDue.map { PollSchedule.Ending.wellAndLook(at: $0) } ?? .well
        if outcome.isAnswer { server.answeredAt = startedAt }

        // The steady state: well before, well now, and nothing new.
        if case .unchanged = outcome, contact.isReachable, known?.writeCheck == notes.writeCheck {
            servers[key] = server
            finish(key, well, at: now)
            looked(at: key, startedAt: startedAt)
            return
        }
        let judgement = ContactJudgement(outcome, after: contact, lostInARow: server.lostInARow, at: wallClock())
        if let pause = judgement.lookAgainAfter {
            server.lostInARow += 1
            servers[key] = server
            finish(key, .lookAgain(after: pause), at: now)
            suspect(key, .broken, since: now)
            return
        }
        server.lostInARow = 0
        servers[key] = server
        finish(key, judgement.contact.isReachable ? well : .failed, at: now)
        show(key, judgement.contact, outcome.facts, notes.writeCheck)
        if contact.isReachable, !judgement.contact.isReachable { suspect(key, .broken, since: now) }
        publishSoon(at: now)
        looked(at: key, startedAt: startedAt)
    }

    /// Answers a connection that the server closed between two probes.
    func connectionLost(_ key: PollSchedule.Key) {
        guard servers[key] != nil else { return }
        schedule.request(key)
        suspect(key, .broken, since: clock.now)
        wakeLoop()
    }

    private func finish(_ key: PollSchedule.Key, _ ending: PollSchedule.Ending, at now: ContinuousClock.Instant) {
        let wakeBefore = schedule.nextWake
        counters.missedTurns += UInt64(schedule.ended(key, ending, at: now))
        // The loop sleeps until the earliest turn it knew of; it has to know of an earlier one, of a free place for a
        // server that waits, and of the end of a crawl.
        if schedule.needsAdvance || !schedule.repeats || wakeBefore.map({ (schedule.nextWake ?? $0) < $0 }) ?? true {
            wakeLoop()
        }
    }

    private func count(
        _ outcome: ProbeOutcome, _ server: inout WatchedServer, took latency: Duration,
        at now: ContinuousClock.Instant
    ) {
        counters.polls += 1
        server.record.polls += 1
        server.record.lastLatency = latency
        switch outcome {
        case .facts, .unchanged: server.record.lastRead = wallClock() - latency
        case .noAccess, .unreachable: break
        }
        switch outcome {
        case .facts: latencies.add(latency, at: now)
        case .unchanged:
            counters.unchangedPolls += 1
            latencies.add(latency, at: now)
        case .noAccess, .unreachable: counters.failedPolls += 1
        }
    }

    /// Publishes at once after a quiet time, or has the loop do it when its time has come.
    func publishSoon(at now: ContinuousClock.Instant) {
        if publisher.publishIfDue(fleet, at: now) { wakeLoop() }
    }

    /// Puts what was learnt of a server into the fleet.
    private func show(
        _ key: PollSchedule.Key, _ contact: Contact, _ facts: InstanceFacts?, _ writeCheck: WriteCheck?
    ) {
        guard var server = servers[key] else { return }
        if !server.isShown {
            // Nobody but a process list speaks of it, and it does not answer: likely a wrong port.
            if case .unreachable = contact, !server.isListed || isReported(server.address) { return }
            server.isShown = true
            servers[key] = server
        }
        let old = fleet[server.address]
        var instance = old ?? Instance(address: server.address)
        instance.contact = contact
        instance.writeCheck = writeCheck
        if let facts { instance.facts = facts }
        let attributes = (instance.facts?.attributes ?? ReportedAttributes()).completed(by: server.patterns)
        instance.alias = attributes.alias
        instance.location = attributes.location
        fleet.update(instance)
        fleet.setClusterAlias(attributes.clusterAlias, of: server.address)
        if let facts { learn(facts, of: key, identityBefore: server.fingerprint, wasProxy: old?.facts?.proxy != nil) }
        if let facts { suspectSources(lostBy: facts, before: old?.facts) }
        if case .unreachable = contact, old?.contact.isReachable == true { checkNames(of: server.address) }
    }

    /// Follows what new facts say of this server's identity and of others.
    private func learn(
        _ facts: InstanceFacts, of key: PollSchedule.Key, identityBefore: ServerFingerprint?, wasProxy: Bool
    ) {
        let fingerprint = ServerFingerprint(facts.identity)
        if fingerprint != identityBefore {
            if let identityBefore { keysByFingerprint[identityBefore]?.remove(key) }
            keysByFingerprint[fingerprint, default: []].insert(key)
            servers[key]?.fingerprint = fingerprint
            if identityBefore != nil, let address = servers[key]?.address { checkNames(of: address) }
        }
        if facts.proxy != nil, !wasProxy, let address = servers[key]?.address { releaseNames(of: address) }
        guard let survivor = mergeTwins(of: key) else { return }
        absorbListedName(from: facts, survivor)
        if survivor == key { adoptName(from: facts, key) }
        let links = CrawlLinks(facts, ignoring: settings.ignored)
        guard servers[survivor]?.links != links else { return }
        servers[survivor]?.links = links
        for address in links.certain { mention(address, .certain) }
        for address in links.listed { mention(address, .listed) }
        for address in links.hinted { mention(address, .hint) }
    }
}

extension ProbeOutcome {
    /// Whether the server was read in full.
    var isAnswer: Bool {
        switch self {
        case .facts, .unchanged: true
        case .noAccess, .unreachable: false
        }
    }

    var facts: InstanceFacts? {
        if case .facts(let facts) = self { facts } else { nil }
    }
}
