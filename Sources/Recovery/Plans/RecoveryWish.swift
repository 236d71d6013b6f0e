import Diagnosis
import Refactoring
import Topology

/// What an operator, or a policy, wants done about a source that is lost.
public enum RecoveryWish: Hashable, Sendable, Codable {
    /// A replica takes the place of a primary that is given up: the one that is named, or the best.
    case failover(of: InstanceAddress, to: InstanceAddress?, FailoverPolicy)
    /// The replicas of an intermediate source get another one: the one that is named, or each the best for it.
    case adopt(replicasOf: InstanceAddress, below: InstanceAddress?)
    /// A primary that was given up is back, and becomes a replica.
    case rejoin(Rejoin)
    /// Nobody is to write on a server any more, and its clients are to go.
    case fence(InstanceAddress)
    /// As many replicas of a primary acknowledge as it waits for.
    case semiSync(of: InstanceAddress)
    /// Clients can write on a primary again.
    case writability(of: InstanceAddress)

    /// What helps about a source that is lost: a failover of a primary, another source for the replicas of a replica or of a
    /// member of a group. Of a primary that answers, and that nobody wants to be given up, what keeps clients from writing is
    /// put right.
    ///
    /// Whoever follows one of its own replicas is a co-primary, and a primary in this.
    public init(
        about source: InstanceAddress, to target: InstanceAddress?, _ policy: FailoverPolicy, in fleet: Fleet,
        semiSync: FailureLimits.SemiSyncCount = .atLeast
    ) {
        let source = fleet.canonical(source)
        if let facts = fleet[source]?.facts, facts.groupReplication?.own != nil || facts.galera != nil {
            self = .adopt(replicasOf: source, below: target)
            return
        }
        if target == nil, policy.livingSource == .refuse, let help = Self.settings(of: source, in: fleet, semiSync) {
            self = help
            return
        }
        let replicas = Set(fleet.replicas(of: source))
        let sources = (fleet[source]?.channels ?? []).compactMap { fleet.source(of: $0) }
        self =
            sources.contains { !replicas.contains($0) }
            ? .adopt(replicasOf: source, below: target) : .failover(of: source, to: target, policy)
    }

    /// The same with whoever takes over by an earlier plan for it named, where the best was to be taken.
    public func keeping(_ succession: Succession) -> RecoveryWish {
        guard case .failover(let source, _, let policy) = self, let successor = succession.successor else {
            return self
        }
        return .failover(of: source, to: successor, policy)
    }

    /// What a primary that answers calls for, `nil` where nothing is to be put right on it.
    private static func settings(
        of source: InstanceAddress, in fleet: Fleet, _ wanted: FailureLimits.SemiSyncCount
    ) -> RecoveryWish? {
        guard let instance = fleet[source], instance.contact.isReachable, let facts = instance.facts,
            instance.channels.allSatisfy({ fleet.source(of: $0) == nil })
        else { return nil }
        if let side = facts.semiSync.source, side.isEnabled {
            let isWrong = wanted == .exact ? side.clients != side.waitForReplicas : side.clients < side.waitForReplicas
            if isWrong { return .semiSync(of: source) }
        }
        return facts.writability.isWritable ? nil : .writability(of: source)
    }

    /// What helps about a failure, by what it calls for; `nil` where nothing does.
    ///
    /// - Parameter candidate: who is to take over; the best by default.
    public init?(
        about failure: Failure, to candidate: InstanceAddress? = nil, _ policy: FailoverPolicy, in fleet: Fleet
    ) {
        switch failure.recovery.kind {
        case .lockedSemiSync, .tooManySemiSync: self = .semiSync(of: failure.subject)
        case .nonWritablePrimary: self = .writability(of: failure.subject)
        case .primary, .coPrimary: self = .failover(of: failure.subject, to: candidate, policy)
        case .intermediateSource, .groupMember: self = .adopt(replicasOf: failure.subject, below: nil)
        case .returnedPrimary: self = .fence(failure.subject)
        case nil: return nil
        }
    }

