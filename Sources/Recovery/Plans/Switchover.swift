import Refactoring
import Topology

/// A primary that is to hand its writes over to one of its replicas, while both are well.
public struct Switchover: Hashable, Sendable, Codable {
    /// The primary, or any server of its cluster.
    public var primary: InstanceAddress
    /// Who takes over.
    public var candidate: CandidateChoice
    /// What else is to happen.
    public var policy: SwitchoverPolicy

    /// Makes the wish.
    public init(
        of primary: InstanceAddress, to candidate: CandidateChoice = .best,
        policy: SwitchoverPolicy = SwitchoverPolicy()
    ) {
        self.primary = primary
        self.candidate = candidate
        self.policy = policy
    }

    /// The command that asks for it.
    public static let verb = "switchover"
}

/// How the server that takes over is found.
public enum CandidateChoice: Hashable, Sendable, Codable {
    /// That one.
    case named(InstanceAddress)
    /// The only replica; where there are several, nobody.
    case only
    /// The best of those that can.
    case best
}

/// What happens to sessions, siblings and the old primary, and how long clients may be kept from writing.
public struct SwitchoverPolicy: Hashable, Sendable, Codable {
    /// Where the other direct replicas of the old primary go.
    public enum Siblings: String, Hashable, Sendable, Codable, CaseIterable {
        /// Below the candidate, before anything else.
        case move
        /// Nowhere: they go on following the old primary.
        case stay
    }

    /// What becomes of the old primary.
    public enum OldPrimary: String, Hashable, Sendable, Codable, CaseIterable {
        /// It replicates from the new one.
        case replicates
        /// It has the new one as its source, with its threads stopped.
        case stopped
    }

    /// Sessions that end on the old primary just before writes stop, and once more after that; `nil` for none.
    public var ending: SessionKind?
    /// How long making the old primary read-only may wait for running transactions, in whole seconds.
    public var lockWait: Duration
    /// How long writes may be blocked until the candidate has everything.
    public var drain: Duration
    public var siblings: Siblings
    public var oldPrimary: OldPrimary

    /// Makes a policy.
    public init(
        ending: SessionKind? = nil, lockWait: Duration = .seconds(1), drain: Duration = .seconds(5),
        siblings: Siblings = .move, oldPrimary: OldPrimary = .replicates
    ) {
        self.ending = ending
        self.lockWait = lockWait
        self.drain = drain
        self.siblings = siblings
        self.oldPrimary = oldPrimary
    }
}
