import Diagnosis
import Engine
import Recovery
import TerminalKit
import Topology

extension ConsoleCommand {
    /// Commands about sources that have failed, in the words of the command line; each opens the assistant, where the plan is
    /// seen before anything is done.
    static let recoveryForms: [Form] = [
        page("analyze", "what happened to a source, or why it is not considered to have failed", .failure),
        page("candidates", "who could take over, and what would be lost", .candidates),
        recovery("failover", "promote a replica in place of a primary that is lost"),
        recovery("recover", "do what helps about a source that is lost"),
        plain("readiness", "what would block or harm a recovery of each cluster today", .readiness),
        plain("recoveries", "list recoveries, failures, and why nothing was done", .recoveries),
        plain(
            "replication-password",
            "type the password of the account that servers replicate with, in place of the configured one", .password),
        Form(word: "ack", argument: "RECOVERY --reason TEXT", summary: "take note of a recovery, which ends its block")
        {
            text throws(CommandMistake) in
            let words = try WishWords(try WishWords.split(text), options: [WishWords.Option("--reason", "TEXT")])
            guard words.places.count == 1, let id = Int64(words.places[0]), let reason = words.value("--reason"),
                !reason.trimmedOfBlanks.isEmpty
            else { throw CommandMistake(sentence: "ack takes a recovery's number and --reason TEXT") }
            return .acknowledge(id, reason: reason)
        },
    ]

    private static func page(_ word: String, _ summary: String, _ page: AssistantScreen.Page) -> Form {
        Form(word: word, argument: "[SOURCE]", summary: summary, subject: .server) {
            .assistant(page, source: $0.isEmpty ? nil : $0)
        }
    }

    private static func recovery(_ word: String, _ summary: String) -> Form {
        let options = recoveryOptions.map { "[\($0.usage)]" }.joined(separator: " ")
        return Form(word: word, argument: "[SOURCE] \(options)", summary: summary, subject: .server) {
            text throws(CommandMistake) in
            .recover(try WishWords.split(text))
        }
    }

    static let recoveryOptions = [
        WishWords.Option("--to", "SERVER"), WishWords.Option("--lose-unapplied"), WishWords.Option("--wait-unapplied"),
        WishWords.Option("--leave-lost"), WishWords.Option("--living-primary"), WishWords.Option("--reason", "TEXT"),
    ]
}

extension ConsoleState {
    mutating func openAssistant(
        _ page: AssistantScreen.Page, about name: String?
    ) throws(CommandMistake) -> [ConsoleEffect] {
        guard let name else {
            let effects = openAssistant()
            show(page)
            return effects
        }
        return openAssistant(about: .loss(of: try source(named: name))) { $0.page = page }
    }

    /// With what a command line chose: the plan is on the screen then.
    mutating func openAssistant(typed texts: [String]) throws(CommandMistake) -> [ConsoleEffect] {
        let words = try WishWords(texts, options: ConsoleCommand.recoveryOptions + WishWords.common)
        guard words.places.count < 3 else {
            throw CommandMistake(sentence: "it takes a source, and with --to who is to take over")
        }
        guard let name = words.places.first else { return openAssistant() }
        let source = try source(named: name)
        let target = try (words.value("--to") ?? words.places.dropFirst().first).map { name throws(CommandMistake) in
            try model.server(named: name)
        }
        let usual = model.recoveryPolicy(around: source).failover
        return openAssistant(about: .loss(of: source)) { choice in
            choice.page = .plan
            choice.candidate = target
            // Of what was not said, what the cluster's owner has chosen.
            choice.policy = usual
            if words.flags.contains("--lose-unapplied") { choice.policy.unapplied = .lose }
            if words.flags.contains("--wait-unapplied") { choice.policy.unapplied = .wait }
            if words.flags.contains("--leave-lost") { choice.policy.lostReplicas = .leave }
            if words.flags.contains("--living-primary") { choice.policy.livingSource = .fence }
            choice.reason = words.value("--reason") ?? choice.reason
        }
    }

    /// A server, or the primary of a cluster of that name.
    private func source(named name: String) throws(CommandMistake) -> InstanceAddress {
        if let failure = model.known.alarms.first(where: { $0.clusterName == name }) { return failure.subject }
        if let cluster = model.known.clusters.first(where: { $0.name == name }) { return cluster.primary ?? cluster.id }
        return model.known.fleet.canonical(try model.server(named: name))
    }

    private mutating func show(_ page: AssistantScreen.Page) {
        let action: KeyAction = page == .candidates ? .candidates : .whatHappened
        withScreen { screen, model in if screen is AssistantScreen { _ = screen.perform(action, model) } }
    }
}
