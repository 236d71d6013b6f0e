import Topology

/// A replica, and which of its channels is meant.
public struct ReplicaChannel: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The replica.
    public var instance: InstanceAddress
    /// The channel's name, empty for the default one; `nil` for the only one that it has.
    public var channel: String?

    /// Names a replica, and a channel where it has several.
    public init(_ instance: InstanceAddress, channel: String? = nil) {
        self.instance = instance
        self.channel = channel
    }

    public var description: String {
        guard let channel, !channel.isEmpty else { return "\(instance)" }
        return "\(instance) channel \(channel)"
    }
}

/// What an operator wants of the tree: who is to follow whom. ``MovePlanner`` makes a plan of it, or says why there is none.
public enum Move: Hashable, Sendable, Codable {
    /// One replica below any other server; its own replicas go on following it.
    case relocate(ReplicaChannel, below: InstanceAddress)
    /// As ``relocate(_:below:)``, said of the replica with everything below it.
    case relocateSubtree(ReplicaChannel, below: InstanceAddress)
    /// Direct replicas of a server below another: all of them, or those of the list.
    case relocateReplicas(of: InstanceAddress, only: Set<InstanceAddress>?, below: InstanceAddress)
    /// A replica below its source's source.
    case moveUp(ReplicaChannel)
    /// Direct replicas of a server below that server's source: all of them, or those of the list.
    case moveUpReplicas(of: InstanceAddress, only: Set<InstanceAddress>?)
    /// A replica below another replica of its source.
    case moveBelow(ReplicaChannel, sibling: InstanceAddress)
    /// A replica at its own place in the log of a server: of its present source again where none is named.
    case repoint(ReplicaChannel, to: InstanceAddress?)
    /// Direct replicas of a server at their own place in its log again: all of them, or those of the list.
    case repointReplicas(of: InstanceAddress, only: Set<InstanceAddress>?)
    /// A replica takes its source's place, and the source follows it.
    case takeSource(ReplicaChannel)
    /// The other replicas of a replica's source go below it.
    case takeSiblings(ReplicaChannel)
    /// A replica's source, itself nobody's replica, is to follow the replica.
    case makeCoPrimary(ReplicaChannel)
    /// A co-primary ceases to follow its partner, which goes on following it.
    case endCoPrimary(ReplicaChannel)
    /// The best of a server's replicas is chosen, and the others go below it.
    case regroup(of: InstanceAddress)
    /// A replica's source is made a name that cannot be reached, and from which it can be had back.
    case detach(ReplicaChannel)
    /// Takes ``detach(_:)`` back, also where another tool that knows the mark did it.
    case reattach(ReplicaChannel)
    /// The channel finds its place by GTID from now on.
    case enableGTID(ReplicaChannel)
    /// The channel finds its place by file and position from now on.
    case disableGTID(ReplicaChannel)
}

extension Move {
    /// The command that asks for it.
    public var verb: String {
        switch self {
        case .relocate: "relocate"
        case .relocateSubtree: "relocate-subtree"
        case .relocateReplicas: "relocate-replicas"
        case .moveUp: "move-up"
        case .moveUpReplicas: "move-up-replicas"
        case .moveBelow: "move-below"
        case .repoint: "repoint"
        case .repointReplicas: "repoint-replicas"
        case .takeSource: "take-source"
        case .takeSiblings: "take-siblings"
        case .makeCoPrimary: "make-co-primary"
        case .endCoPrimary: "end-co-primary"
        case .regroup: "regroup-replicas"
        case .detach: "detach-replica"
        case .reattach: "reattach-replica"
        case .enableGTID: "enable-gtid"
        case .disableGTID: "disable-gtid"
        }
    }
}
