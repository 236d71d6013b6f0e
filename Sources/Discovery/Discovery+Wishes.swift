import Logging
import Topology

/// What became of the wish to watch a server.
public enum DiscoverAnswer: Sendable, Hashable {
    /// It is probed now.
    case watching
    /// It is watched already, under this address, and probed now.
    case known(InstanceAddress)
    /// A filter of the configuration leaves it alone.
    case ignored
}

/// What became of the wish to forget a server.
public enum ForgetAnswer: Sendable, Hashable {
    /// It is gone, and comes back neither by itself nor because others name it before that time.
    case forgotten(InstanceAddress, until: Timestamp)
    /// Nobody knows it.
    case unknown
}

extension Discovery {
    /// Watches a server and crawls from it; takes back an earlier wish to forget it.
    @discardableResult
    public func discover(_ address: InstanceAddress) -> DiscoverAnswer {
        guard CrawlLinks.isUsable(address), !settings.ignored.hosts.match(address) else { return .ignored }
        paused[address] = nil
        if let key = keys[fleet.canonical(address)] {
            mention(address, .seed)
            schedule.request(key)
            wakeLoop()
            return .known(fleet.canonical(address))
        }
        mention(address, .seed)
        return .watching
    }

    /// Forgets a server and its other names for ``DiscoverySettings/forgetPause``.
    ///
    /// Afterwards it is found again where others still name it; ``DiscoveryStatistics/paused`` tells until when it is
    /// not.
    @discardableResult
    public func forget(_ name: InstanceAddress) -> ForgetAnswer {
        let address = fleet.canonical(name)
        guard fleet[address] != nil || keys[address] != nil else { return .unknown }
        let until = wallClock() + settings.forgetPause
        for other in fleet.knownNames where other.value == address { paused[other.key] = until }
        paused[address] = until
        paused[name] = until
        if let key = keys[address] { unwatch(key) }
        fleet.remove(address)
        publishSoon(at: clock.now)
        return .forgotten(address, until: until)
    }

    /// Probes a server now, out of turn.
    ///
    /// - Returns: whether it is known.
    @discardableResult
    public func refresh(_ name: InstanceAddress) -> Bool {
        guard let key = keys[fleet.canonical(name)] else { return false }
        schedule.request(key)
        wakeLoop()
        return true
    }

    /// Probes every server now, out of turn.
    public func refreshAll() {
        for key in servers.keys { schedule.request(key) }
        wakeLoop()
    }

    /// Looks for these servers, while they do not answer, each second at least, and for no others so often: somebody has to
    /// act when they are back.
    public func awaitReturn(of addresses: [InstanceAddress]) {
        schedule.awaitReturn(of: Set(addresses.compactMap { keys[fleet.canonical($0)] }), at: clock.now)
        wakeLoop()
    }

    /// Takes note that the whole process stood still for a while, stopped by its terminal: how well the poll interval is
    /// kept is measured anew, because that time says nothing of it.
    public func stoodStill() {
        schedule.forgetStarts()
        keptIntervals = RollingMeasure(startingAt: clock.now)
    }

    /// How discovery is doing.
    public func statistics() -> DiscoveryStatistics {
        let now = clock.now
        var statistics = counters
        statistics.keptInterval = keptIntervals.summary(at: now)
        statistics.latency = latencies.summary(at: now)
        statistics.publications = publisher.count
        statistics.servers = servers.count
        statistics.paused = paused
        return statistics
    }

    /// How one server was polled; `nil` where it is not watched.
    public func record(of name: InstanceAddress) -> PollRecord? {
        keys[fleet.canonical(name)].flatMap { servers[$0]?.record }
    }
}

extension Discovery {
    /// When each server was last read in full; those that were not read yet are left out.
    public func lastReads() -> [InstanceAddress: Timestamp] {
        var reads: [InstanceAddress: Timestamp] = [:]
        for server in servers.values { reads[server.address] = server.record.lastRead }
        return reads
    }
}

// MARK: - Forgetting by age

extension Discovery {
    /// Forgets servers that nobody has seen for ``DiscoverySettings/forgetAfter``, and hints that nobody gives any more.
    func forgetTheLongGone() {
        let oldest = wallClock() - settings.forgetAfter
        let hinted = Set(servers.values.flatMap { $0.links.listed + $0.links.hinted })
        for (key, server) in servers where !server.isSeed {
            if server.isShown {
                guard let contact = fleet[server.address]?.contact, !contact.isReachable,
                    (contact.lastSeen ?? server.foundAt) < oldest
                else { continue }
                logger.info("\(server.address) has not been seen for \(settings.forgetAfter) and is forgotten")
                unwatch(key)
                fleet.remove(server.address)
            } else if !hinted.contains(server.address) {
                unwatch(key)
            }
        }
        publishSoon(at: clock.now)
    }

    /// Looks again for servers whose pause is over, where others still name them.
    func endPauses() {
        let now = wallClock()
        let over = Set(paused.filter { $0.value <= now }.keys)
        guard !over.isEmpty else { return }
        for address in over { paused[address] = nil }
        for server in servers.values {
            for address in server.links.certain where over.contains(address) { mention(address, .certain) }
            for address in server.links.listed where over.contains(address) { mention(address, .listed) }
            for address in server.links.hinted where over.contains(address) { mention(address, .hint) }
        }
    }
}