    /// The command that asks for it.
    public var verb: String {
        switch self {
        case .failover: FailoverPlanner.verb
        case .adopt: OrphanPlanner.verb
        case .rejoin: Rejoin.verb
        case .fence: FencePlanner.verb
        case .semiSync: SemiSyncPlanner.verb
        case .writability: WritabilityPlanner.verb
        }
    }

    /// The server that it is about.
    public var subject: InstanceAddress {
        switch self {
        case .failover(let source, _, _), .adopt(let source, _), .semiSync(let source), .writability(let source): source
        case .rejoin(let wish): wish.server
        case .fence(let server): server
        }
    }
}

/// Makes the plan for what is wanted, choosing who is to take over where nobody was named.
public struct RecoveryPlanner: Sendable {
    /// How long servers are given.
    public let limits: PlanLimits
    /// What a cluster's owner asks of a candidate.
    public let candidates: CandidatePolicy

    /// Makes a planner.
    public init(limits: PlanLimits = PlanLimits(), candidates: CandidatePolicy = CandidatePolicy()) {
        self.limits = limits
        self.candidates = candidates
    }

    /// The plan, or why there is none.
    public func plan(_ wish: RecoveryWish, in scene: RuleScene) -> PlanAnswer {
        switch wish {
        case .failover(let source, let candidate, let policy):
            let ranking = ranking(of: source, in: scene)
            guard let chosen = candidate ?? ranking.best?.instance else { return .refused(nobody(ranking, in: scene)) }
            return FailoverPlanner(limits: limits, policy: policy, semiSync: candidates.semiSync)
                .plan(promoting: chosen, insteadOf: source, by: ranking, in: scene)
        case .adopt(let source, let target):
            let ranking = places(forReplicasOf: source, in: scene)
            return OrphanPlanner(limits: limits).plan(replicasOf: source, below: target, by: ranking, in: scene)
        case .rejoin(let wish): return RejoinPlanner(MovePlanner(limits: limits)).plan(wish, in: scene)
        case .fence(let server): return FencePlanner(MovePlanner(limits: limits)).plan(server, in: scene)
        case .semiSync(let primary):
            return SemiSyncPlanner(moves: MovePlanner(limits: limits), count: candidates.semiSync)
                .plan(for: primary, in: scene)
        case .writability(let primary):
            return WritabilityPlanner(moves: MovePlanner(limits: limits)).plan(for: primary, in: scene)
        }
    }

    /// Who comes into question for what is wanted, best first: by this the plan is made. `nil` where there is no choice.
    public func ranking(for wish: RecoveryWish, in scene: RuleScene) -> CandidateRanking? {
        switch wish {
        case .failover(let source, _, _): ranking(of: source, in: scene)
        case .adopt(let source, _): places(forReplicasOf: source, in: scene)
        case .rejoin, .fence, .semiSync, .writability: nil
        }
    }

    private func places(forReplicasOf source: InstanceAddress, in scene: RuleScene) -> CandidateRanking {
        CandidateRanking(of: source, in: scene, policy: candidates, situation: .intermediate)
    }

    /// Who could take the place of a source that is lost.
    public func ranking(of source: InstanceAddress, in scene: RuleScene) -> CandidateRanking {
        let isCoPrimary = scene.fleet[source]?.channels.contains { $0.source != nil } ?? false
        return CandidateRanking(
            of: source, in: scene, policy: candidates,
            situation: isCoPrimary ? .coPrimary : .failover)
    }

    /// Why nobody can be chosen: that none of its replicas answers, or what speaks against each that does.
    private func nobody(_ ranking: CandidateRanking, in scene: RuleScene) -> [Reason] {
        if let replaced = FailoverPlanner.objectionOfReplaced(ranking.failed, in: scene) { return [replaced] }
        if let nobodyLeft = ranking.nobodyLeft { return [nobodyLeft] }
        let reasons = ranking.ranked.flatMap(\.verdict.reasons).filter { $0.gravity == .refuse }
        guard reasons.isEmpty else { return Verdict(reasons).reasons }
        return [
            Reason(
                FailoverCondition.unknownCandidate, "nobody can take the place of \(ranking.failed)",
                remedies: [.command("baton candidates \(ranking.failed)")])
        ]
    }
}
