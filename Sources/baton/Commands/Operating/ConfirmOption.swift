import ArgumentParser
import Recovery
import Refactoring
import Settings

/// What `--yes` is to confirm besides.
struct ConfirmOption: ParsableArguments {
    @Option(
        name: .customLong("confirm"),
        help: ArgumentHelp(
            "With --yes, confirm what this rule asks to have confirmed; may be given several times.", valueName: "rule"),
        completion: .list(known.map(\.id.rawValue)), transform: ConfirmOption.rule)
    var rules: [RuleID] = []

    /// The rules on placements, the conditions of plans, and what is asked of candidates.
    private static let known = Explanation.all + CandidateRule.explanations

    /// A misspelt rule confirms nothing, which would be found out only when it is too late to mend.
    private static func rule(_ text: String) throws -> RuleID {
        if let rule = known.first(where: { $0.id.rawValue == text }) { return rule.id }
        let hint = Suggestion.hint(for: text, among: known.map(\.id.rawValue))
        throw ValidationError("there is no rule \(text.debugDescription)\(hint); `baton rules` lists them")
    }
}
