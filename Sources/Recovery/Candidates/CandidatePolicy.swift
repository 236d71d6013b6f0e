import Diagnosis

/// What a cluster's owner asks of a candidate, and of a primary, besides what replication needs.
public struct CandidatePolicy: Hashable, Sendable {
    /// How much a place counts.
    public enum Place: String, Hashable, Sendable, CaseIterable {
        /// A candidate in the same place goes before others that are wanted as much.
        case prefer
        /// Nobody elsewhere is promoted; orchestrator's `PreventCrossDataCenterMasterFailover` and
        /// `PreventCrossRegionMasterFailover`.
        case require
        /// It does not matter.
        case ignore
    }

    /// The data centre of the server to be replaced.
    public var dataCenter: Place
    /// The region of the server to be replaced.
    public var region: Place
    /// Lag beyond the configured delay from which on nobody is promoted without a confirmation; `nil` for no such limit.
    /// orchestrator's `FailMasterPromotionOnLagMinutes`.
    public var lagLimit: Duration?
    /// Whether a delayed replica may be made to apply what it has received, for others to fetch. If not, what only such
    /// replicas have is lost, and is told as lost.
    public var waitsForDelayed: Bool
    /// What number of semi-synchronous replicas is right on a primary.
    public var semiSync: FailureLimits.SemiSyncCount

    /// Makes a policy; by default the same place is preferred, and nothing else asked.
    public init(
        dataCenter: Place = .prefer, region: Place = .prefer, lagLimit: Duration? = nil, waitsForDelayed: Bool = false,
        semiSync: FailureLimits.SemiSyncCount = .atLeast
    ) {
        self.dataCenter = dataCenter
        self.region = region
        self.lagLimit = lagLimit
        self.waitsForDelayed = waitsForDelayed
        self.semiSync = semiSync
    }
}
