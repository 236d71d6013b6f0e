import Diagnosis
import Discovery
import Topology

/// What an engine works with.
public struct EngineConfiguration: Sendable {
    /// Servers to start from; with a store, the servers of the last run are watched as well.
    public var seeds: [InstanceAddress]
    /// How servers are found and polled.
    public var discovery: DiscoverySettings
    /// From when on a measured value is a problem.
    public var limits: DiagnosisLimits
    /// How long changes are gathered before they go to the store in one transaction.
    public var recordingInterval: Duration

    /// Makes a configuration; changes go to the store once a second unless told otherwise.
    public init(
        seeds: [InstanceAddress] = [],
        discovery: DiscoverySettings = DiscoverySettings(),
        limits: DiagnosisLimits = DiagnosisLimits(),
        recordingInterval: Duration = .seconds(1)
    ) {
        self.seeds = seeds
        self.discovery = discovery
        self.limits = limits
        self.recordingInterval = recordingInterval
    }
}
