import Topology

extension RuleScene {
    /// What the rules say of one placement, the gravest first.
    ///
    /// - Parameters:
    ///   - replica: the server that is to follow.
    ///   - channel: the channel that is to be moved, `""` for the default one; `nil` for the only one it has.
    ///   - target: the server that is to be followed.
    ///   - moving: the servers that move along in the same group.
    public func verdict(
        of replica: InstanceAddress, channel: String? = nil, under target: InstanceAddress,
        moving: Set<InstanceAddress> = [], context: RuleContext = .move
    ) -> Verdict {
        DragVerdicts(self, of: replica, channel: channel, moving: moving, context: context).verdict(under: target)
    }

    /// Every rule with what it says of one placement, in the order of ``Rule/all``; a rule that has nothing against it
    /// has no reasons.
    public func answers(
        of replica: InstanceAddress, channel: String? = nil, under target: InstanceAddress,
        moving: Set<InstanceAddress> = [], context: RuleContext = .move
    ) -> [RuleAnswer] {
        DragVerdicts(self, of: replica, channel: channel, moving: moving, context: context).answers(under: target)
    }
}

/// One rule and what it says of a placement.
public struct RuleAnswer: Sendable {
    /// The rule.
    public let rule: Rule
    /// Whether it speaks in the context that was asked for.
    public let speaks: Bool
    /// Its objections; empty where it has none.
    public let reasons: [Reason]

    /// The gravest of its objections; `nil` where it has none.
    public var gravity: Gravity? { reasons.map(\.gravity).max() }
}
