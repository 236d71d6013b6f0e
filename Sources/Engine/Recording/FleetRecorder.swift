import Storage
import Topology

/// Keeps fleets and events beyond the run: the store, as the engine sees it.
///
/// The engine calls it from one task of its own, never from the path on which servers are watched.
public protocol FleetRecorder: Sendable {
    /// The fleet as it was last written, contacts as memories; `nil` where nothing was written yet.
    func lastFleet() async throws -> RememberedFleet?

    /// Writes what is due, in one transaction.
    ///
    /// - Parameters:
    ///   - changed: servers added, removed or changed since the last call that did not throw.
    ///   - events: what happened since then.
    func record(
        _ fleet: Fleet, changed: [InstanceAddress], events: [Event], at now: Timestamp
    ) async throws -> RecordingState

    /// Writes down what is the matter now, where this process writes the store.
    ///
    /// - Parameters:
    ///   - failures: all that are seen of the servers in `watched`.
    ///   - watched: servers that were asked in this run.
    func note(_ failures: [SeenFailure], watching watched: Set<InstanceAddress>, at now: Timestamp) async throws

    /// Tells other processes that somebody asked here to forget a server.
    func forgot(_ address: InstanceAddress, at now: Timestamp) async throws

    /// Servers that somebody asked another process to forget, since this was last asked.
    func forgottenMeanwhile() async throws -> [InstanceAddress]

    /// Writes what is left and lets another process write from now on.
    func finish(_ fleet: Fleet, at now: Timestamp) async throws
}

/// A fleet that was read from the store.
public struct RememberedFleet: Sendable {
    /// The last known servers; none has an answer of this run.
    public var fleet: Fleet
    /// When something was last written, of whichever server.
    public var writtenAt: Timestamp

    /// Makes a memory from what a store gave.
    public init(fleet: Fleet, writtenAt: Timestamp) {
        self.fleet = fleet
        self.writtenAt = writtenAt
    }
}
