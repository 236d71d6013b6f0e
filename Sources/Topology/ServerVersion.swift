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

    public let flavor: Flavor
    public let major: Int
    public let minor: Int
    public let patch: Int
    /// The text as the server gave it.
    public let text: String

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
