import Topology

/// Makes plans of intents, or says why there is none. Pure: it looks at a fleet as it was last read and touches nothing.
public struct MovePlanner: Sendable {
    /// What the rules say of one placement, the servers that move along among its arguments.
    public typealias Judge = @Sendable (Relocation, RuleScene, Set<InstanceAddress>, RuleContext) -> Verdict

    /// The ways, in the order in which they are tried.
    public private(set) var methods: [any Method]
    /// How long servers are given.
    public let limits: PlanLimits
    /// Rings of two that earlier plans took apart, into which a detached server may be attached again.
    public let rings: [CoPrimaryRing]
    package let judge: Judge
    /// Whether somebody left ways out, of which another one may lead there.
    private(set) var isLimited = false

    /// Makes a planner.
    ///
    /// - Parameters:
    ///   - equivalences: places in logs that earlier moves recorded as the same.
    ///   - rings: rings of two co-primaries that earlier plans took apart.
    ///   - methods: further ways, tried after baton's own.
    ///   - judge: the rules, ``byRules`` outside of tests.
    public init(
        limits: PlanLimits = PlanLimits(), equivalences: [Equivalence] = [], rings: [CoPrimaryRing] = [],
        methods: [any Method] = [], judge: @escaping Judge = Self.byRules
    ) {
        self.limits = limits
        self.rings = rings
        self.methods =
            [
                MySQLGTIDMethod(), MariaDBGTIDMethod(), InPlaceMethod(), PositionMethod(),
                EquivalentPositionMethod(equivalences: equivalences),
            ] + methods
        self.judge = judge
    }

    /// Asks ``Rule/all``.
    public static let byRules: Judge = { relocation, scene, moving, context in
        scene.verdict(
            of: relocation.replica.address, channel: relocation.channel.name, under: relocation.target.address,
            moving: moving, context: context)
    }

    /// A planner that takes only the ways of these names.
    public func limited(to names: Set<String>) -> MovePlanner {
        var planner = self
        planner.methods.removeAll { !names.contains($0.name) }
        planner.isLimited = true
        return planner
    }

    /// The plan for a move.
    public func plan(_ move: Move, in scene: RuleScene) -> PlanAnswer {
        do throws(PlanRefusal) {
            var draft = PlanDraft(scene)
            try add(move, to: &draft)
            return try draft.answer(verb: move.verb)
        } catch {
            return .refused(Verdict(error.reasons).reasons)
        }
    }

    /// The plan that takes a finished one back on the fleet as it is now: its steps taken back where that is still right,
    /// otherwise a new plan to where everything was. Both are judged like any plan that leads there.
    ///
    /// Give the executor what the plan observed, too: steps that are taken back may need it.
    public func undo(_ plan: Plan, in scene: RuleScene) -> PlanAnswer {
        // A MariaDB source must have what the replica got meanwhile, which the steps themselves do not tell.
        let isReplanned = plan.method.contains(MariaDBGTIDMethod().name) && !plan.undoMoves.isEmpty
        switch isReplanned ? .refused("") : plan.takingBack() {
        case .plan(var inverse):
            let closed = ringsClosed(byTakingBack: plan, inverse, in: scene)
            inverse.ringsClosed = closed.isEmpty ? nil : closed
            let verdict = Verdict(objections(toTakingBack: plan, by: inverse, in: scene))
            return verdict.isLegal ? .plan(inverse, verdict) : .refused(verdict.reasons)
        case .refused(let sentence):
            guard !plan.undoMoves.isEmpty else {
                return .refused([
                    Reason(
                        PlanMakingCondition.irreversible, sentence,
                        remedies: [.advice("look at the servers and decide what to do next")])
                ])
            }
            do throws(PlanRefusal) {
                var draft = PlanDraft(scene)
                draft.isWhole = true
                draft.rings = plan.ringsLeft ?? []
                for move in plan.undoMoves { try add(move, to: &draft) }
                let changes = sourceObjections(toTakingBack: plan, in: scene)
                guard changes.isEmpty else { throw PlanRefusal(changes) }
                draft.intent = "Undo: \(plan.intent)"
                return try draft.answer(verb: "undo")
            } catch {
                return .refused(Verdict(error.reasons).reasons)
            }
        }
    }

