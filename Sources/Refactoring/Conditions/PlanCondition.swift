/// What has to be so for a plan to be made of a wish, besides the rules on placements: one case each.
///
/// The cases are enums by subject, so that none can be thrown that has no ``Explanation``.
public protocol PlanCondition: CaseIterable, RawRepresentable<String>, Sendable {
    /// What it asks for, as a heading: "A server that is named must be known".
    var title: String { get }
    /// Why, in a few sentences, with the manual's section or what was measured.
    var why: String { get }
    /// What helps in general; each objection names the commands for the servers at hand.
    var remedy: String { get }
    /// How much weight it has.
    var gravity: Gravity { get }
}

extension PlanCondition {
    /// Its stable name, of the same kind as a rule's.
    public var id: RuleID { RuleID(rawValue: rawValue) }

    /// Its page.
    var explanation: Explanation {
        Explanation(id: id, title: title, why: why, remedy: remedy, gravity: gravity, contexts: [])
    }
}

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

    /// Every rule's, and every condition's.
    public static let all = rules + conditions
    /// Those of ``Rule/all``.
    public static let rules = Rule.all.map { rule in
        Explanation(
            id: rule.id, title: rule.title, why: rule.why, remedy: rule.remedy, gravity: rule.gravity,
            contexts: rule.contexts)
    }
    /// Those of all conditions.
    public static let conditions: [Explanation] =
        all(NamingCondition.self) + all(MoveCondition.self) + all(CoPrimaryCondition.self) + all(GTIDCondition.self)
        + all(ReplicaCondition.self) + all(ErrantCondition.self) + all(LogCondition.self) + all(ServerCondition.self)
        + all(PlanMakingCondition.self)

    private static func all<Condition: PlanCondition>(_ subject: Condition.Type) -> [Explanation] {
        subject.allCases.map(\.explanation)
    }
}

extension Reason {
    /// An objection by a condition, with the weight that it has.
    init(
        _ condition: some PlanCondition, _ sentence: String, measured: [Measurement] = [], remedies: [Remedy]
    ) {
        self.init(condition.id, condition.gravity, sentence, measured: measured, remedies: remedies)
    }
}
