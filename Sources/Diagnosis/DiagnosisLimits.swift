/// From when on a measured value is a problem.
public struct DiagnosisLimits: Hashable, Sendable {
    /// Lag beyond the configured delay from which a replica is shown as a warning.
    public var lagWarning: Duration
    /// Lag beyond the configured delay from which a replica is shown as broken.
    public var lagCritical: Duration
    /// By which values failures are judged, where nothing else is said.
    public var failures: FailureLimits

    /// Makes limits; 10 and 60 seconds of lag are the defaults of `docs/configuration.md`.
    public init(
        lagWarning: Duration = .seconds(10), lagCritical: Duration = .seconds(60),
        failures: FailureLimits = FailureLimits()
    ) {
        self.lagWarning = lagWarning
        self.lagCritical = lagCritical
        self.failures = failures
    }
}
