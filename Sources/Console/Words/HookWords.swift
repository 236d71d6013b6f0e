import Engine
import Hooks
import Operations
import Storage
import Topology

/// Hooks in words: before they run, and what became of them.
enum HookWords {
    /// What will run, when, and what happens where it fails.
    static func planned(_ hooks: [PlannedHooks]) -> [Details.Line] {
        hooks.flatMap { hooks in
            hooks.commands.enumerated().map { index, command in
                Details.Line(
                    index == 0 ? when(hooks.occasion) : "", Words(command.sanitized),
                    Words(" (\(hooks.occasion.rawValue), \(consequence(of: hooks, command)))", .faint))
            }
        }
    }

    private static func when(_ occasion: HookOccasion) -> String {
        if occasion == .postUnsuccessful { return "if it fails" }
        return occasion.failureAborts ? "before" : "after"
    }

    /// How many, on one line.
    static func count(_ hooks: [PlannedHooks]) -> Words {
        let count = hooks.filter { $0.occasion != .postUnsuccessful }.reduce(0) { $0 + $1.commands.count }
        let aborting = hooks.filter(\.occasion.failureAborts).reduce(0) { $0 + $1.commands.count }
        let before = aborting == 0 ? "" : ", \(aborting) of them first: where one of those fails nothing is changed"
        return Words("\(count) run\(before)")
    }

    private static func consequence(of hooks: PlannedHooks, _ command: String) -> String {
        if command.trimmedOfBlanks.hasSuffix("&") { return "nobody waits for it" }
        let limit = "within \(hooks.limit.words)"
        if hooks.occasion.failureAborts { return "\(limit); where it fails, nothing is changed" }
        return hooks.occasion == .postUnsuccessful ? limit : "\(limit); where it fails, the others run"
    }

    /// What became of some, with what they put out.
    static func ended(_ hooks: [HookNews]) -> [Details.Line] {
        hooks.flatMap { news in
            let ending = "\(news.occasion) \(news.ending ?? "at work")"
            let tone: Tone = news.isFailure ? .bad : news.ending == nil ? .warning : .good
            let output = news.output.sanitizedLines.map { Details.Line("", Words("  \($0)", .faint)) }
            return [
                Details.Line("hook", Words(ending.sanitized, tone), Words(": \(news.command.sanitized)"))
            ] + output
        }
    }

    /// What the record of a recovery says of its hooks.
    static func recorded(_ json: String?) -> [Details.Line] {
        guard let json, let results = try? JSON.decode([HookResult].self, from: json) else { return [] }
        return ended(
            results.map {
                HookNews(
                    $0.occasion, $0.command, ending: $0.endingWords, isFailure: $0.isFailure, output: $0.output)
            })
    }
}

extension String {
    /// The lines of a text of others; a few, without control characters.
    fileprivate var sanitizedLines: [String] {
        let lines = split(separator: "\n").map { String($0).sanitized }.filter { !$0.trimmedOfBlanks.isEmpty }
        return lines.count > 12 ? lines.prefix(12) + ["and \((lines.count - 12).counted("more line"))"] : lines
    }
}
