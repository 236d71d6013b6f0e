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
    package var explanation: Explanation {
        Explanation(id: id, title: title, why: why, remedy: remedy, gravity: gravity, contexts: [])
    }
}

extension Reason {
    /// An objection by a condition, with the weight that it has.
    package init(
        _ condition: some PlanCondition, _ sentence: String, measured: [Measurement] = [], remedies: [Remedy]
    ) {
        self.init(condition.id, condition.gravity, sentence, measured: measured, remedies: remedies)
    }
}
