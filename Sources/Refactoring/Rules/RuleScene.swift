import Topology

/// What rules may know besides the two servers; made once for all targets of a drag.
public struct RuleScene: Sendable {
    /// The fleet as it was last read.
    public let fleet: Fleet
    /// Its trees.
    public let forest: Forest
    /// From when on measured values matter.
    public let limits: RuleLimits
    /// The time at which the question is asked.
    public let now: Timestamp
    /// Clusters and servers that must not be touched, and by whom they are held.
    public let holds: Holds
    /// When servers were last read in full, of those of which that is known; a server that is not in it is as fresh as
    /// its contact says.
    public let lastReads: [InstanceAddress: Timestamp]
    /// What operators have said about servers.
    public let marks: OperatorMarks
    /// Every server's facts as rules look at them.
    let board: RuleBoard

    /// Makes a scene: time in proportion to the number of servers, some milliseconds for 10,000; after a former one, in
    /// proportion to what has changed.
    ///
    /// - Parameters:
    ///   - forest: the trees of `fleet`, where they are at hand.
    ///   - former: a scene of a fleet of which `fleet` is descended.
    public init(
        _ fleet: Fleet, forest: Forest? = nil, limits: RuleLimits = RuleLimits(), now: Timestamp,
        holds: Holds = Holds(), lastReads: [InstanceAddress: Timestamp] = [:], marks: OperatorMarks = OperatorMarks(),
        after former: RuleScene? = nil
    ) {
        let forest = forest ?? fleet.forest()
        self.fleet = fleet
        self.forest = forest
        self.limits = limits
        self.now = now
        self.holds = holds
        self.lastReads = lastReads
        self.marks = marks
        board = RuleBoard.of(fleet, forest, after: former)
    }
}

/// From when on a measured value is an objection.
public struct RuleLimits: Hashable, Sendable {
    /// Lag beyond the configured delay above which a move by position has to be confirmed; orchestrator's
    /// `ReasonableMaintenanceReplicationLagSeconds` is 20 s.
    public var lag: Duration
    /// How old a server's last good look may be: one poll and its tolerance.
    public var staleness: Duration
    /// Direct replicas of a server above which one more is worth a warning.
    public var fanOut: Int
    /// Whether a target with replication filters that the replica lacks is refused (`true`) or only warned of.
    public var refusesFilters: Bool

    /// Makes limits.
    public init(
        lag: Duration = .seconds(20), staleness: Duration = .milliseconds(2_500), fanOut: Int = 20,
        refusesFilters: Bool = true
    ) {
        self.lag = lag
        self.staleness = staleness
        self.fanOut = fanOut
        self.refusesFilters = refusesFilters
    }
}

/// Who keeps changes away from what.
public struct Holds: Hashable, Sendable {
    /// Why nothing at all may be changed: baton was started read-only.
    public var everything: String?
    /// Clusters marked read-only in the configuration, by the cluster's identity, with the reason to show.
    public var clusters: [InstanceAddress: String]
    /// Servers on which another operation or another tool holds a lock, with who it is.
    public var locks: [InstanceAddress: String]
    /// Why a server that was never read must not be touched: some clusters are read-only, and nobody can say yet whether
    /// it stands in one of them. `nil` where none is.
    public var unseen: String?

    /// Makes holds; by default nobody holds anything.
    public init(
        everything: String? = nil, clusters: [InstanceAddress: String] = [:], locks: [InstanceAddress: String] = [:],
        unseen: String? = nil
    ) {
        self.everything = everything
        self.clusters = clusters
        self.locks = locks
        self.unseen = unseen
    }
}
