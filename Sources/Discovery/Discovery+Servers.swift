import Logging
import Servers
import Topology

extension Discovery {
    /// Takes the servers of an earlier run under watch, without saying anything about their contact.
    func remember() {
        for instance in fleet.instances { mention(instance.address, .memory) }
    }

    /// Takes an address under watch, unless it is known, left alone or forgotten for now.
    func mention(_ name: InstanceAddress, _ mention: Mention) {
        guard CrawlLinks.isUsable(name), !settings.ignored.hosts.match(name), paused[name] == nil else { return }
        let address = fleet.canonical(name)
        if let key = keys[address] ?? keys[name] {
            raise(key, mention)
            return
        }
        if case .memory = mention {
        } else if settings.hostNames != .none {
            guard resolving.insert(name).inserted else { return }
            send(.resolve(name, mention))
            wakeLoop()
            return
        }
        watch(address, mention)
    }

    /// Goes on with a mention whose host has been resolved; a host that cannot be is used as it is.
    func resolved(_ name: InstanceAddress, host: String?, _ mention: Mention) {
        resolving.remove(name)
        defer { wakeLoop() }
        let address = InstanceAddress(host: host ?? name.host, port: name.port)
        guard paused[address] == nil, !settings.ignored.hosts.match(address) else { return }
        if let key = keys[fleet.canonical(address)] {
            raise(key, mention)
        } else {
            watch(address, mention)
        }
        if address != name { fleet.addName(name, of: fleet.canonical(address)) }
        publishSoon(at: clock.now)
    }

    /// A server that was known from hearsay is now known for sure.
    private func raise(_ key: PollSchedule.Key, _ mention: Mention) {
        switch mention {
        case .seed: servers[key]?.isSeed = true
        case .hint, .memory: return
        case .listed:
            // Shown when it has been asked the next time.
            servers[key]?.isListed = true
            return
        case .certain: break
        }
        guard let server = servers[key], !server.isShown else { return }
        servers[key]?.isShown = true
        fleet.update(Instance(address: server.address))
        publishSoon(at: clock.now)
    }

    private func watch(_ address: InstanceAddress, _ mention: Mention) {
        let key = nextKey
        nextKey += 1
        let isShown =
            switch mention {
            case .hint, .listed: false
            case .seed, .certain, .memory: true
            }
        let isListed = if case .listed = mention { true } else { false }
        let isSeed = if case .seed = mention { true } else { false }
        var server = WatchedServer(
            address: address, reachedAs: address, prober: makeProber(address), isSeed: isSeed, isShown: isShown,
            isListed: isListed, foundAt: wallClock())
        server.patterns = settings.attributes.attributes(of: address)
        // The address may be another server's name until now; then it has no facts of its own.
        let known = fleet.canonical(address) == address ? fleet[address] : nil
        if let facts = known?.facts {
            let fingerprint = ServerFingerprint(facts.identity)
            server.fingerprint = fingerprint
            keysByFingerprint[fingerprint, default: []].insert(key)
        }
        servers[key] = server
        keys[address] = key
        schedule.add(key)
        send(.watchConnection(key))
        if isShown, known == nil {
            fleet.update(
                Instance(address: address, alias: server.patterns.alias, location: server.patterns.location))
            publishSoon(at: clock.now)
        }
        wakeLoop()
    }

    /// Stops watching; the fleet is left as it is.
    func unwatch(_ key: PollSchedule.Key) {
        guard let server = servers.removeValue(forKey: key) else { return }
        schedule.remove(key)
        suspicions.clear(key)
        looked(at: key, startedAt: nil)
        for (address, other) in keys where other == key { keys[address] = nil }
        if let fingerprint = server.fingerprint { keysByFingerprint[fingerprint]?.remove(key) }
        retired[key] = server.prober
        send(.close(key))
        wakeLoop()
    }
}

// MARK: - One server, several names

extension Discovery {
    /// Makes one of servers that have turned out to be one.
    ///
    /// - Returns: the key under which the server of `key` is watched from now on.
    func mergeTwins(of key: PollSchedule.Key) -> PollSchedule.Key? {
        guard let server = servers[key], let instance = fleet[server.address], let fingerprint = server.fingerprint,
            let twins = keysByFingerprint[fingerprint], twins.count > 1
        else { return key }
        for twin in twins.sorted() where twin != key {
            guard let other = servers[twin], let otherInstance = fleet[other.address],
                ServerFingerprint.isOneServer(instance, otherInstance)
            else { continue }
            // The name that was known first stays, so that nothing on a screen moves; unless it no longer answers.
            let twinStays =
                otherInstance.contact.isReachable == instance.contact.isReachable
                ? twin < key : otherInstance.contact.isReachable
            let (stays, goes) = twinStays ? (twin, key) : (key, twin)
            merge(goes, into: stays)
            return stays
        }
        return key
    }

