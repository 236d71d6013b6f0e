extension InstanceAddress {
    /// Why a text is not the address of an instance.
    public struct ParsingError: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong.
        public enum Reason: Hashable, Sendable {
            case emptyHost
            /// Two dots in a row, or a dot at the start.
            case emptyLabel
            /// Longer than the 255 characters that servers keep for a host (`replication_connection_configuration.HOST`).
            case hostTooLong
            /// A character that no host name or IP address has, such as a space, a comma or a control character.
            case badCharacter(Unicode.Scalar)
            /// The port is empty, not a number, 0, or above 65535.
            case badPort(String)
            /// More than one colon, but no IPv6 address; or brackets around something else.
            case badIPv6
            /// `//host`: orchestrator's mark on a replica that it detached from its source.
            case detached
        }

        /// The text, made safe for a screen and cut to a length that fits in a message.
        public let text: String
        /// What stands in the way of taking it for an address.
        public let reason: Reason

        init(text: String, reason: Reason) {
            self.text = text.quotable
            self.reason = reason
        }

        public var description: String { "`\(text)` is not the address of an instance: \(reason.sentence)" }
    }

    /// Reads `host`, `host:port`, `[IPv6]:port`, `[IPv6]` or a bare IPv6 address.
    ///
    /// Surrounding spaces are left out, and so is the dot at the end of an absolute DNS name.
    ///
    /// - Parameter defaultPort: the port where the text names none.
    /// - Throws: ``ParsingError`` with the reason.
    public init(parsing text: String, defaultPort: UInt16 = InstanceAddress.defaultPort) throws(ParsingError) {
        let trimmed = text.trimmingASCIISpaces
        do throws(ParsingFailure) {
            let (host, port) = try Self.split(trimmed)
            self.init(host: host, port: try port.map(Self.parsePort) ?? defaultPort)
        } catch {
            throw ParsingError(text: text, reason: error.reason)
        }
    }

    /// A reason on its way to the initialiser that knows the whole text.
    private struct ParsingFailure: Error {
        let reason: ParsingError.Reason
    }

    private static func split(_ text: Substring) throws(ParsingFailure) -> (host: String, port: Substring?) {
        if text.hasPrefix("//") { throw ParsingFailure(reason: .detached) }
        if text.isEmpty { throw ParsingFailure(reason: .emptyHost) }
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]"), let address = IPv6Address(text[..<close].dropFirst()) else {
                throw ParsingFailure(reason: .badIPv6)
            }
            let rest = text[text.index(after: close)...]
            if rest.isEmpty { return (address.description, nil) }
            guard rest.hasPrefix(":") else { throw ParsingFailure(reason: .badIPv6) }
            return (address.description, rest.dropFirst())
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 2 {
            guard let address = IPv6Address(text) else { throw ParsingFailure(reason: .badIPv6) }
            return (address.description, nil)
        }
        return (try hostName(parts[0]), parts.count == 2 ? parts[1] : nil)
    }

    private static func hostName(_ text: Substring) throws(ParsingFailure) -> String {
        let name = text.hasSuffix(".") ? text.dropLast() : text
        guard !name.isEmpty else { throw ParsingFailure(reason: .emptyHost) }
        guard !name.hasPrefix("."), !name.hasSuffix("."), !name.hasEmptyLabel else {
            throw ParsingFailure(reason: .emptyLabel)
        }
        guard name.utf8.count <= 255 else { throw ParsingFailure(reason: .hostTooLong) }
        for scalar in name.unicodeScalars where !isHostCharacter(scalar) {
            throw ParsingFailure(reason: .badCharacter(scalar))
        }
        return String(name)
    }

    /// Letters and digits of any script (internationalised names are kept as written), `-`, `.`, and `_`, which hosts
    /// must not have but do.
    private static func isHostCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_": true
        default: scalar.value >= 0x80 && isLetterOrDigit(scalar.properties)
        }
    }

    private static func isLetterOrDigit(_ properties: Unicode.Scalar.Properties) -> Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .modifierLetter, .otherLetter, .titlecaseLetter: true
        case .decimalNumber, .nonspacingMark, .spacingMark: !properties.isDefaultIgnorableCodePoint
        default: false
        }
    }

    private static func parsePort(_ text: Substring) throws(ParsingFailure) -> UInt16 {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isASCIIDigit), let port = UInt16(text), port > 0 else {
            throw ParsingFailure(reason: .badPort(String(text).quotable))
        }
        return port
    }
}

extension InstanceAddress.ParsingError.Reason {
    /// The reason in words.
    public var sentence: String {
        switch self {
        case .emptyHost: "the host is empty"
        case .emptyLabel: "the host has a dot with nothing before it"
        case .hostTooLong: "the host is longer than 255 characters"
        case .badCharacter(let scalar):
            "a host cannot contain the character U+\(String(scalar.value, radix: 16, uppercase: true))"
        case .badPort(let text):
            text.isEmpty ? "the port is empty" : "the port `\(text)` is not a number from 1 to 65535"
        case .badIPv6: "it has several colons or brackets, but is not an IPv6 address"
        case .detached: "`//` marks a replica that was detached from its source"
        }
    }
}

extension Substring {
    /// Two dots in a row; byte by byte, because searching for a text costs more than all else that is checked here.
    fileprivate var hasEmptyLabel: Bool {
        let dot = UInt8(ascii: ".")
        return zip(utf8, utf8.dropFirst()).contains { $0 == dot && $1 == dot }
    }
}

extension String {
    fileprivate var trimmingASCIISpaces: Substring {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
