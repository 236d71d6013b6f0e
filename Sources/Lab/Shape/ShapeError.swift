/// Why a text is no shape, and where.
public struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole text.
    public let text: String
    /// The number of characters before the place that is wrong.
    public let offset: Int
    /// What is wrong there and what was expected.
    public let reason: String

    /// The line that is wrong, a caret under the place, and the reason.
    public var description: String {
        var line = ""
        var column = 0
        for (index, character) in text.enumerated() {
            if character.isNewline {
                if index >= offset { break }
                line = ""
                column = 0
                continue
            }
            line.append(character == "\t" ? " " : character)
            if index < offset { column += 1 }
        }
        return "\(line)\n\(String(repeating: " ", count: column))^ \(reason)"
    }
}
