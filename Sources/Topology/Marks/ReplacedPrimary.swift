/// A primary whose place another server took in a recovery, for as long as it counts as lost in that.
public struct ReplacedPrimary: Hashable, Sendable {
    /// The recovery's number in the store.
    public var recovery: Int64
    /// Who took its place.
    public var successor: InstanceAddress
    /// What it was; `nil` where it was never read.
    public var identity: LastingIdentity?

    /// Notes a replacement.
    public init(recovery: Int64, successor: InstanceAddress, identity: LastingIdentity?) {
        self.recovery = recovery
        self.successor = successor
        self.identity = identity
    }

    /// Who took its place when, for the end of a sentence about it.
    public var words: String { "\(successor) took its place in recovery \(recovery)" }

    /// Whether a server that answers at its address is it; where nothing is known of it, whoever is there may be.
    public func isSame(_ identity: ServerIdentity) -> Bool { self.identity.map { $0 == identity.lasting } ?? true }

    /// The primary of the cluster that goes on without the one that stood at an address: its successor may have been followed
    /// by others since. `nil` where nothing is known of that cluster, and where it is the one at that address again.
    public func heir(of address: InstanceAddress, in forest: Forest) -> InstanceAddress? {
        guard let cluster = forest.cluster(of: successor) else { return nil }
        // Of two writable ones at the top, as where somebody follows both, it is the one that took the place.
        let primary = cluster.primary ?? successor
        return primary == address ? nil : primary
    }

    /// Whether what is written on a server never comes to the cluster that goes on without it, to which it still belongs: it
    /// follows nobody, or others of that cluster, and the primary of that does not follow it.
    public func isApart(_ instance: Instance, in fleet: Fleet, _ forest: Forest) -> Bool {
        let address = instance.address
        guard let heir = heir(of: address, in: forest), !fleet.replicas(of: address).contains(heir) else {
            return false
        }
        let follows = instance.channels.contains { fleet.source(of: $0) != nil }
        return !follows || forest.cluster(of: address)?.id == forest.cluster(of: heir)?.id
    }
}

/// What stays with a server over its restarts, and tells it from another one that is put at its address.
public enum LastingIdentity: Hashable, Sendable {
    case uuid(ServerUUID)
    /// Where there is no UUID, as on MariaDB.
    case serverID(UInt32)
}

extension LastingIdentity: CustomStringConvertible {
    /// `server_uuid …`, `server_id …`; as it is stored.
    public var description: String {
        switch self {
        case .uuid(let uuid): "\(Self.uuidWord) \(uuid)"
        case .serverID(let id): "\(Self.idWord) \(id)"
        }
    }

    /// Reads what ``description`` has written; `nil` where it is something else.
    public init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2 else { return nil }
        switch words[0] {
        case Self.uuidWord:
            guard let uuid = ServerUUID(words[1]) else { return nil }
            self = .uuid(uuid)
        case Self.idWord:
            guard let id = UInt32(words[1]) else { return nil }
            self = .serverID(id)
        default: return nil
        }
    }

    private static let uuidWord = "server_uuid"
    private static let idWord = "server_id"
}

extension ServerIdentity {
    /// What of it outlives a restart.
    public var lasting: LastingIdentity { serverUUID.map { .uuid($0) } ?? .serverID(serverID) }
}