    private func merge(_ goes: PollSchedule.Key, into stays: PollSchedule.Key) {
        guard let gone = servers[goes], let kept = servers[stays] else { return }
        logger.debug("\(gone.address) and \(kept.address) are one server, kept as \(kept.address)")
        if gone.isSeed { servers[stays]?.isSeed = true }
        let names = namesOf(gone.address)
        unwatch(goes)
        fleet.remove(gone.address)
        for name in names + [gone.address] { fleet.addName(name, of: kept.address) }
    }

    /// Whether a server that is known under another address gives itself this name: a name that only its own network
    /// can resolve.
    func isReported(_ name: InstanceAddress) -> Bool {
        fleet.instances.contains { instance in
            instance.address != name
                && instance.facts.flatMap { InstanceNaming.reportHost.address(from: $0.identity) } == name
        }
    }

    /// Takes a name that a source lists, and under which nobody was ever read, for that of the server that gives itself
    /// this name.
    func absorbListedName(from facts: InstanceFacts, _ key: PollSchedule.Key) {
        guard facts.proxy == nil, let name = InstanceNaming.reportHost.address(from: facts.identity),
            let listed = keys[name], listed != key, let server = servers[listed], server.isListed, !server.isSeed,
            fleet[server.address]?.facts == nil
        else { return }
        merge(listed, into: key)
    }

    private func namesOf(_ address: InstanceAddress) -> [InstanceAddress] {
        fleet.knownNames.filter { $0.value == address }.map(\.key)
    }

    /// Keeps the server under the name that it gives itself, where the settings say so and nobody else has that name.
    func adoptName(from facts: InstanceFacts, _ key: PollSchedule.Key) {
        guard let server = servers[key], let own = settings.instanceName.address(from: facts.identity),
            own != server.address, keys[own] == nil, fleet[own] == nil || fleet.canonical(own) == server.address,
            facts.proxy == nil, var instance = fleet[server.address]
        else { return }
        let names = namesOf(server.address)
        fleet.remove(server.address)
        instance.address = own
        fleet.update(instance)
        for name in names + [server.address] { fleet.addName(name, of: own) }
        servers[key]?.address = own
        servers[key]?.patterns = settings.attributes.attributes(of: own)
        keys[own] = key
    }

    /// Lets go of the other names of an address that turned out to be a proxy: each may be a server of its own.
    func releaseNames(of address: InstanceAddress) {
        for name in namesOf(address) {
            guard keys[name] == nil else { continue }
            watch(name, .certain)
        }
    }

    /// Asks the other names of a server whether they still lead to it: when it fails or becomes another, a name that
    /// moved (a virtual address, say) may lead to its successor.
    func checkNames(of address: InstanceAddress) {
        for name in namesOf(address) { checkSoon(name) }
    }

    func checkSoon(_ name: InstanceAddress) {
        guard CrawlLinks.isUsable(name), !settings.ignored.hosts.match(name), paused[name] == nil,
            keys[name] == nil, checkingNames.insert(name).inserted
        else { return }
        send(.checkName(name))
        wakeLoop()
    }

    /// Looks once where a name leads.
    func check(_ name: InstanceAddress) async {
        let prober = makeProber(name)
        let outcome = await prober.probe()
        await prober.close()
        checkingNames.remove(name)
        defer { wakeLoop() }
        let address = fleet.canonical(name)
        guard case .facts(let facts) = outcome, address != name, let owner = fleet[address],
            let known = owner.facts?.identity, ServerFingerprint(facts.identity) != ServerFingerprint(known)
        else { return }
        watch(name, .certain)
        publishSoon(at: clock.now)
    }
}

extension InstanceNaming {
    /// The address that a server gives itself, `nil` where it gives none or is not asked.
    func address(from identity: ServerIdentity) -> InstanceAddress? {
        switch self {
        case .asReached: nil
        case .hostName: InstanceAddress(host: identity.hostName, port: identity.port)
        case .reportHost:
            identity.reportHost.map { InstanceAddress(host: $0, port: identity.reportPort ?? identity.port) }
        }
    }
}
