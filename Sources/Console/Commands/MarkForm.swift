import Settings
import Storage
import Topology

/// What was typed about a server's downtime, maintenance or promotion.
public struct MarkWords: Hashable, Sendable {
    /// The server; the one under the cursor where none was named.
    var server: String?
    /// What to say; `nil` to take back what was said.
    var meaning: MarkMeaning?
    var kind: MarkMeaning.Kind
    /// How long it holds; `nil` until somebody ends it.
    var length: Duration?
    var reason: String
}

extension ConsoleCommand {
    /// Commands that say something about a server, in the words of the command line.
    static let marks: [Form] = [
        mark("downtime", "silence a server's problems for a while", .downtime, usually: .seconds(600)) {
            _ throws(CommandMistake) in .downtime(.planned)
        },
        ending("end-downtime", "let a server's problems be told again", .downtime),
        mark("maintenance", "keep operations away from a server", .maintenance, usually: .seconds(600)) {
            _ throws(CommandMistake) in .maintenance
        },
        ending("end-maintenance", "let operations change a server again", .maintenance),
        mark(
            "promotion-rule", "say how much a server is wanted as a primary", .promotionRule, usually: .seconds(3600)
        ) { word throws(CommandMistake) in
            guard let rule = word.flatMap(PromotionRule.init(word:)) else {
                throw CommandMistake(
                    sentence: "promotion-rule takes must, prefer, neutral, prefer-not or must-not at its end")
            }
            return .promotionRule(rule)
        },
        ending("end-promotion-rule", "take back what was said about a server's promotion", .promotionRule),
    ]

    private static let options = [
        WishWords.Option("--for", "TIME"), WishWords.Option("--reason", "TEXT"), WishWords.Option("-i", "SERVER"),
        WishWords.Option("--instance", "SERVER"),
    ]

    private static func mark(
        _ word: String, _ summary: String, _ kind: MarkMeaning.Kind, usually: Duration,
        _ meaning: @escaping @Sendable (String?) throws(CommandMistake) -> MarkMeaning
    ) -> Form {
        let rule = kind == .promotionRule ? " RULE" : ""
        return Form(
            word: word, argument: "[SERVER]\(rule) [--for TIME] [--reason TEXT]", summary: summary, subject: .server
        ) { text throws(CommandMistake) in
            let words = try WishWords(try WishWords.split(text), options: options)
            var places = words.places
            let last = kind == .promotionRule ? places.popLast() : nil
            guard places.count < 2 else { throw CommandMistake(sentence: "\(word) takes one server") }
            return .mark(
                MarkWords(
                    server: places.first, meaning: try meaning(last), kind: kind,
                    length: try length(words.value("--for"), usually), reason: words.value("--reason") ?? ""))
        }
    }

    private static func ending(_ word: String, _ summary: String, _ kind: MarkMeaning.Kind) -> Form {
        Form(word: word, argument: "[SERVER]", summary: summary, subject: .server) { text throws(CommandMistake) in
            let words = try WishWords(try WishWords.split(text), options: options)
            guard words.places.count < 2 else { throw CommandMistake(sentence: "\(word) takes one server") }
            return .mark(MarkWords(server: words.places.first, kind: kind, reason: words.value("--reason") ?? ""))
        }
    }

    private static func length(_ text: String?, _ usually: Duration) throws(CommandMistake) -> Duration? {
        guard let text else { return usually }
        if text == "forever" { return nil }
        guard let length = DurationText.parse(text), length > .zero else {
            throw CommandMistake(sentence: "--for takes a length of time such as 30m, 6h or 7d, or \"forever\"")
        }
        return length
    }
}
