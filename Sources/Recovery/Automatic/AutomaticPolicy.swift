import Topology

/// What may be recovered in a cluster without anybody's word, and under which conditions. By default nothing.
public struct AutomaticPolicy: Hashable, Sendable {
    /// Whose failures are recovered.
    public enum Subject: String, Hashable, Sendable, CaseIterable {
        /// A primary or co-primary: a replica takes its place.
        case primary
        /// An intermediate source, or a member of a group: its replicas get another source.
        case intermediateSource = "intermediate-source"
        /// A primary that was given up and is back: nobody is to write on it.
        case returnedPrimary = "returned-primary"
        /// A primary for which not as many replicas acknowledge as it waits for: others are told to.
        case semiSync = "semi-sync"
        /// A primary on which nobody can write: it is made writable.
        case writability = "writable"
    }

    /// What is done about a lost primary that may live and take writes where baton cannot see it.
    public enum SplitBrain: Hashable, Sendable {
        /// Nobody is promoted unless semi-synchronous replication kept the old primary from acknowledging anything.
        case refuse
        /// The owner of the cluster takes the risk.
        case accept
        /// A fencing hook makes sure that it takes none, and the recovery ends where that fails.
        case fence
    }

    /// On how many of a cluster's servers baton must hold its locks.
    public enum Quorum: Hashable, Sendable {
        /// On more than half of them, the dead counted: whoever is cut off with the smaller part does nothing.
        case majority
        /// On those that the plan changes.
        case concerned
    }

    /// Whose failures are recovered; empty where nothing is.
    public var subjects: Set<Subject>
    /// How long a server that was lost may take to come back by itself.
    public var grace: Duration
    /// What is done about a primary that may live.
    public var splitBrain: SplitBrain
    /// On how many servers locks are held.
    public var quorum: Quorum

    /// Long enough for a server to be restarted by its supervisor.
    public static let usualGrace = Duration.seconds(10)

    /// Makes a policy; by default one that recovers nothing.
    public init(
        _ subjects: Set<Subject> = [], grace: Duration = usualGrace, splitBrain: SplitBrain = .refuse,
        quorum: Quorum = .majority
    ) {
        self.subjects = subjects
        self.grace = grace
        self.splitBrain = splitBrain
        self.quorum = quorum
    }
}
