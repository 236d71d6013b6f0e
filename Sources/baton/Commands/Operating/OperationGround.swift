import Console
import Diagnosis
import Engine
import Operations
import Refactoring
import Servers
import Storage
import Topology

/// What an operation stands on: who is asked in which way, the store with its journal, and the desk that runs plans.
struct OperationGround {
    let configuration: Configuration
    let settings: OperatingSettings
    let desk: OperationDesk
    private let crawl: CrawlOptions
    private let book: AccessBook?
    private let store: Store?

    /// Opens what is needed to change something.
    ///
    /// - Throws: ``CommandFailure``.
    static func acting(
        _ crawl: CrawlOptions, timeout: DurationArgument? = nil, mentionsOpen: Bool = true
    ) async throws -> OperationGround {
        let (configuration, settings) = try configured(crawl, timeout)
        let book = try AccessBook(crawl.access, configuration)
        let store = try await StoreAccess.open(crawl.store, configuration, mentionsOpen: mentionsOpen)
        return OperationGround(
            configuration: configuration, settings: settings,
            desk: OperationDesk(settings, store: store, book: book, configuration), crawl: crawl, book: book,
            store: store)
    }

    /// Opens what is needed to plan; the store tells who holds what, where there is one.
    ///
    /// - Throws: ``CommandFailure``.
    static func planning(
        _ crawl: CrawlOptions, timeout: DurationArgument?, snapshot: String?
    ) async throws -> OperationGround {
        let (configuration, settings) = try configured(crawl, timeout)
        let looking = OperationDesk(
            settings, lookingOnly: "this is a dry run", knowsSecret: configuration.knows)
        if snapshot != nil {
            return OperationGround(
                configuration: configuration, settings: settings, desk: looking, crawl: crawl, book: nil, store: nil)
        }
        let book = try AccessBook(crawl.access, configuration)
        let store = try await StoreAccess.openExisting(crawl.store, configuration)
        let desk = store.map { OperationDesk(settings, store: $0, book: book, configuration) } ?? looking
        return OperationGround(
            configuration: configuration, settings: settings, desk: desk, crawl: crawl, book: book, store: store)
    }

    private static func configured(
        _ crawl: CrawlOptions, _ timeout: DurationArgument?
    ) throws -> (Configuration, OperatingSettings) {
        let configuration = try crawl.global.configuration()
        var settings = configuration.operating(isReadOnly: crawl.global.isReadOnly)
        if let timeout { settings.plans.catchUp = timeout.duration }
        return (configuration, settings)
    }

    func close() { try? store?.close() }

    /// Reads the fleet around servers, also those that the store remembers there.
    ///
    /// - Throws: ``CommandFailure``.
    func read(_ names: [ServerArgument], snapshot: String? = nil) async throws -> FleetAnswer {
        if let snapshot {
            let reading = try SnapshotFile.reading(snapshot, limits: configuration.limits)
            let named = try names.map(ServerNames(fleet: reading.fleet).server)
            return FleetAnswer(
                reading, servers: named, now: .now(), theme: configuration.console.theme, settings: settings)
        }
        let known = try await remembered
        let named = try names.map(ServerNames(fleet: known).server)
        return await crawl.read(named, remembering: known, book: try access, configuration)
    }

    /// Keeps what answered, as `discover` does, where the store does not know all of it yet: a replica that is stopped,
    /// detached or down later is named by nobody, and no log must be purged that it needs. Where another process writes the
    /// store, as a console does, that one sees to it.
    ///
    /// - Throws: ``CommandFailure`` for what goes wrong in the store.
    func keepNewServers(of answer: FleetAnswer) async throws {
        guard let store else { return }
        let known = try await remembered
        var found = answer.fleet
        for instance in answer.fleet.instances where !instance.contact.isReachable { found.remove(instance.address) }
        guard found.addresses.contains(where: { known[$0] == nil }) else { return }
        _ = try await store.mergeUnlessHeld(found, limits: configuration.limits, at: answer.now)
    }

    /// Keeps how an operation left its servers, where no other process writes the store: whom they follow now is what a later
    /// recovery goes by when one of them no longer answers. What goes wrong in that is said, and changes nothing of it.
    func keepOutcome(of plan: Plan, on answer: FleetAnswer) async {
        guard let store else { return }
        let touched = Set(plan.instances.map(answer.fleet.canonical))
        do {
            let fleet = await answer.reading.refreshed(touched, makeProber: try access.prober(for:)).fleet
            var found = fleet
            for instance in fleet.instances
            where !touched.contains(instance.address) || !instance.contact.isReachable {
                found.remove(instance.address)
            }
            _ = try await store.mergeUnlessHeld(found, limits: configuration.limits, at: .now())
        } catch {
            Answer.remark("baton: how the servers are now was not kept: \(error)")
        }
    }

