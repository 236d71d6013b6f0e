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
    /// Its stable name.
    public let id: RuleID
    /// What it asks for, as a heading: "The target must have a binary log".
    public let title: String
    /// Why, in a few sentences for its page in `docs/rules/`, with the manual's section or orchestrator's fact.
    public let why: String
    /// The gravest that it can say.
    public let gravity: Gravity
    /// In which contexts it speaks.
    public let contexts: Set<RuleContext>
    /// Appends its objections to the placement.
    let judge: @Sendable (Placement, inout [Reason]) -> Void

    init(
        _ id: RuleID, _ title: String, why: String, gravity: Gravity,
        contexts: Set<RuleContext> = Set(RuleContext.allCases),
        judge: @escaping @Sendable (Placement, inout [Reason]) -> Void
    ) {
        self.id = id
        self.title = title
        self.why = why
        self.gravity = gravity
        self.contexts = contexts
        self.judge = judge
    }
}

/// One replica, or rather one of its channels, under one target: what rules judge.
public struct Placement: Sendable {
    /// The server that is to follow.
    public let replica: Instance
    /// The channel that is to be moved: empty for the default channel, `nil` where it has several and none was named.
    public let channel: ReplicationChannel?
    /// The server that is to be followed.
    public let target: Instance
    /// The servers that move along in the same group, `replica` among them.
    public let moving: Set<InstanceAddress>
    /// What it is for.
    public let context: RuleContext
    /// What is the same for all placements.
    public let scene: RuleScene
}
