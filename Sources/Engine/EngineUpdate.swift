import Diagnosis
import Discovery
import Storage
import Topology

/// What a face draws: the fleet and what is known about it at one moment.
public struct EngineUpdate: Sendable {
    /// The fleet's problems, trees and clusters.
    public var diagnosis: Diagnosis
    /// Whether servers answered for it in this run.
    public var origin: FleetOrigin
    /// How well servers are being polled; `nil` where nobody polls.
    public var statistics: DiscoveryStatistics?
    /// Whether what is seen is kept.
    public var recording: RecordingState
    /// What operators say about servers, with what a configured query says about promotion; by the fleet's addresses.
    public var marks: OperatorMarks

    /// The fleet that ``diagnosis`` examined.
    public var fleet: Fleet { diagnosis.fleet }
    /// What is wrong in it, the worst first.
    public var problems: [Problem] { diagnosis.problems }

    /// Makes an update; without a store nothing is recorded.
    public init(
        diagnosis: Diagnosis, origin: FleetOrigin, statistics: DiscoveryStatistics? = nil,
        recording: RecordingState = .off, marks: OperatorMarks = OperatorMarks()
    ) {
        self.diagnosis = diagnosis
        self.origin = origin
        self.statistics = statistics
        self.recording = recording
        self.marks = marks
    }
}

/// Where a fleet comes from, and therefore how far to trust it.
public enum FleetOrigin: Sendable, Hashable {
    /// Servers are being asked; each instance's contact says how it stands with that one.
    case live
    /// From the store, as it was written at that time; no server has answered in this run yet.
    case remembered(at: Timestamp)
    /// From a snapshot file, taken at that time.
    case snapshot(path: String, taken: Timestamp)
}

/// Who writes the history.
public enum RecordingState: Sendable, Hashable {
    /// Nobody here: there is no store, or it is not written yet.
    case off
    case writing
    /// Another process holds the lease.
    case following(LeaseHolder)
    /// It cannot be written, for this reason; watching goes on, and it is tried again.
    case failing(String)
}
