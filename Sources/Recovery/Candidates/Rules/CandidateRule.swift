import Refactoring
import Topology

/// One thing that may be said against a server's taking another's place.
public struct CandidateRule: Sendable, Identifiable {
    /// Its page: what it asks for, why, and what helps.
    public let explanation: Explanation
    /// When it speaks.
    public let situations: Set<RecoverySituation>
    /// Adds its objections.
    let judge: @Sendable (Candidacy, inout [Reason]) -> Void

    /// Its stable name.
    public var id: RuleID { explanation.id }

    init(
        _ id: RuleID, _ title: String, why: String, remedy: String, gravity: Gravity,
        situations: Set<RecoverySituation> = [.failover, .switchover, .coPrimary],
        judge: @escaping @Sendable (Candidacy, inout [Reason]) -> Void
    ) {
        explanation = Explanation(id: id, title: title, why: why, remedy: remedy, gravity: gravity)
        self.situations = situations
        self.judge = judge
    }

    /// Every rule, those that refuse first.
    public static let all: [CandidateRule] = [
        .contact, .freshness, .proxy, .member, .mustNot, .maintenance, .replaced,
        .binaryLog, .replicaUpdates, .filters, .brokenApplier,
        .dataCenter, .region,
        .severalSources, .delay, .lag, .errant, .behind, .unknownPosition,
        .stoppedApplier, .downtime, .lostReplicas, .newerRelease, .account, .semiSync,
    ]

    /// The pages of all of them, and of what is said of replicas that could not follow.
    public static let explanations: [Explanation] = all.map(\.explanation) + [ahead, mixed]

    /// The page of what is said of a replica that has received more than the candidate.
    static let ahead = Explanation(
        id: "rec.ahead",
        title: "A replica must not be ahead of the one that it is to follow, and by position not behind it",
        why: """
            By GTID the candidate is brought level first, as far as somebody can give what it lacks. By position it cannot be: what it lacks only the lost source had \
            to give. A replica that has more would stand at a place of which the new source knows nothing, and for one that \
            has less nobody knows the place in the new source's log at which it would have to go on.
            """,
        remedy: "Choose the replica that has received most, or rebuild the others.", gravity: .refuse)

    /// The page of what is said of replicas of one that has more than the lost source's transactions.
    static let mixed = Explanation(
        id: "rec.mixed",
        title: "By position nobody can follow one that also has what comes from elsewhere",
        why: """
            By position two replicas are known to have the same where both have executed the same of their source's log. A \
            co-primary that takes writes itself, or a replica of several sources, has more than that. Its log holds it before \
            the place at which the others would go on, and they would never get it.
            """,
        remedy: "Choose a replica that follows one source and takes no writes, or rebuild the others.", gravity: .refuse
    )
}

/// One contender as rules look at it.
struct Candidacy {
    let field: CandidateField
    let contender: Contender
    let levelling: Levelling
    let backlog: Backlog
    let followers: [Follower]
    let lost: [LostReplica]
    let dataCenter: Nearness
    let region: Nearness
    let account: ReplicationAccount

    var address: InstanceAddress { contender.address }
    var facts: InstanceFacts? { contender.facts }
    var now: Timestamp { field.scene.now }
    /// Whether it is to be written on, and not only to be followed.
    var isPromoted: Bool { contender.role == .replica || contender.role == .coPrimary }
    /// The channel's part of a sentence: nothing for the default one.
    var channelPhrase: String {
        guard let channel = contender.channel, !channel.name.isEmpty else { return "" }
        return " (channel `\(channel.name)`)"
    }
}
