import Topology

/// That automatic recovery is off, for all clusters or one.
public struct RecoverySwitch: Hashable, Sendable, Identifiable {
    /// Given by the store; ascending.
    public var id: Int64
    /// The cluster for which it is off; `nil` for all.
    public var cluster: ClusterName?
    /// Since when.
    public var since: Timestamp
    /// Who switched it off.
    public var owner: String
    /// Why, in the owner's words.
    public var reason: String

    /// Makes a switch; the store gives it its id.
    public init(id: Int64 = 0, cluster: ClusterName?, since: Timestamp, owner: String, reason: String) {
        self.id = id
        self.cluster = cluster
        self.since = since
        self.owner = owner
        self.reason = reason
    }
}
