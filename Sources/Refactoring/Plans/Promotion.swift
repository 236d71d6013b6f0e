import Topology

extension Plan {
    /// Who takes a cluster's writes over by it; `nil` where nobody does.
    public var promoted: InstanceAddress? {
        if let writeBlock { return writeBlock.newPrimary }
        guard let succession else { return nil }
        switch succession.occasion {
        case .failover, .forcedFailover, .switchover, .coPrimary: return succession.successor
        // It takes writes as one that was promoted does.
        case .writability: return succession.failed
        case .intermediateSource, .rejoin, .semiSync: return nil
        }
    }

    /// The step from which on the server that is promoted may take writes, by its place in ``steps``.
    public var promotionStep: Int? {
        guard let promoted else { return nil }
        return steps.firstIndex { $0.instance == promoted && $0.proof.contains(.writability(.writable)) }
    }

    /// The primary that it takes for dead, beside which nobody may be promoted while it answers. `nil` where it promotes nobody,
    /// gives up one that lives, or has begun the promotion: then another primary may take writes already.
    ///
    /// - Parameter begun: the steps that were begun, by their places in ``steps``.
    public func primaryTakenForDead(begun: [Int]) -> InstanceAddress? {
        guard let succession, [.failover, .coPrimary].contains(succession.occasion), let promotionStep,
            !begun.contains(promotionStep)
        else { return nil }
        return succession.failed
    }

    /// The servers of the cluster in which it promotes one, as far as the plan names them.
    fileprivate var heirs: Set<InstanceAddress> {
        let succession = succession.map { [$0.failed] + $0.left + [$0.successor].compactMap { $0 } } ?? []
        return Set(concerned).union(givenUp ?? []).union(succession)
    }

    /// The same, by the names of a fleet, and with all that stands in one tree with the server whose place is taken.
    fileprivate func heirs(in scene: RuleScene) -> Set<InstanceAddress> {
        let named = Set(heirs.map(scene.fleet.canonical))
        let old = (succession?.failed ?? writeBlock?.oldPrimary).map(scene.fleet.canonical)
        return named.union(old.flatMap { scene.forest.cluster(of: $0)?.members } ?? [])
    }

    /// What speaks against carrying it out, because another operation has begun to promote a server of that cluster and
    /// nobody has brought that to its end.
    ///
    /// Where a failover was interrupted, its cluster is two trees: the new primary's, and what still follows the old one.
    /// Each looks as if nobody had been promoted, so that only the journal tells.
    public func objections(to promotions: [BegunPromotion], in scene: RuleScene) -> [Reason] {
        guard promoted != nil else { return [] }
        let servers = heirs(in: scene)
        return promotions.filter { other in
            other.servers.contains { servers.contains(scene.fleet.canonical($0)) }
        }.map(\.reason)
    }
}

/// An operation that has begun to promote a server, and may have done so.
public struct BegunPromotion: Hashable, Sendable {
    /// How it stands.
    public enum Standing: Hashable, Sendable {
        /// A process is at work at it.
        case underWay
        /// It did not come to its end, and waits for somebody to decide.
        case undecided
        /// It came to its end, or was left as it was.
        case over
    }

    /// Its number in the journal.
    public var id: Int64
    /// What it is for, in one sentence.
    public var intent: String
    /// Whom it has begun to promote.
    public var promoted: InstanceAddress
    /// The servers of its cluster, as far as its plan names them.
    public var servers: Set<InstanceAddress>
    /// How it stands.
    public var standing: Standing

    /// Makes one of an operation's plan; `nil` where that promotes nobody, or has not begun to.
    ///
    /// - Parameter begun: the steps that were begun, by their places in the plan.
    public init?(id: Int64, _ plan: Plan, begun: [Int], _ standing: Standing) {
        guard let promoted = plan.promoted, let step = plan.promotionStep, begun.contains(step) else { return nil }
        self.id = id
        self.standing = standing
        self.promoted = promoted
        intent = plan.intent.sanitized
        servers = plan.heirs
    }

    fileprivate var reason: Reason {
        let second = "another server that is promoted now would be a second primary"
        switch standing {
        case .underWay:
            return Reason(
                PlanMakingCondition.promotionBegun,
                "operation \(id) has begun to promote \(promoted), and is still at work: \(intent); \(second)",
                remedies: [.command("baton operations show \(id)"), .advice("wait until it has ended")])
        case .undecided:
            return Reason(
                PlanMakingCondition.promotionBegun,
                "operation \(id) has begun to promote \(promoted), and did not come to its end: \(intent); \(second)",
                remedies: [
                    .command("baton operations resume \(id)"),
                    .advice("where \(promoted) is lost as well: baton operations leave \(id), and plan anew"),
                ])
        case .over:
            return Reason(
                PlanMakingCondition.promotionBegun,
                "operation \(id) has promoted \(promoted) since: \(intent); \(second)",
                remedies: [
                    .command("baton operations show \(id)"),
                    .advice("leave the older operation as it is, and plan anew"),
                ])
        }
    }
}

extension PlanAnswer {
    /// Refused where the plan promotes a server while another operation has begun to promote one of the same cluster.
    public func refusing(secondTo promotions: [BegunPromotion], in scene: RuleScene) -> PlanAnswer {
        guard let plan else { return self }
        let objections = plan.objections(to: promotions, in: scene)
        return objections.isEmpty ? self : .refused(objections)
    }
}
