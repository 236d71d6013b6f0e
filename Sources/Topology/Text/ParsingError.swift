/// Why a text is not what it was taken for.
public struct ParsingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected, with its article: `a GTID set`.
    public let expected: String
    /// The text, made safe for a screen and cut to a length that fits in a message.
    public let text: String
    /// What is wrong with it.
    public let reason: String

    /// Makes an error; ``text`` is what was to be parsed, in whole or in part.
    public init(expected: String, text: String, reason: String) {
        self.expected = expected
        self.text = text.quotable
        self.reason = reason
    }

    public var description: String { "`\(text)` is not \(expected): \(reason)" }
}

extension String {
    /// The text as an error message may quote it: sanitised, and no longer than 80 characters.
    var quotable: String {
        let limit = 80
        let head = String(prefix(limit + 1)).sanitized
        return head.count > limit ? head.prefix(limit) + "…" : head
    }
}
