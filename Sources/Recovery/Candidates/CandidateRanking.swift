import Refactoring
import Topology

/// Who could take a server's place, best first, each with all that speaks for and against it.
///
/// Pure: it judges a scene as it was read. In a failover it is made twice: as a forecast before the receivers are stopped,
/// and from what was really received afterwards.
public struct CandidateRanking: Hashable, Sendable {
    /// For what a server is looked for.
    public let situation: RecoverySituation
    /// The server to be replaced, by its canonical address.
    public let failed: InstanceAddress
    /// By what the servers were compared.
    public let method: RecoveryMethod
    /// All that come into question, best first; those that are refused come last.
    public private(set) var ranked: [Candidate]
    /// Replicas of the server to be replaced that do not answer: they come into no count.
    public let absent: [InstanceAddress]
    /// That none of the lost server's replicas is left, with who was looked for and what helps: a plan is refused with the same
    /// words. `nil` where one is left, and where the server lives.
    public let nobodyLeft: Reason?
    /// What the replicas that answer have received together.
    public let together: Received
    /// When the ranking was made.
    public let madeAt: Timestamp
    private let policy: CandidatePolicy

    /// Ranks all who come into question: time in proportion to the square of the number of replicas.
    ///
    /// - Parameters:
    ///   - failed: the server to be replaced, by any of its names.
    ///   - scene: the fleet and what its rules judge by; the server's own facts are those of the last look.
    public init(
        of failed: InstanceAddress, in scene: RuleScene,
        policy: CandidatePolicy = CandidatePolicy(), situation: RecoverySituation = .failover
    ) {
        let field = CandidateField(of: failed, in: scene, policy: policy, situation: situation)
        self.situation = situation
        self.failed = field.failed
        self.policy = policy
        method = field.method
        together = field.together
        madeAt = scene.now
        absent = field.orphans.filter { !$0.answers }.map(\.address)
        if situation.sourceLives || field.orphans.contains(where: \.answers) {
            nobodyLeft = nil
        } else {
            let draft = PlanDraft(scene)
            nobodyLeft = LostSource(field.failed, in: draft).nobodyLeft(draft)
        }
        ranked = field.contenders.map { Candidate($0, in: field) }.sorted { one, other in
            one.decision(against: other, in: situation, policy: policy)?.isFirst ?? false
        }
    }

    /// The best that may be chosen, if need be after a confirmation; `nil` where there is none.
    public var best: Candidate? { ranked.first(where: \.isEligible) }

    /// Those that may be chosen, best first.
    public var eligible: [Candidate] { ranked.filter(\.isEligible) }

    /// The candidate of that address.
    public subscript(_ address: InstanceAddress) -> Candidate? { ranked.first { $0.instance == address } }

    /// Those that answer and have received all that any of them has; where by GTID nobody has, those that miss least.
    public var mostAdvanced: [InstanceAddress] {
        let answering = ranked.filter { $0.received != .unknown && $0.missing != .unknown && $0.role == .replica }
        let complete = answering.filter(\.missing.isNothing)
        if !complete.isEmpty { return complete.map(\.instance).sorted() }
        let least = answering.compactMap(\.missing.transactionCount).min()
        return answering.filter { $0.missing.transactionCount == least }.map(\.instance).sorted()
    }

    /// The same with what else speaks against each; those that are refused for it come last.
    func objecting(_ objections: (Candidate) -> [Reason]) -> CandidateRanking {
        var other = self
        for index in other.ranked.indices {
            let candidate = other.ranked[index]
            let known = Set(candidate.verdict.reasons.map(\.rule))
            let more = objections(candidate).filter { !known.contains($0.rule) }
            other.ranked[index].verdict = Verdict(candidate.verdict.reasons + more)
        }
        other.ranked = other.ranked.filter(\.isEligible) + other.ranked.filter { !$0.isEligible }
        return other
    }

    /// Why a candidate stands before the next one; `nil` for the last.
    public func criterion(after place: Int) -> CandidateCriterion? {
        guard ranked.indices.contains(place), ranked.indices.contains(place + 1) else { return nil }
        return ranked[place].decision(against: ranked[place + 1], in: situation, policy: policy)?.criterion
    }
}

extension Candidate {
    init(_ contender: Contender, in field: CandidateField) {
        let levelling = Levelling(of: contender, in: field)
        let company = field.company(of: contender, levelling: levelling)
        let old = field.failedInstance?.location ?? Location()
        let candidacy = Candidacy(
            field: field, contender: contender, levelling: levelling, backlog: Backlog(of: contender),
            followers: company.followers, lost: company.lost,
            dataCenter: Nearness(old.dataCenter, contender.instance.location.dataCenter),
            region: Nearness(old.region, contender.instance.location.region),
            account: field.account(of: contender, for: company.followers))
        var reasons: [Reason] = []
        for rule in CandidateRule.all where rule.situations.contains(field.situation) {
            rule.judge(candidacy, &reasons)
        }
        instance = contender.address
        role = contender.role
        channel = contender.channel?.name
        verdict = Verdict(reasons)
        received = contender.received
        missing = contender.received.shortfall(against: field.together)
        self.levelling = levelling
        backlog = candidacy.backlog
        errant = contender.errant
        promotionRule = field.scene.marks.promotionRule(of: contender.address, at: field.scene.now)
        dataCenter = candidacy.dataCenter
        region = candidacy.region
        version = contender.facts?.version
        followers = company.followers
        lost = company.lost
        account = candidacy.account
        loss = field.loss(leaving: levelling.remaining)
    }
}

extension Nearness {
    init(_ old: String?, _ own: String?) {
        guard let old, let own else {
            self = .unknown
            return
        }
        self = old == own ? .same : .elsewhere(own)
    }
}

extension Backlog {
    init(of contender: Contender) {
        let amount = contender.applied.shortfall(against: contender.arrived)
        let channel = contender.channel
        self.init(
            amount: amount, time: amount.isNothing ? .zero : channel?.lag?.beyondDelay, delay: channel?.delay ?? .zero)
    }
}

extension CandidateField {
    /// Whether the accounts of those that are to follow a contender work there, as far as it can be told from afar.
    func account(of contender: Contender, for followers: [Follower]) -> ReplicationAccount {
        let channels = followers.compactMap { follower in
            orphans.first { $0.address == follower.replica }.map { (follower.replica, $0.channel?.user) }
        }
        let unnamed = channels.filter { $0.1 == nil }.map(\.0)
        if !unnamed.isEmpty { return .unnamed(replicas: unnamed) }
        let users = Set(channels.compactMap(\.1))
        let fleet = scene.fleet
        let working = fleet.replicas(of: contender.address).compactMap { address in
            fleet[address].flatMap { $0.isAnswering ? $0.channel(from: contender.address, in: fleet) : nil }
        }.filter { $0.receiver == .running }.compactMap(\.user)
        return users.isSubset(of: working) ? .proven(users: users.sorted()) : .unproven(users: users.sorted())
    }
}
