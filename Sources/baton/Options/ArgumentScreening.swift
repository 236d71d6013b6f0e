import ArgumentParser
import Console
import Discovery
import Settings

/// Looks at the arguments before they are parsed, for mistakes that would show a secret or open the wrong thing.
enum ArgumentScreening {
    /// - Throws: ``CommandFailure`` for a password on the command line (which is not repeated), and for a word that is
    ///   nearly a command's name where a command stands.
    static func check(_ arguments: [String]) throws {
        let options = arguments.prefix { $0 != "--" }
        if options.contains(where: holdsPassword) {
            throw CommandFailure(
                .usage,
                "a password is not taken from the command line, because process lists show it: ask for a prompt with "
                    + "-p alone, or put it in an option file (docs/cli.md)")
        }
        guard let word = arguments.first, let command = misspelt(word) else { return }
        throw noCommand(word, butMaybe: command)
    }

    /// The same for a word with dashes, as commands have them and hosts too: one that nobody knows as a server is taken for
    /// a misspelt command.
    ///
    /// - Throws: ``CommandFailure``.
    static func checkDashed(_ arguments: [String], resolver: any NameResolver = SystemNameResolver()) async throws {
        let commands = FamiliarCommand.knownNames
        guard let word = arguments.first, word.contains("-"), !word.hasPrefix("-"), !commands.contains(word),
            word.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "-") }),
            let command = Suggestion.nearest(to: word, among: commands),
            await !KnownServers.complete("", in: arguments).contains(where: { Self.names($0, word) }),
            await resolver.resolve(word, to: .address) == nil
        else { return }
        throw noCommand(word, butMaybe: command)
    }

    /// Whether a known address or alias is meant by a word.
    private static func names(_ known: String, _ word: String) -> Bool {
        let known = known.lowercased()
        return known == word.lowercased() || known.hasPrefix(word.lowercased() + ":")
    }

    private static func noCommand(_ word: String, butMaybe command: String) -> CommandFailure {
        CommandFailure(
            .usage,
            "there is no command \(word.debugDescription) (did you mean \"\(command)\"?); a server of that name is "
                + "watched with: baton console \(word)")
    }

    /// `--password=X` and `-pX`, as the mysql client takes them.
    private static func holdsPassword(_ argument: String) -> Bool {
        if argument.hasPrefix("--password=") { return true }
        return argument.hasPrefix("-p") && argument != "-p"
    }

    /// The command that was meant where the first word is none, and no likely server either: those have digits, dots,
    /// dashes or a port in their names.
    private static func misspelt(_ word: String) -> String? {
        let commands = Baton.configuration.subcommands.map { $0.configuration.commandName ?? "" } + ["help"]
        guard !commands.contains(word), word.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
        return Suggestion.nearest(to: word, among: commands)
    }
}
