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
        /// The first that cannot go there; how many others cannot either, for whatever reason.
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

    /// Whether a drop there leads to a plan.
    var isLegal: Bool {
        if case .fits = answer { true } else { false }
    }

    /// The words of the row; the sign before them is the theme's.
    var words: String {
        switch answer {
        case .held: return "carried"
        case .home: return "its source now"
        case .fits(let method, nil, _): return method
        case .fits(let method, .warn?, let rule?): return "\(method), warns: \(RuleWords.objection(rule))"
        case .fits(let method, _?, let rule?): return "\(method), asks: \(RuleWords.objection(rule))"
        case .fits(let method, _, nil): return method
        case .refused(let rule):
            let words = rule.map(RuleWords.objection) ?? "no method leads there"
            switch concern {
            case .replica(let name, let others)?:
                // Beside its name "it" is one word too many.
                let objection = words.hasPrefix("it ") ? String(words.dropFirst(3)) : words
                return "\(name): \(objection)\(others > 0 ? ", and \(others) more" : "")"
            case .place(let count)? where carried > 1: return "\(count) of \(carried): \(words)"
            case .place?, nil: return words
            }
        }
    }
}
