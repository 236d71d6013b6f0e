/// A text that must not be seen: every description of it says `<redacted>`, and it is not `Codable`.
public struct Secret: Sendable, Hashable {
    private let text: String

    /// Takes a secret in; from here on only ``reveal(_:)`` gives it out.
    public init(_ text: String) {
        self.text = text
    }

    /// An empty password is one too: accounts without a password exist.
    public var isEmpty: Bool { text.isEmpty }

    /// The text itself, for the one moment in which it is needed.
    public func reveal<Result, Failure: Error>(_ body: (String) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(text)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<redacted>" }
    public var debugDescription: String { "<redacted>" }
    /// Without children, so that `dump` and string interpolation of an enclosing value show nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
