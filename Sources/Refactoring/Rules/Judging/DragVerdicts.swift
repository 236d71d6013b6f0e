import Topology

/// What the rules say of one replica under every server: made when it is picked up, asked while it is held.
public struct DragVerdicts: Sendable {
    /// How one target looks from afar: whether the replica may go there, and which rule weighs most against it.
    public struct Outline: Hashable, Sendable {
        /// The gravest objection; `nil` where there is none.
        public let gravity: Gravity?
        /// The rule that raised it.
        public let rule: RuleID?

        /// Whether the replica may be put there, if need be after a confirmation.
        public var isLegal: Bool { gravity != .refuse }
    }

    private let drag: Drag
    private let rules: [Rule]

    /// Works out what does not depend on the target.
    ///
    /// - Parameters:
    ///   - replica: the server that was picked up.
    ///   - channel: the channel that is to be moved, `""` for the default one; `nil` for the only one it has.
    ///   - moving: the servers that move along in the same group.
    public init(
        _ scene: RuleScene, of replica: InstanceAddress, channel: String? = nil, moving: Set<InstanceAddress> = [],
        context: RuleContext = .move
    ) {
        drag = Drag(scene, of: replica, channel: channel, moving: moving, context: context)
        rules = Rule.all(in: context)
    }

    /// All that the rules say of the replica under that target.
    public func verdict(under target: InstanceAddress) -> Verdict {
        let placement = Placement(drag, under: drag.scene.side(of: target))
        var objections = Objections(makesReasons: true)
        for rule in rules {
            objections.speaker = rule.id
            rule.judge(placement, &objections)
        }
        return Verdict(objections.reasons)
    }

    /// Every rule with what it says, those that do not speak in this context among them.
    public func answers(under target: InstanceAddress) -> [RuleAnswer] {
        let placement = Placement(drag, under: drag.scene.side(of: target))
        return Rule.all.map { rule in
            guard rule.contexts.contains(drag.context) else {
                return RuleAnswer(rule: rule, speaks: false, reasons: [])
            }
            var objections = Objections(makesReasons: true)
            objections.speaker = rule.id
            rule.judge(placement, &objections)
            return RuleAnswer(rule: rule, speaks: true, reasons: objections.reasons)
        }
    }

    /// How that target looks from afar: about a microsecond, because no sentence is made.
    public func outline(under target: InstanceAddress) -> Outline {
        outline(under: drag.scene.side(of: target))
    }

    /// How every server of the forest looks, in the order of ``Forest/addresses``.
    public func outlines() -> [Outline] {
        drag.scene.board.sides.map(outline(under:))
    }

    /// Stops at the first rule that refuses: nothing weighs more.
    private func outline(under target: RuleSide) -> Outline {
        let placement = Placement(drag, under: target)
        var objections = Objections(makesReasons: false)
        for rule in rules {
            objections.speaker = rule.id
            rule.judge(placement, &objections)
            if objections.gravest?.gravity == .refuse { break }
        }
        return Outline(gravity: objections.gravest?.gravity, rule: objections.gravest?.rule)
    }
}
