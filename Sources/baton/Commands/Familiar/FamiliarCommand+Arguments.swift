import ArgumentParser
import Console
import Settings

extension FamiliarCommand {
    /// The arguments in baton's own words: a leading `-c` is left out, orchestrator's name replaced, and `-i` and `-d` left
    /// out before servers that a command of ours takes by their place.
    ///
    /// - Throws: ``CommandFailure`` for a command of orchestrator that has no counterpart.
    static func translated(_ arguments: [String]) throws -> [String] {
        try checkCommand(arguments)
        var arguments = leadingWithCommand(arguments)
        if ["-c", "--command"].contains(arguments.first), arguments.count > 1 { arguments.removeFirst() }
        let place = arguments.first == "help" ? 1 : 0
        guard arguments.indices.contains(place) else { return arguments }
        if let familiar = named(arguments[place]) {
            guard familiar.isAccepted else {
                throw CommandFailure(.usage, "baton has no \(familiar.name): \(familiar.note)")
            }
            arguments.replaceSubrange(place...place, with: familiar.words)
            if familiar.name == "ack-cluster-recoveries" {
                arguments = arguments.map { ["-i", "--instance"].contains($0) ? "--cluster" : $0 }
            }
        }
        return placingServers(spellingOptions(arguments))
    }

    /// The names that stand for a command here: ours, and orchestrator's that are accepted.
    static var knownNames: [String] {
        Baton.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
            + all.filter(\.isAccepted).map(\.name)
    }

    /// - Throws: ``CommandFailure`` where what stands after `-c` is nobody's command: it is never taken for a server.
    private static func checkCommand(_ arguments: [String]) throws {
        let options = arguments.prefix { $0 != "--" }
        guard let option = options.firstIndex(where: { ["-c", "--command"].contains($0) }), option + 1 < options.count,
            case let name = options[option + 1], named(name) == nil, !knownNames.contains(name)
        else { return }
        throw CommandFailure(
            .usage,
            "there is no command \(name.debugDescription)\(Suggestion.hint(for: name, among: knownNames)); `baton help` "
                + "lists them")
    }

    /// orchestrator's long options, which it takes with one dash too, in baton's spelling.
    private static let options = [
        "pattern": "--pattern", "binlog": "--binlog", "noop": "--dry-run", "reason": "--reason",
    ]

    /// Those of commands that write what operators say, with the short ones of orchestrator's shell client.
    private static let writingOptions = [
        "noop": "--dry-run", "reason": "--reason", "r": "--reason", "duration": "--for", "u": "--for",
        "owner": "--owner", "o": "--owner", "promotion-rule": "--promotion-rule", "R": "--promotion-rule",
        "alias": "--alias", "a": "--alias",
    ]

    private static func spellingOptions(_ arguments: [String]) -> [String] {
        guard let command = command(of: arguments) else { return arguments }
        let options: [String: String]
        switch command {
        case is any OperationCommand.Type: options = Self.options
        case is any WritingCommand.Type: options = writingOptions
        default: return arguments
        }
        let spelt = arguments.prefix { $0 != "--" }
        return spelt.map { argument in
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let word = parts.first, word.hasPrefix("-"),
                let ours = options[String(word.dropFirst(word.hasPrefix("--") ? 2 : 1))]
            else { return argument }
            return ([ours] + parts.dropFirst().map(String.init)).joined(separator: "=")
        } + arguments.dropFirst(spelt.count)
    }

    /// Options that stand alone, as far as they may stand before a command; all others are followed by a value.
    private static let flags: Set = ["-c", "--command", "-h", "--help", "-p", "--read-only", "--mouse", "--open"]

    /// The arguments with the command before all options, as in `baton --config FILE topology`: the argument parser takes
    /// a leading option for one of the console's, which is the command where none is named. `operations undo` is such a
    /// command too: options before `undo` would be those of `operations list`.
    private static func leadingWithCommand(_ arguments: [String]) -> [String] {
        guard let place = placeOfFirstWord(arguments[...]) else { return arguments }
        let word = arguments[place]
        let command = command(of: [word])
        guard command != nil || named(word) != nil else { return arguments }
        var options = Array(arguments[..<place])
        if let last = options.last, ["-c", "--command"].contains(last) { options.removeLast() }
        let rest = arguments[(place + 1)...]
        let subcommands = command?.configuration.subcommands.map { $0._commandName } ?? []
        guard let next = placeOfFirstWord(rest), subcommands.contains(rest[next]) else {
            return [word] + options + rest
        }
        return [word, rest[next]] + options + rest[..<next] + rest[(next + 1)...]
    }

    /// Where the first argument stands that is neither an option nor an option's value; `nil` where there is none
    /// before `--`.
    private static func placeOfFirstWord(_ arguments: ArraySlice<String>) -> Int? {
        var isValue = false
        for (place, argument) in zip(arguments.indices, arguments) {
            if isValue {
                isValue = false
            } else if argument == "--" {
                return nil
            } else if argument.hasPrefix("-") {
                isValue = !argument.contains("=") && !flags.contains(argument)
            } else {
                return place
            }
        }
        return nil
    }

    /// The command of baton's that the first argument names.
    private static func command(of arguments: some Collection<String>) -> (any ParsableCommand.Type)? {
        Baton.configuration.subcommands.first { $0.configuration.commandName == arguments.first }
    }

    /// Commands that change something have `-i` and `-d` of their own.
    private static func placingServers(_ arguments: [String]) -> [String] {
        guard let command = command(of: arguments), !(command is any OperationCommand.Type),
            !(command is AckCommand.Type)
        else { return arguments }
        let options = arguments.prefix { $0 != "--" }
        let kept = options.filter { !["-i", "--instance", "-d", "-s", "--destination"].contains($0) }
        return kept + arguments.dropFirst(options.count)
    }

    /// The table of `docs/orchestrator-commands.md`, in Markdown.
    static var reference: String {
        var text = """
            # orchestrator's commands

            baton takes orchestrator's command names, also after `-c`, and its `-i` and `-d` (or `-s`) for the servers;
            `-pattern`, `-binlog`, `-reason`, `-duration`, `-owner`, `-alias`, `-promotion-rule` and `-noop` (`--dry-run`) too. Answers are baton's own: `--format json` is for scripts. What changes something asks first; in a script it needs `--yes`,
            and exits with a code of its own where a rule refuses (docs/cli.md). `--dry-run` prints the plan.

            This page is printed by `baton config orchestrator`.

            | orchestrator | baton | |
            |---|---|---|

            """
        for command in all {
            let words = command.isAccepted ? "`\(command.words.joined(separator: " "))`" : "-"
            text += "| `\(command.name)` | \(words) | \(command.note) |\n"
        }
        return text
    }
}
