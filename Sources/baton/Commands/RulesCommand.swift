import ArgumentParser
import Recovery
import Refactoring
import Settings

/// `baton rules`: the rules by which placements are judged, as `docs/rules/` holds them.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "List the rules and conditions of plans, or explain one, as Markdown.")

    @Argument(
        help: "The rule or condition to explain, such as gtid.purged; all are listed where none is named.",
        completion: .list(RulesCommand.explanations.map(\.id.rawValue)))
    var rule: String?

    /// Those of placements and plans, and those of candidates.
    static let explanations = Explanation.all + CandidateRule.explanations

    func run() throws {
        guard let rule else { return Answer.print(text: RulePages.index() + RulePages.candidateIndex()) }
        guard let known = RulesCommand.explanations.first(where: { $0.id.rawValue == rule }) else {
            let hint = Suggestion.hint(for: rule, among: RulesCommand.explanations.map(\.id.rawValue))
            throw CommandFailure(.negative, "there is no rule \(rule)\(hint)")
        }
        Answer.print(text: RulePages.page(of: known))
    }
}
