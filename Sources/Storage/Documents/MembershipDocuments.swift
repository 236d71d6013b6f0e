import Topology

// Semi-synchronous replication, group replication, Galera and proxies.

extension SemiSync: DocumentObject {
    static var blank: SemiSync { SemiSync() }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("source", &source)
        try mapper.field("replica", &replica)
    }
}

extension SemiSync.SourceSide: DocumentObject {
    /// Switched on and acknowledged by one replica, with MySQL's and MariaDB's default timeout of ten seconds.
    static var blank: SemiSync.SourceSide {
        SemiSync.SourceSide(isEnabled: true, isActive: true, timeout: .seconds(10), clients: 1)
    }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("enabled", &isEnabled, default: true)
        try mapper.field("active", &isActive, default: isEnabled)
        try mapper.field("timeout", &timeout, default: .seconds(10))
        try mapper.field("waitForReplicas", &waitForReplicas, default: 1)
        try mapper.field("clients", &clients, default: 1)
        try mapper.field("waitPoint", &waitPoint)
        try mapper.field("waitsWithoutReplicas", &waitsWithoutReplicas, default: true)
    }
}

extension SemiSync.ReplicaSide: DocumentObject {
    static var blank: SemiSync.ReplicaSide { SemiSync.ReplicaSide(isEnabled: true, isActive: true) }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("enabled", &isEnabled, default: true)
        try mapper.field("active", &isActive, default: isEnabled)
    }
}

extension GroupReplicationMembership: DocumentObject {
    static var blank: GroupReplicationMembership {
        GroupReplicationMembership(groupName: "", isSinglePrimary: true, members: [], own: nil)
    }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("groupName", &groupName)
        try mapper.field("singlePrimary", &isSinglePrimary, default: true)
        try mapper.list("members", &members)
        try mapper.field("own", &own)
    }
}

extension GroupReplicationMembership.Member: DocumentObject {
    static var blank: GroupReplicationMembership.Member {
        GroupReplicationMembership.Member(
            uuid: ServerUUID(high: 0, low: 0), address: InstanceAddress(host: ""), state: "ONLINE", isPrimary: false)
    }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("uuid", &uuid)
        try mapper.required("address", &address)
        try mapper.field("state", &state, default: "ONLINE")
        try mapper.field("primary", &isPrimary, default: false)
    }
}

extension GaleraMembership: DocumentObject {
    static var blank: GaleraMembership {
        GaleraMembership(
            clusterID: "", clusterName: "", state: "Synced", isInPrimaryComponent: true, size: 0, members: [])
    }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("clusterId", &clusterID)
        try mapper.field("clusterName", &clusterName, default: "")
        try mapper.field("state", &state, default: "Synced")
        try mapper.field("primaryComponent", &isInPrimaryComponent, default: true)
        try mapper.list("members", &members)
        try mapper.field("size", &size, default: members.count)
    }
}

extension ProxySighting: DocumentObject {
    static var blank: ProxySighting { .named("") }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        var name: String?
        var identities: [String] = []
        switch self {
        case .named(let product): name = product
        case .changingIdentity(let first, let second): identities = [first, second]
        }
        try mapper.field("name", &name)
        try mapper.list("changingIdentity", &identities)
        if let name, identities.isEmpty {
            self = .named(name)
        } else if name == nil, identities.count == 2 {
            self = .changingIdentity(identities[0], identities[1])
        } else if mapper.isReading {
            throw mapper.issue(
                .contradiction,
                "a proxy has either a \"name\", or the two identities that were seen in \"changingIdentity\"")
        }
    }
}
