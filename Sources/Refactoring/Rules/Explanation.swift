/// The page of something that may be said against a wish: a rule's, or a condition's.
public struct Explanation: Sendable, Identifiable {
    /// The name under which objections are printed.
    public let id: RuleID
    /// What it asks for, as a heading.
    public let title: String
    /// Why.
    public let why: String
    /// What helps.
    public let remedy: String
    /// The gravest that it can say.
    public let gravity: Gravity
    /// In which contexts a rule speaks; empty for a condition, which speaks while a plan is made.
    public let contexts: Set<RuleContext>

    /// Makes a page.
    public init(
        id: RuleID, title: String, why: String, remedy: String, gravity: Gravity, contexts: Set<RuleContext> = []
    ) {
        self.id = id
        self.title = title
        self.why = why
        self.remedy = remedy
        self.gravity = gravity
        self.contexts = contexts
    }

    /// Every rule's, and every condition's.
    public static let all = rules + conditions
    /// Those of ``Rule/all``.
    public static let rules = Rule.all.map(\.explanation)
    /// Those of all conditions.
    public static let conditions: [Explanation] =
        all(NamingCondition.self) + all(MoveCondition.self) + all(CoPrimaryCondition.self) + all(GTIDCondition.self)
        + all(ReplicaCondition.self) + all(ErrantCondition.self) + all(LogCondition.self) + all(ServerCondition.self)
        + all(FailoverCondition.self) + all(SwitchoverCondition.self) + all(RejoinCondition.self)
        + all(SettingCondition.self)
        + all(PlanMakingCondition.self)

    private static func all<Condition: PlanCondition>(_ subject: Condition.Type) -> [Explanation] {
        subject.allCases.map(\.explanation)
    }
}
