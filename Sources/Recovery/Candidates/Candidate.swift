import Refactoring
import Topology

/// A server that could take another's place, with all that speaks for and against it.
public struct Candidate: Hashable, Sendable, Identifiable {
    /// Where it stands to the server to be replaced.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// A replica of it, or of a replica of it that does not answer.
        case replica
        /// Another replica of its source.
        case sibling
        /// Its own source.
        case source
        /// The other of two co-primaries.
        case coPrimary = "co-primary"
    }

    /// The server.
    public var instance: InstanceAddress
    /// Where it stands to the server to be replaced.
    public var role: Role
    /// Its channel from the server to be replaced, `""` for the default one; `nil` where it has none.
    public var channel: String?
    /// Whether it can be promoted, and what is against it.
    public var verdict: Verdict
    /// What it has received, applied or not. What it cannot apply, because its applier stopped with an error, is not in it.
    public var received: Received
    /// What others that answer have received and it has not.
    public var missing: Shortfall
    /// How it gets what it misses.
    public var levelling: Levelling
    /// What it has received and not yet applied.
    public var backlog: Backlog
    /// Transactions of its own that did not come from its source.
    public var errant: ErrantTransactions
    /// What operators said of its promotion.
    public var promotionRule: PromotionRule
    /// Whether it stands in the same data centre as the server to be replaced.
    public var dataCenter: Nearness
    /// Whether it stands in the same region.
    public var region: Nearness
    /// Its release.
    public var version: ServerVersion?
    /// Those that answer and could follow it, ascending.
    public var followers: [Follower]
    /// Those that answer and could not follow it, each with the reasons, ascending.
    public var lost: [LostReplica]
    /// Whether followers would get in.
    public var account: ReplicationAccount
    /// What is lost with it.
    public var loss: Loss

    public var id: InstanceAddress { instance }

    /// Whether it may be chosen, if need be after a confirmation.
    public var isEligible: Bool { verdict.isLegal }
}

/// Whether two servers stand in one place.
public enum Nearness: Hashable, Sendable {
    case same
    /// It stands in that other place.
    case elsewhere(String)
    /// The place of one of them is not known.
    case unknown
}

/// A replica that could follow a candidate.
public struct Follower: Hashable, Sendable {
    /// The replica.
    public var replica: InstanceAddress
    /// The channel that is to be changed, `""` for the default one.
    public var channel: String
    /// What is good to know or has to be confirmed; never a refusal.
    public var verdict: Verdict
    /// What it can then find its place in the candidate's log by.
    public var method: RecoveryMethod
}

/// A replica that could not follow a candidate.
public struct LostReplica: Hashable, Sendable {
    /// The replica.
    public var replica: InstanceAddress
    /// The channel that would stay without a source.
    public var channel: String
    /// Why; never empty.
    public var reasons: [Reason]
}

/// How a candidate gets what others have received and it has not.
public struct Levelling: Hashable, Sendable {
    /// The servers that it has to follow for a while, one after another, before it is promoted; empty where it misses
    /// nothing, or where nobody can give it.
    public var donors: [InstanceAddress]
    /// What it then still misses.
    public var remaining: Shortfall
    /// Why something remains, in one sentence; `nil` where nothing does.
    public var obstacle: String?

    /// Makes a levelling; by default nothing is missing.
    public init(donors: [InstanceAddress] = [], remaining: Shortfall = .nothing, obstacle: String? = nil) {
        self.donors = donors
        self.remaining = remaining
        self.obstacle = obstacle
    }
}

/// What a server has received and not yet applied.
public struct Backlog: Hashable, Sendable {
    /// How much.
    public var amount: Shortfall
    /// How long applying it takes, as far as that can be said: as long as its source took for it, which is its lag less the
    /// configured delay. Appliers are mostly faster. `nil` where its lag is not known.
    public var time: Duration?
    /// How late it applies on purpose: this has to be taken away, or waited for.
    public var delay: Duration

    /// Makes a backlog; by default none.
    public init(amount: Shortfall = .nothing, time: Duration? = .zero, delay: Duration = .zero) {
        self.amount = amount
        self.time = time
        self.delay = delay
    }
}

/// Whether the followers' replication accounts work on a candidate.
public enum ReplicationAccount: Hashable, Sendable {
    /// A replica streams from it under that name now.
    case proven(users: [String])
    /// Nobody has tried these names on it. Accounts are replicated, so they mostly exist; whether they may come from the
    /// followers' hosts cannot be told from afar.
    case unproven(users: [String])
    /// These followers name no account, or one that baton may not see.
    case unnamed(replicas: [InstanceAddress])
}