    /// The store's last known fleet. Where it can't be read nothing is planned: a replica that is stopped or down may be
    /// known from nowhere else.
    private var remembered: Fleet {
        get async throws {
            do {
                return try await store?.loadFleet().remembered ?? Fleet()
            } catch {
                throw CommandFailure(.store, "\(error)")
            }
        }
    }

    private var access: AccessBook {
        get throws { try book ?? AccessBook(crawl.access, configuration) }
    }

    /// What the rules look at: the servers that matter asked anew, where the crawl took so long that they are no longer
    /// fresh.
    ///
    /// - Throws: ``CommandFailure`` where the journal cannot be read.
    func scene(_ answer: FleetAnswer, concerned: [InstanceAddress]) async throws -> (FleetAnswer, RuleScene) {
        var answer = answer
        let oldest = Timestamp.now() - settings.rules.staleness / 2
        let stale = concerned.filter { address in answer.reading.lastReads[address].map { $0 < oldest } ?? false }
        if !stale.isEmpty {
            // Who did not answer just now would hold the others up until they are stale again.
            let answering = answer.neighbourhood(of: concerned).filter {
                answer.fleet[$0]?.contact.isReachable ?? false
            }
            let reading = await answer.reading.refreshed(answering, makeProber: try access.prober(for:))
            answer = answer.with(reading)
        }
        return (answer, answer.scene(locks: try await locks))
    }

    /// What the rules look at, after all servers of a cluster that answered before were asked anew.
    ///
    /// - Throws: ``CommandFailure`` where the journal cannot be read.
    func sceneAnew(_ answer: FleetAnswer, around address: InstanceAddress) async throws -> RuleScene {
        let members = answer.forest.cluster(of: address)?.members ?? []
        let answering = members.filter { answer.fleet[$0]?.contact.isReachable ?? false }
        var reading = await answer.reading.refreshed(Set(answering), makeProber: try access.prober(for:))
        if let store {
            // Somebody may have said something since.
            let now = Timestamp.now()
            reading = reading.marked(try await store.operatorMarks(in: reading.fleet, now: now), at: now)
        }
        return answer.with(reading).scene(locks: try await locks)
    }

    private var locks: [InstanceAddress: String] {
        get async throws {
            do throws(OperationError) {
                return try await desk.locks()
            } catch {
                throw CommandFailure(error)
            }
        }
    }
}

extension FleetAnswer {
    /// What the rules look at; a snapshot is judged as of the moment that it shows.
    func scene(locks: [InstanceAddress: String]) -> RuleScene {
        let moment: Timestamp = if case .snapshot(_, let taken) = reading.origin { taken } else { .now() }
        return OperationDesk(settings, lookingOnly: "it only judges").scene(
            of: fleet, forest: forest, lastReads: reading.lastReads, locks: locks, marks: reading.marks, now: moment)
    }

    /// These servers with those that they follow, and all that follow either.
    fileprivate func neighbourhood(of servers: [InstanceAddress]) -> Set<InstanceAddress> {
        let sources = servers + servers.compactMap { forest.parent(of: $0) }
        return Set(sources.flatMap { [$0] + fleet.replicas(of: $0) })
    }

    /// The answer with a newer reading.
    func with(_ reading: FleetReading) -> FleetAnswer {
        FleetAnswer(reading, servers: servers, now: now, theme: theme, settings: settings)
    }
}

extension CommandFailure.Code {
    /// That of a refusal: where nothing but somebody else at work is in the way, it may be tried again.
    init(refusing reasons: [Reason]) {
        let refusals = reasons.filter { $0.gravity == .refuse }
        self = !refusals.isEmpty && refusals.allSatisfy(\.isLock) ? .held : .refused
    }
}

extension CommandFailure {
    /// Why an operation was not begun.
    init(_ error: OperationError) {
        let code: Code =
            switch error {
            case .held, .underWay: .held
            case .notLocked: .unreachable
            case .journal, .noJournal: .store
            case .unknown: .negative
            case .notPossible, .hook: .refused
            case .refused(let reasons): .init(refusing: reasons)
            }
        self.init(code, error.description)
    }
}
