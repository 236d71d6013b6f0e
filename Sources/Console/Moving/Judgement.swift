import Refactoring
import Synchronization
import Topology

/// What the rules say of every place for what is carried, on one look at the fleet; what was asked once is remembered.
public final class Judgement: Sendable {
    let scene: RuleScene
    let carry: Carry
    private let planner: MovePlanner
    private let drags: [DragVerdicts]
    /// Whether one move takes all of it, which leaves out those that cannot go.
    private let isGroup: Bool
    private let known = Mutex<[InstanceAddress: TargetVerdict]>([:])

    init(_ carry: Carry, _ scene: RuleScene, planner: MovePlanner) {
        self.carry = carry
        self.scene = scene
        self.planner = planner
        drags = Self.drags(of: carry.replicas, scene)
        isGroup = carry.isGroup(in: scene.fleet)
    }

    private static func drags(of replicas: [ReplicaChannel], _ scene: RuleScene) -> [DragVerdicts] {
        let moving = Set(replicas.map(\.instance))
        return replicas.map { DragVerdicts(scene, of: $0.instance, channel: $0.channel, moving: moving) }
    }

    /// How that place looks.
    func verdict(under target: InstanceAddress) -> TargetVerdict {
        if let found = known.withLock({ $0[target] }) { return found }
        let verdict = judge(target)
        known.withLock { $0[target] = verdict }
        return verdict
    }

    private func judge(_ target: InstanceAddress) -> TargetVerdict {
        let goers = carry.replicas(goingBelow: target)
        if goers.isEmpty || (carry.holds(target) && !carry.leavesOutTarget) { return TargetVerdict(answer: .held) }
        let outlines = drags(for: goers).map { $0.outline(under: target) }
        var refused: [(replica: ReplicaChannel, rule: RuleID?)] = []
        for (replica, outline) in zip(goers, outlines) where !outline.isLegal {
            refused.append((replica, outline.rule))
        }
        if refused.count == goers.count, refused.allSatisfy({ $0.rule == "move.noop" }) {
            return TargetVerdict(answer: .home)
        }
        // The plan for a server's replicas moves those that can, and asks whether the others may stay.
        let maySplit = isGroup && goers.count > 1
        func isRefused() -> Bool { refused.count == goers.count || (!refused.isEmpty && !maySplit) }
        if isRefused() { return refusal(refused, of: goers.count) }
        var methods: [String] = []
        for (replica, outline) in zip(goers, outlines) where outline.isLegal {
            if let method = planner.method(for: replica, below: target, in: scene) {
                if !methods.contains(method) { methods.append(method) }
            } else {
                refused.append((replica, nil))
            }
        }
        if isRefused() { return refusal(refused, of: goers.count) }
        let method = methods.joined(separator: "+")
        guard let first = refused.first else {
            let gravest = outlines.max { ($0.gravity?.rawValue ?? -1) < ($1.gravity?.rawValue ?? -1) }
            return TargetVerdict(
                answer: .fits(method: method, gravest?.gravity, gravest?.rule), carried: goers.count)
        }
        return TargetVerdict(
            answer: .fits(method: method, .confirm, first.rule), refused: refused.count, carried: goers.count,
            concern: concern(first.replica, first.rule, refused.map(\.rule)),
            staying: Set(refused.map(\.replica.instance)))
    }

    private func refusal(_ refused: [(replica: ReplicaChannel, rule: RuleID?)], of count: Int) -> TargetVerdict {
        let told = refused.first { $0.rule != "move.noop" } ?? refused[0]
        return TargetVerdict(
            answer: .refused(told.rule), refused: refused.count, carried: count,
            concern: concern(told.replica, told.rule, refused.map(\.rule)))
    }

    /// Whom a refusal is about, where that has to be told because several are carried.
    ///
    /// - Parameters:
    ///   - rule: the objection that is told, which the replica met with.
    ///   - refusals: the objections that all who cannot go there met with.
    private func concern(
        _ replica: ReplicaChannel, _ rule: RuleID?, _ refusals: [RuleID?]
    ) -> TargetVerdict.Concern? {
        guard carry.replicas.count > 1 else { return nil }
        if let rule, RuleWords.isOfPlace(rule) {
            return .place(refusals.filter { $0 == rule }.count)
        }
        let address = replica.instance
        let isAlone = scene.fleet.addresses.filter { $0.host == address.host }.count == 1
        let name = scene.fleet[address]?.alias?.sanitized ?? (isAlone ? address.host : "\(address)")
        return .replica(name, others: refusals.count - 1)
    }

    /// All that is said of that place, replica by replica, those that cannot go there first.
    func reasons(under target: InstanceAddress) -> [(replica: ReplicaChannel, verdict: Verdict)] {
        let goers = carry.replicas(goingBelow: target)
        let all = zip(goers, drags(for: goers)).map { replica, drag in
            (replica: replica, verdict: withWay(drag.verdict(under: target), of: replica, under: target))
        }
        return all.filter { !$0.verdict.isLegal } + all.filter { $0.verdict.isLegal }
    }

    /// The verdict, with what each method lacks where the rules let pass what no method can do.
    private func withWay(_ verdict: Verdict, of replica: ReplicaChannel, under target: InstanceAddress) -> Verdict {
        guard verdict.isLegal, planner.method(for: replica, below: target, in: scene) == nil,
            case .refused(let reasons) = planner.plan(.relocate(replica, below: target), in: scene)
        else { return verdict }
        return Verdict(reasons + verdict.reasons)
    }

    /// Every rule with its answer, for the first of what is carried.
    func answers(under target: InstanceAddress) -> [RuleAnswer] {
        drags(for: carry.replicas(goingBelow: target)).first?.answers(under: target) ?? []
    }

    private func drags(for goers: [ReplicaChannel]) -> [DragVerdicts] {
        goers.count == carry.replicas.count ? drags : Self.drags(of: goers, scene)
    }
}
