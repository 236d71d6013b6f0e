/// A JSON value whose objects keep the order of their members, so that what baton prints is stable.
///
/// A value that was parsed knows where it stood, so that a refusal can name the line; equality ignores that.
public struct JSON: Sendable {
    /// What kind of value it is.
    public enum Content: Sendable, Equatable {
        case null
        case bool(Bool)
        /// A number as it is written, because a binary floating-point number would lose digits of times and counts.
        case number(String)
        case string(String)
        case array([JSON])
        case object([Member])
    }

    /// One key of an object, with its value.
    public struct Member: Sendable, Equatable {
        /// The key, unescaped.
        public let key: String
        /// What stands under the key.
        public var value: JSON
        /// Where the key stands in the parsed text, in bytes from its start.
        let keyOffset: Int

        /// Makes a member that was not parsed from a text.
        public init(_ key: String, _ value: JSON) {
            self.init(key, value, keyOffset: 0)
        }

        init(_ key: String, _ value: JSON, keyOffset: Int) {
            self.key = key
            self.value = value
            self.keyOffset = keyOffset
        }

        public static func == (left: Member, right: Member) -> Bool {
            left.key == right.key && left.value == right.value
        }
    }

    /// The value itself.
    public var content: Content
    /// Where the value stands in the parsed text, in bytes from its start.
    let offset: Int

    /// Makes a value that was not parsed from a text.
    public init(_ content: Content) {
        self.init(content, offset: 0)
    }

    init(_ content: Content, offset: Int) {
        self.content = content
        self.offset = offset
    }

    /// The value of that key, where this is an object that has it.
    public subscript(key: String) -> JSON? {
        guard case .object(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// What the value is, in words for a message.
    var kindInWords: String {
        switch content {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension JSON: Equatable {
    public static func == (left: JSON, right: JSON) -> Bool {
        left.content == right.content
    }
}

extension JSON {
    /// A text, for places where the literal does not do.
    public static func string(_ text: String) -> JSON { JSON(.string(text)) }
    /// A truth value, for places where the literal does not do.
    public static func bool(_ value: Bool) -> JSON { JSON(.bool(value)) }
    /// A whole number in all its digits.
    public static func number(_ value: some BinaryInteger) -> JSON { JSON(.number(String(value))) }
    /// A list, for places where the literal does not do.
    public static func array(_ elements: [JSON]) -> JSON { JSON(.array(elements)) }
    /// An object whose members keep this order.
    public static func object(_ members: [Member]) -> JSON { JSON(.object(members)) }
    /// The value that says that there is none.
    public static var null: JSON { JSON(.null) }

    /// A time in seconds, exact to the last digit.
    public static func seconds(_ duration: Duration) -> JSON { duration.written() }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self.init(.string(value)) }
    public init(booleanLiteral value: Bool) { self.init(.bool(value)) }
    public init(integerLiteral value: Int) { self.init(.number(String(value))) }
    public init(arrayLiteral elements: JSON...) { self.init(.array(elements)) }
    /// Keeps the order in which the members are written.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(.object(elements.map { Member($0.0, $0.1) }))
    }
}
