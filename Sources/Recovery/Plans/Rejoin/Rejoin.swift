import Topology

/// A primary that was given up, is back, and is to replicate from the one that took its place.
public struct Rejoin: Hashable, Sendable, Codable {
    /// The server that is back.
    public var server: InstanceAddress
    /// Whom it is to follow; `nil` for the primary that has its history, where there is one only.
    public var primary: InstanceAddress?
    /// The account that replicates; `nil` for that of a replica which follows the primary.
    public var user: String?

    /// Makes the wish.
    public init(_ server: InstanceAddress, below primary: InstanceAddress? = nil, user: String? = nil) {
        self.server = server
        self.primary = primary
        self.user = user
    }

    /// The command that asks for it.
    public static let verb = "rejoin"
}
