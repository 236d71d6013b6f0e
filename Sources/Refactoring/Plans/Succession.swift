import Topology

/// Whose place a plan has taken, and by whom: what a plan of recovery is about besides its steps.
///
/// Whoever carries such a plan out also keeps a record of the recovery, holds its cluster meanwhile, and marks what is left
/// behind.
public struct Succession: Hashable, Sendable, Codable {
    /// Why somebody's place is taken.
    public enum Occasion: String, Hashable, Sendable, Codable, CaseIterable {
        /// A primary is lost.
        case failover
        /// A primary is given up though it answers.
        case forcedFailover = "forced-failover"
        /// A primary hands over.
        case switchover
        /// One of two co-primaries is lost.
        case coPrimary = "co-primary"
        /// An intermediate source is lost: nobody takes its place, its replicas go elsewhere.
        case intermediateSource = "intermediate-source"
        /// A primary that came back becomes a replica.
        case rejoin
        /// Semi-synchronous replication is set right on a primary: nobody's place is taken.
        case semiSync = "semi-sync"
        /// A primary is made writable: nobody's place is taken.
        case writability
    }

    /// Why somebody's place is taken.
    public var occasion: Occasion
    /// Whose place it is.
    public var failed: InstanceAddress
    /// Who takes it; `nil` where nobody does.
    public var successor: InstanceAddress?
    /// Replicas that cannot follow, and stay behind.
    public var left: [InstanceAddress]
    /// Who should rather have taken it, and could not yet; `nil` where nobody should.
    public var preferred: InstanceAddress?

    /// Makes a succession; by default one in which nobody stays behind.
    public init(
        _ occasion: Occasion, of failed: InstanceAddress, by successor: InstanceAddress? = nil,
        leaving left: [InstanceAddress] = [], ratherThan preferred: InstanceAddress? = nil
    ) {
        self.occasion = occasion
        self.failed = failed
        self.successor = successor
        self.left = left
        self.preferred = preferred
    }
}
