import Topology

/// A rule's stable name, as scripts, `docs/rules/` and JSON know it: `gtid.purged`.
public struct RuleID: RawRepresentable, Hashable, Sendable, Comparable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// Two words in lower case with a dot between: the subject, and what is wrong with it.
    public let rawValue: String

    /// Makes the name of a rule.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }

    public static func < (left: RuleID, right: RuleID) -> Bool { left.rawValue < right.rawValue }

    public var description: String { rawValue }
}

/// What a placement is for: in a recovery lag is unknown and threads are stopped by nature.
public enum RuleContext: String, Hashable, Sendable, CaseIterable {
    /// A live replica is put under another live server.
    case move
    /// A replica takes its source's place, the source living.
    case takeover
    /// The source is dead.
    case recovery
}

/// One condition under which a server may be a replica of another.
public struct Rule: Sendable, Identifiable {
    /// Its page: what it asks for, why, and what helps.
    public let explanation: Explanation
    /// What it looks at.
    let subject: Subject
    /// Adds its objections to the placement.
    let judge: @Sendable (Placement, inout Objections) -> Void

    init(
        _ id: RuleID, _ title: String, why: String, remedy: String, gravity: Gravity,
        contexts: Set<RuleContext> = Set(RuleContext.allCases), subject: Subject = .placement,
        judge: @escaping @Sendable (Placement, inout Objections) -> Void
    ) {
        explanation = Explanation(
            id: id, title: title, why: why, remedy: remedy, gravity: gravity, contexts: contexts)
        self.subject = subject
        self.judge = judge
    }
}

extension Rule {
    /// Its stable name.
    public var id: RuleID { explanation.id }
    /// What it asks for, as a heading: "The target must have a binary log".
    public var title: String { explanation.title }
    /// The gravest that it can say.
    public var gravity: Gravity { explanation.gravity }
    /// In which contexts it speaks.
    public var contexts: Set<RuleContext> { explanation.contexts }

    /// What a rule looks at; what depends on the replica alone is asked once for all targets.
    enum Subject: Sendable {
        case replica
        case placement
    }
}

/// One replica, or rather one of its channels, under one target: what rules judge.
struct Placement {
    /// What is the same for all targets of the replica.
    let drag: Drag
    /// The server that is to follow.
    let replica: RuleSide
    /// The server that is to be followed.
    let target: RuleSide

    init(_ drag: Drag, under target: RuleSide) {
        self.drag = drag
        replica = drag.replica
        self.target = target
    }

    /// The channel that is to be moved; `nil` where the replica has none, or several and none was named.
    var channel: ReplicationChannel? { drag.channel }
    var scene: RuleScene { drag.scene }
}
