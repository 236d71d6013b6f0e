/// A server's version, compared as numbers, and the family that it belongs to.
public struct ServerVersion: Hashable, Sendable {
    /// Which product answers.
    public enum Flavor: String, Hashable, Sendable, CaseIterable {
        case mysql = "MySQL"
        case percona = "Percona Server"
        case mariadb = "MariaDB"

        /// Whether statements, GTIDs and system variables are MySQL's (Percona Server follows them).
        public var isMySQLFamily: Bool { self != .mariadb }
    }

    /// Which product it is; numbers of different families can't be compared.
    public let flavor: Flavor
    /// The first number, 8 in 8.4.3.
    public let major: Int
    /// The second number, 4 in 8.4.3.
    public let minor: Int
    /// The third number, 3 in 8.4.3.
    public let patch: Int
    /// The text as the server gave it.
    public let text: String

    /// Makes a version from its numbers; see ``init(parsing:comment:)`` for what a server says.
    public init(flavor: Flavor, major: Int, minor: Int, patch: Int, text: String? = nil) {
        self.flavor = flavor
        self.major = major
        self.minor = minor
        self.patch = patch
        self.text = text ?? "\(major).\(minor).\(patch)"
    }

    /// Whether this release is the given one or later *within its family's numbering*; flavours are not compared.
    public func isAtLeast(_ major: Int, _ minor: Int, _ patch: Int = 0) -> Bool {
        (self.major, self.minor, self.patch) >= (major, minor, patch)
    }
}

extension ServerVersion {
    /// Reads what a server says of itself.
    ///
    /// MariaDB names itself in the text, and until 10.x put `5.5.5-` before it so that old replicas accept it; Percona
    /// Server names itself only in the comment. A text without numbers gives 0.0.0, older than every release, so
    /// that no capability is assumed.
    ///
    /// - Parameters:
    ///   - text: `@@version`.
    ///   - comment: `@@version_comment`.
    public init(parsing text: String, comment: String = "") {
        let text = text.sanitized
        let lowerText = text.lowercased()
        let lowerComment = comment.lowercased()
        let isMariaDB = lowerText.contains("mariadb") || lowerComment.contains("mariadb")
        let hackPrefix = "5.5.5-"
        let hasHackPrefix =
            isMariaDB && text.hasPrefix(hackPrefix) && text.dropFirst(hackPrefix.count).first?.isNumber == true
        let numbers = Self.leadingNumbers(hasHackPrefix ? text.dropFirst(hackPrefix.count) : text[...])
        let flavor: Flavor =
            isMariaDB
            ? .mariadb : lowerText.contains("percona") || lowerComment.contains("percona") ? .percona : .mysql
        self.init(flavor: flavor, major: numbers[0], minor: numbers[1], patch: numbers[2], text: text)
    }

    /// Whether this release is older than `other`; `nil` between MariaDB and the MySQL family, whose numbers have
    /// had nothing to do with each other since MariaDB 10.0.
    public func isOlder(than other: ServerVersion) -> Bool? {
        guard flavor.isMySQLFamily == other.flavor.isMySQLFamily else { return nil }
        return (major, minor, patch) < (other.major, other.minor, other.patch)
    }

    /// The first three numbers, 0 for those that are missing; a number of more than nine digits counts as 0.
    private static func leadingNumbers(_ text: Substring) -> [Int] {
        var numbers: [Int] = []
        var rest = text
        while numbers.count < 3 {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty else { break }
            numbers.append(digits.utf8.count <= 9 ? Int(digits) ?? 0 : 0)
            rest = rest.dropFirst(digits.count)
            guard rest.first == "." else { break }
            rest = rest.dropFirst()
        }
        return numbers + Array(repeating: 0, count: 3 - numbers.count)
    }
}

extension ServerVersion: CustomStringConvertible {
    /// The flavour and the numbers: `MariaDB 10.11.6`.
    public var description: String { "\(flavor.rawValue) \(major).\(minor).\(patch)" }
}
