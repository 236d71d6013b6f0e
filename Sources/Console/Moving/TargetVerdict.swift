import Refactoring
import Topology

/// How one place looks from afar for all that is carried: what its row says.
struct TargetVerdict: Hashable, Sendable {
    enum Answer: Hashable, Sendable {
        /// It is one of those that are carried.
        case held
        /// What is carried stands there already.
        case home
        /// It may be put there, by that method; the rule is what there is to know or to confirm.
        case fits(method: String, Gravity?, RuleID?)
        /// It may not, because of that rule; `nil` where no method leads there.
        case refused(RuleID?)
    }

    /// Whom of several that are carried the words are about.
    enum Concern: Hashable, Sendable {
        /// The first that cannot go there, and stays where others can; how many others cannot either, for whatever reason.
        case replica(String, others: Int)
        /// None of them: the place itself is at fault, for so many of those that would go there.
        case place(Int)
    }

    var answer: Answer
    /// How many of those that would go there cannot, of how many.
    var refused = 0
    var carried = 1
    /// `nil` where one alone is carried.
    var concern: Concern?
    /// Those that stay where they are when the others are dropped there.
    var staying: Set<InstanceAddress> = []

    /// Whether a drop there leads to a plan.
    var isLegal: Bool {
        if case .fits = answer { true } else { false }
    }

    /// The words of the row; the sign before them is the theme's.
    var words: String {
        switch answer {
        case .held: return "carried"
        case .home: return "its source now"
        case .fits(let method, _, let rule) where !staying.isEmpty: return "\(method), asks: \(stayingWords(rule))"
        case .fits(let method, nil, _): return method
        case .fits(let method, .warn?, let rule?): return "\(method), warns: \(RuleWords.objection(rule))"
        case .fits(let method, _?, let rule?): return "\(method), asks: \(RuleWords.objection(rule))"
        case .fits(let method, _, nil): return method
        case .refused(let rule):
            switch concern {
            case .replica(let name, let others)?: return "\(name): \(Self.objection(rule))\(Self.more(others))"
            case .place(let count)? where carried > 1:
                return "\(count) of \(carried): \(Self.objection(rule, ofIt: true))"
            case .place?, nil: return Self.objection(rule, ofIt: true)
            }
        }
    }

    /// Who stays where it is, and why.
    private func stayingWords(_ rule: RuleID?) -> String {
        guard case .replica(let name, let others)? = concern else {
            let verb = refused == 1 ? "stays" : "stay"
            return "\(refused) of \(carried) \(verb), \(Self.objection(rule, ofIt: true))"
        }
        return "\(name) stays, \(Self.objection(rule))\(Self.more(others))"
    }

    /// - Parameter ofIt: whether no name stands before it, beside which "it" is one word too many.
    private static func objection(_ rule: RuleID?, ofIt: Bool = false) -> String {
        let words = rule.map(RuleWords.objection) ?? "no method leads there"
        return !ofIt && words.hasPrefix("it ") ? String(words.dropFirst(3)) : words
    }

    private static func more(_ others: Int) -> String { others > 0 ? ", and \(others) more" : "" }
}
