import Console
import Engine
import Servers
import Storage
import Topology

extension FleetOptions {
    /// Reads the fleet: from a snapshot file, from servers, or from the store, whichever the command was given.
    ///
    /// - Throws: ``CommandFailure``.
    func read(_ servers: [ServerArgument]) async throws -> FleetAnswer {
        guard snapshot != nil || fromStore || servers.isEmpty else { return try await crawl.read(servers) }
        let configuration = try crawl.global.configuration()
        let reading: FleetReading
        if let snapshot {
            reading = try SnapshotFile.reading(snapshot, limits: configuration.limits)
        } else {
            reading = try await memory(configuration)
        }
        return FleetAnswer(
            reading, servers: try servers.map(ServerNames(fleet: reading.fleet).server), now: .now(),
            theme: configuration.console.theme,
            settings: configuration.operating(isReadOnly: crawl.global.isReadOnly))
    }

    private func memory(_ configuration: Configuration) async throws -> FleetReading {
        let path = try StoreAccess.path(crawl.store, configuration)
        do {
            if let store = try await StoreAccess.openExisting(crawl.store, configuration),
                let reading = try await FleetReading.store(store, limits: configuration.limits)
            {
                reading.origin.remarkAge(now: .now())
                let now = Timestamp.now()
                return reading.marked(try await store.operatorMarks(in: reading.fleet, now: now), at: now)
            }
            throw CommandFailure(
                .negative,
                "the store \(path) knows no server yet: name a server, or fill it with baton discover SERVER")
        } catch let error as StoreError {
            throw CommandFailure(.store, "\(error)")
        }
    }
}

extension CrawlOptions {
    /// Reads the fleet from servers and from those that the store remembers around them.
    ///
    /// - Throws: ``CommandFailure``.
    func read(_ servers: [ServerArgument]) async throws -> FleetAnswer {
        let configuration = try global.configuration()
        let known = await StoreAccess.knownFleet(store, configuration) ?? Fleet()
        let named = try servers.map(ServerNames(fleet: known).server)
        return await read(named, remembering: known, book: try AccessBook(access, configuration), configuration)
    }

    /// Reads the fleet from servers and those to which they lead now, whatever is remembered.
    ///
    /// - Throws: ``CommandFailure``.
    func readAfresh(_ servers: [ServerArgument]) async throws -> FleetAnswer {
        let configuration = try global.configuration()
        let named = try await StoreAccess.find(servers, store, configuration)
        return await read(named, remembering: Fleet(), book: try AccessBook(access, configuration), configuration)
    }

    /// Reads the fleet from servers, with an access that is settled already.
    ///
    /// - Parameter known: the last known fleet, whose members around the servers are asked as well.
    func read(
        _ named: [NamedServer], remembering known: Fleet, book: AccessBook, _ configuration: Configuration
    ) async -> FleetAnswer {
        let addresses = named.map(\.address)
        let progress = CrawlProgress(addresses)
        let replaced = await StoreAccess.marks(in: known, store, configuration).replaced
        let reading = await FleetReading.crawl(
            from: addresses + Self.parted(addresses, replaced, in: known), remembering: known,
            settings: configuration.discovery,
            limits: configuration.limits,
            within: within.duration, makeProber: book.prober(for:))
        await progress.end()
        let marks = await StoreAccess.marks(in: reading.fleet, store, configuration)
        return FleetAnswer(
            reading.marked(marks, at: .now()), servers: named, now: .now(), theme: configuration.console.theme,
            settings: configuration.operating(isReadOnly: global.isReadOnly))
    }

    /// Who belongs to these servers, though no link leads there: who took the place of a primary among them that was given up,
    /// and primaries that were given up in their cluster, which may be back and take writes.
    private static func parted(
        _ servers: [InstanceAddress], _ replaced: [InstanceAddress: ReplacedPrimary], in known: Fleet
    ) -> [InstanceAddress] {
        guard !replaced.isEmpty else { return [] }
        let forest = known.forest()
        let clusters = Set(servers.compactMap { forest.clusterIndex(of: known.canonical($0)) })
        let givenUp = replaced.filter { forest.clusterIndex(of: $0.value.successor).map(clusters.contains) ?? false }
        return servers.compactMap { replaced[known.canonical($0)]?.successor } + givenUp.keys.sorted()
    }
}

extension FleetOrigin {
    /// Says how old an answer is that does not come from servers.
    fileprivate func remarkAge(now: Timestamp) {
        guard case .remembered(let writtenAt) = self else { return }
        Answer.remark("from the store, last written \((now - writtenAt).words) ago")
    }
}
