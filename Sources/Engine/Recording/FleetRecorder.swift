import Topology

/// Keeps fleets and events beyond the run: the store, as the engine sees it.
///
/// The engine calls it from one task of its own, never from the path on which servers are watched.
public protocol FleetRecorder: Sendable {
    /// The fleet as it was last written; `nil` where nothing was written yet.
    func lastFleet() async throws -> RememberedFleet?

    /// Writes what changed, in one transaction.
    func record(_ changes: FleetChanges) async throws

    /// Writes nothing more and gives back what it holds.
    func close() async
}

/// A fleet that was read from the store.
public struct RememberedFleet: Sendable {
    public var fleet: Fleet
    public var writtenAt: Timestamp

    public init(fleet: Fleet, writtenAt: Timestamp) {
        self.fleet = fleet
        self.writtenAt = writtenAt
    }
}

/// What happened to a fleet since it was last written.
public struct FleetChanges: Sendable {
    public var fleet: Fleet
    /// Servers whose facts changed or that are new.
    public var changed: [InstanceAddress]
    /// Servers that the fleet no longer holds.
    public var removed: [InstanceAddress]
    public var events: [FleetEvent]
    public var at: Timestamp

    public init(
        fleet: Fleet, changed: [InstanceAddress], removed: [InstanceAddress], events: [FleetEvent], at: Timestamp
    ) {
        self.fleet = fleet
        self.changed = changed
        self.removed = removed
        self.events = events
        self.at = at
    }
}