    package func add(_ move: Move, to draft: inout PlanDraft) throws(PlanRefusal) {
        switch move {
        case .relocate(let replica, let target):
            try relocate(replica, below: target, &draft)
        case .relocateSubtree(let replica, let target):
            try relocateSubtree(replica, below: target, &draft)
        case .relocateReplicas(let source, let only, let target):
            try relocateReplicas(of: source, only: only, below: target, &draft)
        case .moveUp(let replica):
            let found = try draft.find(replica)
            try relocate(replica, below: try draft.sourceAbove(found), &draft)
        case .moveUpReplicas(let source, let only):
            let found = try draft.find(ReplicaChannel(source))
            try relocateReplicas(of: source, only: only, below: try draft.source(of: found), &draft)
        case .moveBelow(let replica, let sibling):
            try moveBelow(replica, sibling, &draft)
        case .repoint(let replica, let target):
            try repoint(replica, to: target, &draft)
        case .repointReplicas(let source, let only):
            try repointReplicas(of: source, only: only, &draft)
        case .takeSource(let replica):
            try takeSource(replica, &draft)
        case .takeSiblings(let replica):
            try takeSiblings(replica, &draft)
        case .makeCoPrimary(let replica):
            try makeCoPrimary(replica, &draft)
        case .endCoPrimary(let replica):
            try endCoPrimary(replica, &draft)
        case .regroup(let source):
            try regroup(source, &draft)
        case .detach(let replica):
            try detach(replica, &draft)
        case .reattach(let replica):
            try reattach(replica, &draft)
        case .enableGTID(let replica):
            try enableGTID(replica, &draft)
        case .disableGTID(let replica):
            try disableGTID(replica, &draft)
        }
    }
}

extension RuleScene {
    /// Whatever keeps a plan from being carried out, however long ago it was made: what keeps changes away from its servers,
    /// and from the sources to which its statements lead replicas, of which the rules ask when a plan is made.
    public func objectionsToCarryingOut(_ plan: Plan) -> [Reason] {
        let instances = plan.instances
        let touching = objectionsToTouching(instances)
        guard holds.everything == nil else { return touching }
        // A source may have died before anybody looked at it, and nothing is changed there.
        let sources = plan.namedSources.map(fleet.canonical).filter { !instances.contains($0) }
        return touching + sources.flatMap(objectionsOfHolders)
    }

    /// Whatever keeps changes away from these servers: a read-only console or cluster, another's lock.
    public func objectionsToTouching(_ instances: [InstanceAddress]) -> [Reason] {
        if let everything = holds.everything {
            return [
                Reason(
                    Rule.readOnlyMode.id, .refuse, "nothing may be changed: \(everything)",
                    remedies: [.advice("start baton without being read-only")])
            ]
        }
        var reasons: [Reason] = []
        for instance in instances {
            if let why = holds.unseen, fleet[instance]?.facts == nil {
                reasons.append(
                    Reason(
                        Rule.readOnlyMode.id, .refuse,
                        "\(instance) was not read yet, and may stand in a read-only cluster: \(why)",
                        remedies: [
                            .advice("wait for the first look at \(instance)"), .command("baton doctor \(instance)"),
                        ]))
            }
            reasons += objectionsOfHolders(instance)
        }
        return reasons
    }

    /// That of the cluster in which a server stands, and of another operation.
    private func objectionsOfHolders(_ instance: InstanceAddress) -> [Reason] {
        var reasons: [Reason] = []
        if let cluster = forest.cluster(of: instance)?.id, let why = holds.clusters[cluster] {
            reasons.append(
                Reason(
                    Rule.readOnlyMode.id, .refuse, "\(instance) stands in a read-only cluster: \(why)",
                    remedies: [.advice("take the cluster's read-only mark out of the configuration")]))
        }
        if let holder = holds.locks[instance] {
            reasons.append(
                Reason(
                    Rule.lock.id, .refuse, "\(instance) is held by \(holder)",
                    remedies: [.advice("wait until \(holder) has finished")]))
        }
        return reasons
    }
}
