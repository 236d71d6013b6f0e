import Refactoring
import Topology

/// That a server which operators prefer becomes the primary, after a failover in which it could not be first.
///
/// It is a switchover as any other, with all its checks, of which nothing is confirmed in anybody's place. Pure: whoever reads
/// the servers asks it what that means.
public struct SwapIn: Hashable, Sendable {
    /// Who is preferred.
    public let preferred: InstanceAddress
    /// Who was promoted, and would hand over.
    public let primary: InstanceAddress

    /// Long enough for a replica to apply what it is behind by after a burst of writes, and short enough for whoever was
    /// woken by the failover to be there still.
    public static let usualLimit = Duration.seconds(600)

    /// Wants that server in place of the one that was promoted.
    public init(of preferred: InstanceAddress, for primary: InstanceAddress) {
        self.preferred = preferred
        self.primary = primary
    }

    /// What a failover leaves to be done; `nil` where nobody is preferred to whoever took over.
    public init?(after succession: Succession?) {
        guard let succession, let primary = succession.successor, let preferred = succession.preferred else {
            return nil
        }
        self.init(of: preferred, for: primary)
    }

    /// What is planned for it.
    public var wish: Switchover { Switchover(of: primary, to: .named(preferred)) }

    /// Why it is made, for the journal.
    public var reason: String { "\(preferred) is preferred to \(primary)" }

    /// By which an operator makes it later.
    public var command: String { "baton switchover \(primary) --to \(preferred)" }
}

extension SwapIn {
    /// What the servers as they were just read mean for it.
    public enum Judgement: Hashable, Sendable {
        /// It can be made, by this plan.
        case ready(Plan, Verdict)
        /// It cannot be made yet.
        case waiting([Reason])
        /// The preferred server is the primary already.
        case needless
        /// It is not made any more, for this reason: a sentence without its full stop.
        case over(String)
    }

    /// Reasons that do not go away while somebody waits: a restart with other settings ends them, or a decision.
    private static let lasting: Set<RuleID> = Set(
        [
            SwitchoverCondition.promotion, .unwanted, .member, .noBinaryLog, .otherSources,
        ].map(\.id) + [PlanMakingCondition.secret.id])

    /// - Parameters:
    ///   - answer: what the planner says to ``wish``.
    ///   - scene: the servers that it was asked about.
    public func judge(_ answer: PlanAnswer, in scene: RuleScene) -> Judgement {
        let now = scene.forest.cluster(of: primary)?.primary
        if now == preferred { return .needless }
        if let now, now != primary { return .over("\(now) is the primary by now, and not \(primary)") }
        let obstacles = answer.reasons.filter { $0.gravity >= .confirm }
        if let reason = obstacles.first(where: { Self.lasting.contains($0.rule) }) { return .over(reason.sentence) }
        guard obstacles.isEmpty, case .plan(let plan, let verdict) = answer else { return .waiting(obstacles) }
        // Right after its source was changed a replica says nothing of its lag, or nothing true.
        guard isLagKnown(in: scene) else {
            return .waiting([
                Reason(
                    SwitchoverCondition.lag, "how far \(preferred) is behind is not known yet",
                    remedies: [.advice("wait until it is")])
            ])
        }
        return .ready(plan, verdict)
    }

    private func isLagKnown(in scene: RuleScene) -> Bool {
        let channel = scene.fleet[preferred]?.channels.first { scene.fleet.source(of: $0) == primary }
        return channel?.lag != nil
    }
}
