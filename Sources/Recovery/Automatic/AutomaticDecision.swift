import Diagnosis
import Refactoring
import Topology

/// Whether baton may recover a failure by itself. Pure: every condition takes what was seen, and says what stands in the way.
public struct AutomaticDecision: Hashable, Sendable {
    /// What is the matter.
    public let failure: Failure
    /// What may be done in its cluster.
    public let policy: AutomaticPolicy

    /// Asks about a failure.
    public init(_ failure: Failure, policy: AutomaticPolicy) {
        self.failure = failure
        self.policy = policy
    }

    /// Whose failure it is; `nil` where baton has no automatic recovery for it.
    public var subject: AutomaticPolicy.Subject? {
        switch failure.recovery.kind {
        case .primary, .coPrimary: .primary
        case .intermediateSource, .groupMember: .intermediateSource
        case .returnedPrimary: .returnedPrimary
        case .lockedSemiSync, .tooManySemiSync: .semiSync
        case .nonWritablePrimary: .writability
        case nil: nil
        }
    }

    /// What the brakes are asked.
    public func question(in cluster: ClusterName, members: Set<InstanceAddress>, replicas: [InstanceAddress])
        -> RecoveryBrakes.Question
    {
        let kind: RecoveryKind =
            switch failure.recovery.kind {
            case .coPrimary: .coPrimary
            case .intermediateSource: .intermediateSource
            case .groupMember: .groupMember
            case .lockedSemiSync, .tooManySemiSync: .semiSync
            case .nonWritablePrimary: .writability
            case .primary, nil: .failover
            // By its own way, besides the cluster that goes on without it.
            case .returnedPrimary: .rejoin
            }
        return RecoveryBrakes.Question(kind, of: failure.subject, in: cluster, members: members, replicas: replicas)
    }

    /// What the failure itself and its time say.
    ///
    /// - Parameters:
    ///   - unasked: how many known servers were not asked since this baton started.
    ///   - seen: since when this baton sees the failure, for the case that the analysis knows no better.
    public func objections(unasked: Int, seen: Timestamp, now: Timestamp) -> [AutomaticObjection] {
        guard let subject else {
            return [
                .noRecovery(
                    failure.recovery.kind.map { "baton does not do this by itself: \($0.words)" }
                        ?? failure.recovery.words)
            ]
        }
        guard policy.subjects.contains(subject) else {
            return [.switchedOff(subject, cluster: failure.clusterName)]
        }
        if subject == .returnedPrimary { return silence }
        var objections = silence
        if unasked > 0 { objections.append(.warmingUp(missing: unasked)) }
        let until = (failure.since ?? seen) + policy.grace
        // Commits that wait for a replica have waited long enough when that is found.
        if subject != .semiSync, now < until { objections.append(.grace(failure.subject, until: until)) }
        return objections
    }

    private var silence: [AutomaticObjection] {
        failure.suppressions.map { .silent("\(failure.subject) is \($0.words)") }
    }

    /// What the replicas say: each that answers must have lost the source. One that was stopped says nothing, and may
    /// be what an operator is working at.
    ///
    /// - Parameter unanswered: servers, the failed one left out, that were asked just now and have not answered, though they did
    ///   before.
    public func objections(fleet: Fleet, unanswered: [InstanceAddress]) -> [AutomaticObjection] {
        // Only who has lost a source can say so; and that a replica does not answer is why others are to acknowledge.
        if subject == .semiSync { return [] }
        var objections: [AutomaticObjection] = []
        if !unanswered.isEmpty { objections.append(.unanswered(unanswered)) }
        if subject != .writability, failure.counts.losing < failure.counts.answering {
            let witnesses = Set(failure.evidence.filter { $0.witness == .replica }.map(\.server))
            let answering = witnesses.filter { fleet[$0]?.contact.isReachable ?? false }
            objections.append(.notLostByAll(failure.subject, answering.sorted()))
        }
        return objections
    }

    /// Whether the old primary can do harm where baton cannot see it.
    ///
    /// Semi-synchronous replication keeps it from acknowledging anything only until its timeout: one of seconds would end
    /// while the clients that still reach it go on writing.
    ///
    /// - Parameter afterwards: what semi-synchronous replication guarantees.
    public func splitBrainObjections(_ afterwards: Loss.Afterwards?) -> [AutomaticObjection] {
        guard subject == .primary, policy.splitBrain == .refuse else { return [] }
        switch afterwards {
        case .acknowledged(_, aloneAfter: nil), .nothing: return []
        case .acknowledged(_, let alone?):
            return [
                .splitBrain(
                    failure.subject,
                    ["its timeout ends in \(alone.inWords), and then it acknowledges alone: a day or longer would do"])
            ]
        case .unknown(let obstacles): return [.splitBrain(failure.subject, obstacles)]
        case nil: return [.splitBrain(failure.subject, [])]
        }
    }

    /// What the plan says: baton says yes to nothing in anybody's place. Only that what the lost source had may be lost is
    /// known to whoever has chosen automatic recovery of primaries.
    public func objections(plan: PlanAnswer) -> [AutomaticObjection] {
        switch plan {
        case .refused(let reasons): return [.noPlan(reasons)]
        case .plan(_, let verdict):
            let open = verdict.reasons.filter {
                $0.gravity == .confirm && $0.rule != FailoverCondition.knownLoss.id
            }
            return open.isEmpty ? [] : [.unconfirmed(open)]
        }
    }

    /// Which further servers have to be locked for more than half of the cluster's, or why that cannot be had.
    ///
    /// - Parameters:
    ///   - planned: those on which the plan runs statements, which it locks itself.
    ///   - members: all servers of the cluster, the dead with them.
    ///   - answering: those of them that answer.
    public func quorum(
        planned: Set<InstanceAddress>, members: Set<InstanceAddress>, answering: Set<InstanceAddress>
    ) -> Result<[InstanceAddress], QuorumTrouble> {
        // Who acknowledges may be changed from either side of a cut; who writes may not.
        guard policy.quorum == .majority, subject != .semiSync else { return .success([]) }
        let own = planned.intersection(members)
        let others = answering.intersection(members).subtracting(planned).subtracting([failure.subject]).sorted()
        let lockable = own.count + others.count
        guard lockable * 2 > members.count else {
            return .failure(QuorumTrouble(objection: .minority(lockable: lockable, members: members.count)))
        }
        return .success(Array(others.prefix(max(0, members.count / 2 + 1 - own.count))))
    }

    /// That more than half cannot be had.
    public struct QuorumTrouble: Error, Hashable {
        /// As it is written down.
        public let objection: AutomaticObjection
    }
}
