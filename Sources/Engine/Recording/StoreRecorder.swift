import Servers
import Storage
import Topology

/// Records in the store while this process holds the lease.
public actor StoreRecorder: FleetRecorder {
    private let store: Store
    private let history: HistoryRecorder
    /// The last event that was looked at; `nil` before the first look, which takes only what comes later.
    private var lastEvent: Int64?
    /// The state of the store at that look.
    private var lookedAt: WriteMark?
    /// Servers that were forgotten here, whose events are still to be passed over.
    private var forgottenHere: [InstanceAddress] = []

    /// Makes a recorder for an open store; it takes the lease when it first writes.
    public init(_ store: Store, policy: RecordingPolicy = RecordingPolicy()) {
        self.store = store
        history = HistoryRecorder(store, policy: policy)
    }

    public func lastFleet() async throws -> RememberedFleet? {
        let stored = try await store.loadFleet()
        return stored.recordedAt.map { RememberedFleet(fleet: stored.remembered, writtenAt: $0) }
    }

    public func record(
        _ fleet: Fleet, changed: [InstanceAddress], events: [Event], at now: Timestamp
    ) async throws -> RecordingState {
        if case .readOnly(let error) = store.access { return .failing(error.description) }
        return switch try await history.record(fleet, changed: changed, events: events, at: now) {
        case .recorded: .writing
        case .following(let holder): .following(holder)
        }
    }

    public func note(
        _ failures: [SeenFailure], watching watched: Set<InstanceAddress>, at now: Timestamp
    ) async throws {
        try await store.note(failures, watching: watched, at: now)
    }

    public func forgot(_ address: InstanceAddress, at now: Timestamp) async throws {
        // Noted first, because the event may be read before this call goes on.
        forgottenHere.append(address)
        var isTold = false
        defer {
            if !isTold, let own = forgottenHere.lastIndex(of: address) { forgottenHere.remove(at: own) }
        }
        isTold = try await store.forget(address, at: now)
    }

    public func forgottenMeanwhile() async throws -> [InstanceAddress] {
        // Read before the events are: what is written meanwhile changes the mark.
        let mark = store.writeMark(now: .now())
        if mark != nil, mark == lookedAt { return [] }
        let addresses = try await readForgotten()
        lookedAt = mark
        return addresses
    }

    private func readForgotten() async throws -> [InstanceAddress] {
        var filter = EventFilter()
        guard let lastEvent else {
            filter.limit = 1
            lastEvent = try await store.events(filter).map(\.id).max() ?? 0
            return []
        }
        filter.after = lastEvent
        filter.kinds = [.forgotten]
        let events = try await store.events(filter)
        self.lastEvent = events.map(\.id).max() ?? lastEvent
        return events.compactMap(\.address).filter { address in
            guard let own = forgottenHere.firstIndex(of: address) else { return true }
            forgottenHere.remove(at: own)
            return false
        }
    }

    public func finish(_ fleet: Fleet, at now: Timestamp) async throws {
        if case .readOnly = store.access { return }
        try await history.finish(fleet, at: now)
    }
}
