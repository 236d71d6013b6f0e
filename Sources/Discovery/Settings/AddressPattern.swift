import Synchronization
import Topology

/// A regular expression that is searched in `host:port`.
public struct AddressPattern: Sendable, Hashable, CustomStringConvertible {
    /// The expression as it was configured.
    public let text: String
    private let compiled: Compiled

    /// Compiles the expression.
    ///
    /// - Throws: ``AddressPatternError`` where it is not a regular expression.
    public init(_ text: String) throws(AddressPatternError) {
        self.text = text
        do {
            compiled = try Compiled(text)
        } catch {
            throw AddressPatternError(text: text, reason: "\(error)")
        }
    }

    /// Whether the expression is found anywhere in the address.
    public func isFound(in address: InstanceAddress) -> Bool {
        compiled.regex.withLock { (try? $0.firstMatch(in: address.description)) != nil }
    }

    /// What the first capture group holds, `nil` where the expression is not found, has no group, or holds nothing.
    public func firstCapture(in address: InstanceAddress) -> String? {
        compiled.regex.withLock { regex in
            guard let match = try? regex.firstMatch(in: address.description), match.output.count > 1,
                let capture = match.output[1].substring, !capture.isEmpty
            else { return nil }
            return String(capture)
        }
    }

    public var description: String { text }

    public static func == (left: Self, right: Self) -> Bool { left.text == right.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// `Regex` is not `Sendable`, so it stays behind a lock; matching an address takes microseconds.
    private final class Compiled: Sendable {
        let regex: Mutex<Regex<AnyRegexOutput>>

        init(_ text: String) throws {
            regex = Mutex(try Regex(text))
        }
    }
}

/// A pattern, of the configuration or of a command line, that is not a regular expression.
public struct AddressPatternError: Error, Hashable, CustomStringConvertible {
    /// The pattern as it is written.
    public let text: String
    /// What the regular expression parser has against it.
    public let reason: String

    public var description: String {
        "the pattern \"\(text)\" is not a regular expression (\(reason))"
    }
}
