import Discovery
import Topology

/// What a face draws: the fleet and what is known about it at one moment.
public struct EngineUpdate: Sendable {
    public var fleet: Fleet
    public var origin: FleetOrigin
    /// How well servers are being polled; `nil` where nobody polls.
    public var statistics: DiscoveryStatistics?
    /// What keeps the history from being written, in words; `nil` while all is well.
    public var recordingTrouble: String?

    public init(
        fleet: Fleet, origin: FleetOrigin, statistics: DiscoveryStatistics? = nil, recordingTrouble: String? = nil
    ) {
        self.fleet = fleet
        self.origin = origin
        self.statistics = statistics
        self.recordingTrouble = recordingTrouble
    }
}

/// Where a fleet comes from, and therefore how far to trust it.
public enum FleetOrigin: Sendable, Hashable {
    /// Servers are being asked; each instance's contact says how it stands with that one.
    case live
    /// From the store, as it was written at that time; no server has answered in this run yet.
    case remembered(at: Timestamp)
    /// From a snapshot file, saved at that time; `nil` where the file does not tell.
    case snapshot(path: String, savedAt: Timestamp?)
}
