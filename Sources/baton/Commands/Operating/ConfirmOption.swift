import ArgumentParser
import Refactoring
import Settings

/// What `--yes` is to confirm besides.
struct ConfirmOption: ParsableArguments {
    @Option(
        name: .customLong("confirm"),
        help: ArgumentHelp(
            "With --yes, confirm what this rule asks to have confirmed; may be given several times.", valueName: "rule"),
        completion: .list(Explanation.all.map(\.id.rawValue)), transform: ConfirmOption.rule)
    var rules: [RuleID] = []

    /// A misspelt rule confirms nothing, which would be found out only when it is too late to mend.
    private static func rule(_ text: String) throws -> RuleID {
        if let known = Explanation.all.first(where: { $0.id.rawValue == text }) { return known.id }
        let hint = Suggestion.hint(for: text, among: Explanation.all.map(\.id.rawValue))
        throw ValidationError("there is no rule \(text.debugDescription)\(hint); `baton rules` lists them")
    }
}
