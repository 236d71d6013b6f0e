import Topology

/// What a failure analysis goes by besides the fleet.
public struct FailureInputs: Hashable, Sendable {
    /// What operators have said: whose failures are silent.
    public var marks: OperatorMarks
    /// By which values it is judged.
    public var limits: FailureLimits
    /// What was noticed over time.
    public var signals: FailureSignals
    /// Servers that the configuration leaves out of recovery, whoever asks.
    public var ignored: Set<InstanceAddress>
    /// The moment of the analysis: which marks count, and how long logs have stood still.
    public var now: Timestamp

    /// Makes inputs. Without marks and signals nothing depends on the moment.
    public init(
        marks: OperatorMarks = OperatorMarks(),
        limits: FailureLimits = FailureLimits(),
        signals: FailureSignals = FailureSignals(),
        ignored: Set<InstanceAddress> = [],
        now: Timestamp = Timestamp(seconds: 0)
    ) {
        self.marks = marks
        self.limits = limits
        self.signals = signals
        self.ignored = ignored
        self.now = now
    }
}

/// Inputs as they count at their moment.
struct CountingInputs: Hashable, Sendable {
    let limits: FailureLimits
    let downtimes: [InstanceAddress: Mark<Downtime>]
    let maintenances: [InstanceAddress: Mark<Maintenance>]
    let replaced: [InstanceAddress: ReplacedPrimary]
    /// Since when the log stands still, of those where that is long enough.
    let standstills: [InstanceAddress: Timestamp]
    let ignored: Set<InstanceAddress>

    init(_ inputs: FailureInputs) {
        let (now, limits) = (inputs.now, inputs.limits)
        self.limits = limits
        downtimes = inputs.marks.downtimes.filter { $0.value.isActive(at: now) }
        maintenances = inputs.marks.maintenances.filter { $0.value.isActive(at: now) }
        replaced = inputs.marks.replaced.filter { inputs.marks.replacement(of: $0.key, at: now) != nil }
        standstills = inputs.signals.standstills.filter { now - $0.value >= limits.lockedSemiSync }
        ignored = inputs.ignored
    }

    /// The servers of which other things count than before; `nil` where it may be all.
    func servers(changedSince old: CountingInputs) -> Set<InstanceAddress>? {
        if self == old { return [] }
        guard limits == old.limits else { return nil }
        var changed = ignored.symmetricDifference(old.ignored)
        changed.formUnion(Self.changes(downtimes, old.downtimes))
        changed.formUnion(Self.changes(maintenances, old.maintenances))
        changed.formUnion(Self.changes(replaced, old.replaced))
        changed.formUnion(Self.changes(standstills, old.standstills))
        return changed
    }

    private static func changes<Key, Value: Equatable>(_ new: [Key: Value], _ old: [Key: Value]) -> [Key] {
        if new == old { return [] }
        return Set(new.keys).union(old.keys).filter { new[$0] != old[$0] }
    }
}
