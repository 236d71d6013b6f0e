import ArgumentParser
import Refactoring
import Settings

/// `baton rules`: the rules by which placements are judged, as `docs/rules/` holds them.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "List the rules and conditions of plans, or explain one, as Markdown.")

    @Argument(
        help: "The rule or condition to explain, such as gtid.purged; all are listed where none is named.",
        completion: .list(Explanation.all.map(\.id.rawValue)))
    var rule: String?

    func run() throws {
        guard let rule else { return Answer.print(text: RulePages.index()) }
        guard let known = Explanation.all.first(where: { $0.id.rawValue == rule }) else {
            let hint = Suggestion.hint(for: rule, among: Explanation.all.map(\.id.rawValue))
            throw CommandFailure(.negative, "there is no rule \(rule)\(hint)")
        }
        Answer.print(text: RulePages.page(of: known))
    }
}
