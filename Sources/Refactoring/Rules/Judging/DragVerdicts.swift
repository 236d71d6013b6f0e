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
    private let jury: Jury
    /// What the rules that look at the replica alone say, the same under every target; the gravest.
    private let ofReplica: (gravity: Gravity, speaker: Int)?

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
        jury = Jury.sitting(in: context)
        ofReplica = jury.gravest(of: Placement(drag, under: drag.replica), asking: jury.ofReplica)
    }

    /// All that the rules say of the replica under that target.
    public func verdict(under target: InstanceAddress) -> Verdict {
        let placement = Placement(drag, under: drag.scene.side(of: target))
        var objections = Objections(of: jury.rules, makesReasons: true)
        for (place, rule) in jury.rules.enumerated() {
            objections.speaker = place
            rule.judge(placement, &objections)
        }
        return Verdict(objections.reasons)
    }

    /// Every rule with what it says, those that do not speak in this context among them.
    public func answers(under target: InstanceAddress) -> [RuleAnswer] {
        let placement = Placement(drag, under: drag.scene.side(of: target))
        return Rule.all.enumerated().map { place, rule in
            guard rule.contexts.contains(drag.context) else {
                return RuleAnswer(rule: rule, speaks: false, reasons: [])
            }
            var objections = Objections(of: Rule.all, makesReasons: true)
            objections.speaker = place
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

    private func outline(under target: RuleSide) -> Outline {
        let found = jury.gravest(of: Placement(drag, under: target), asking: jury.ofPlacement)
        let gravest: (gravity: Gravity, speaker: Int)?
        switch (found, ofReplica) {
        case (let one?, let other?):
            // Of two that weigh the same, the rule that stands first, as in the list of reasons.
            let isFirst = (one.gravity, other.speaker) > (other.gravity, one.speaker)
            gravest = isFirst ? one : other
        case (let one, let other): gravest = one ?? other
        }
        return Outline(gravity: gravest?.gravity, rule: gravest.map { jury.ids[$0.speaker] })
    }
}

/// The rules that speak in one context, ready to be asked about thousands of targets: their judgements alone, because
/// going through whole rules would count the references of every name and text in them each time.
private struct Jury: Sendable {
    /// A type of its own, because a function in a tuple is called by way of a thunk.
    struct Judge: Sendable {
        let place: Int
        let judge: @Sendable (Placement, inout Objections) -> Void
    }

    let rules: [Rule]
    let ids: [RuleID]
    /// Those that look at the replica alone.
    let ofReplica: [Judge]
    /// Those that look at the target, too.
    let ofPlacement: [Judge]

    private static let byContext: [RuleContext: Jury] = Dictionary(
        uniqueKeysWithValues: RuleContext.allCases.map { ($0, Jury($0)) })

    static func sitting(in context: RuleContext) -> Jury { byContext[context] ?? Jury(context) }

    private init(_ context: RuleContext) {
        rules = Rule.all(in: context)
        ids = rules.map(\.id)
        let judges: [(subject: Rule.Subject, judge: Judge)] = rules.enumerated().map { place, rule in
            (rule.subject, Judge(place: place, judge: rule.judge))
        }
        ofReplica = judges.filter { $0.subject == .replica }.map(\.judge)
        ofPlacement = judges.filter { $0.subject == .placement }.map(\.judge)
    }

    /// Stops at the first rule that refuses: nothing weighs more.
    func gravest(of placement: Placement, asking judges: [Judge]) -> (gravity: Gravity, speaker: Int)? {
        var objections = Objections(of: [], makesReasons: false)
        for judge in judges {
            objections.speaker = judge.place
            judge.judge(placement, &objections)
            if let gravest = objections.gravest, gravest.gravity == .refuse { return gravest }
        }
        return objections.gravest
    }
}
