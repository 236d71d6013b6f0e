import Topology

/// How often and how much is recorded.
public struct RecordingPolicy: Sendable, Hashable {
    /// Facts that change all the time are written at most once in this time for each server.
    public var sampling: Duration = .seconds(10)
    /// How long the lease lasts; another baton takes the history over so long after this one has died.
    public var lease: Duration = .seconds(10)
    /// How often it is noted of all servers that answer that they do, so that the memory of a baton that was killed
    /// is no older than that. One that ends notes it once more.
    public var sighting: Duration = .seconds(60)
    /// What pruning leaves.
    public var limits = HistoryLimits()
    /// How often what is beyond the limits is pruned.
    public var pruning: Duration = .seconds(300)

    /// Makes the policy that `docs/store.md` describes.
    public init() {}
}

/// Writes the history of one baton's fleet while it holds the lease, and follows while another does.
///
/// It decides what is worth a write: facts that matter at once, facts that always change now and then. Nothing that
/// goes wrong here stops the live view: ``record(_:changed:events:at:)`` throws, the caller shows it and goes on, and
/// what was not written is written by a later call. One task calls it, call after call.
public actor HistoryRecorder {
    /// What the last call did.
    public enum Status: Sendable, Equatable {
        /// So many changes were written.
        case recorded(Int)
        /// Another process writes the history.
        case following(LeaseHolder)
    }

    private let store: Store
    private let holder: LeaseHolder
    private let policy: RecordingPolicy
    private var lease: Lease?
    /// The fleet as it stands in the store; facts that wait for their sample are older here.
    private var recorded = Fleet()
    /// When a server's facts were last written.
    private var sampledAt: [InstanceAddress: Timestamp] = [:]
    /// Servers of which only volatile facts have changed since then.
    private var waiting: Set<InstanceAddress> = []
    private var labelsOf = Fleet()
    /// When it was last noted of all servers that answer that they do.
    private var sightedAt: Timestamp?
    private var prunedAt: Timestamp?

    /// Makes a recorder; nothing is read, written or leased before the first call.
    public init(_ store: Store, holder: LeaseHolder = .current(), policy: RecordingPolicy = RecordingPolicy()) {
        self.store = store
        self.holder = holder
        self.policy = policy
    }

    /// Writes what is due, in one transaction, and prunes now and then.
    ///
    /// - Parameters:
    ///   - fleet: the whole fleet as it is now.
    ///   - changed: the servers that were added, removed or changed since the last call that did not throw, as
    ///     ``Fleet/addresses(changedSince:)`` tells.
    ///   - events: what happened since then; they are not written while another process writes the history, because
    ///     it sees the same.
    /// - Throws: ``StoreError``; then nothing was written.
    @discardableResult
    public func record(
        _ fleet: Fleet, changed: [InstanceAddress], events: [Event] = [], at now: Timestamp
    ) async throws -> Status {
        waiting.formUnion(changed)
        let isNew = lease == nil
        switch try await renewedLease(now) {
        case .heldBy(let other, _):
            lease = nil
            return .following(other)
        case .held(let lease):
            // What others have written meanwhile is not known here: everything is compared with the store.
            if isNew || self.lease?.token != lease.token { startOver(with: fleet) }
            self.lease = lease
            do {
                // First, so that an error of the pruning never comes after events that were written.
                try await pruneIfDue(now)
                return .recorded(try await write(fleet, events, under: lease, all: false, at: now))
            } catch let error as StoreError where error.code == .leaseLost {
                self.lease = nil
                throw error
            }
        }
    }

    /// Writes also what waits for its sample, and gives the lease back.
    ///
    /// - Throws: ``StoreError``; the lease is then left to expire.
    public func finish(_ fleet: Fleet, at now: Timestamp) async throws {
        guard let lease else { return }
        self.lease = nil
        try await write(fleet, [], under: lease, all: true, at: now)
        try await store.releaseLease(lease)
    }

    private func startOver(with fleet: Fleet) {
        recorded = Fleet()
        labelsOf = Fleet()
        sampledAt = [:]
        sightedAt = nil
        // Beside what was gathered while another wrote: servers that are gone since then are only known from there.
        waiting.formUnion(fleet.addresses)
    }

    /// Asks the store only when a third of the lease has passed.
    private func renewedLease(_ now: Timestamp) async throws -> LeaseOutcome {
        if let lease, lease.expires - now > policy.lease * 2 / 3, lease.expires - now <= policy.lease {
            return .held(lease)
        }
        return try await store.acquireLease(holder, for: policy.lease, now: now)
    }

    @discardableResult
    private func write(
        _ fleet: Fleet, _ events: [Event], under lease: Lease, all: Bool, at now: Timestamp
    ) async throws -> Int {
        var change = FleetChange(at: now)
        for address in waiting {
            guard let instance = fleet.held(address) else {
                change.removed.append(address)
                continue
            }
            switch instance.contact {
            // It came from the store, which has it as it was when it last answered.
            case .remembered: waiting.remove(address)
            case .neverTried: change.unasked.append(instance)
            case .reachable, .noAccess, .unreachable:
                if all || isDue(instance, now) { change.instances.append(instance) }
            }
        }
        change.compareLabels(labelsOf, fleet)
        let isSighting = all || isSightingDue(now)
        if isSighting { change.sighted = fleet.instances.filter(\.contact.isReachable).map(\.address) }
        if change.isEmpty && events.isEmpty { return 0 }
        let count = try await store.record(change, events: events, under: lease)
        if isSighting { sightedAt = now }
        for address in change.removed {
            recorded.remove(address)
            sampledAt[address] = nil
            waiting.remove(address)
        }
        for instance in change.unasked { waiting.remove(instance.address) }
        for instance in change.instances {
            recorded.update(instance)
            sampledAt[instance.address] = now
            waiting.remove(instance.address)
        }
        labelsOf = fleet
        return count
    }

    private func isDue(_ instance: Instance, _ now: Timestamp) -> Bool {
        guard let old = recorded.held(instance.address), let sampled = sampledAt[instance.address] else { return true }
        // A clock that was set back must not stop the sampling.
        if now - sampled >= policy.sampling || now < sampled { return true }
        return instance.withVolatileFacts(of: old) != old
    }

    private func isSightingDue(_ now: Timestamp) -> Bool {
        guard let last = sightedAt else { return true }
        // A clock that was set back must not stop it.
        return now - last >= policy.sighting || now < last
    }

    private func pruneIfDue(_ now: Timestamp) async throws {
        guard let last = prunedAt else {
            prunedAt = now
            return
        }
        guard now - last >= policy.pruning || now < last else { return }
        prunedAt = now
        try await store.prune(policy.limits, now: now)
    }
}
