/// The facts of one server on which trees, clusters and their primaries depend.
///
/// Held by reference beside the instance: sorting and walking 10,000 servers then moves words, not whole instances.
final class StructuralFacts: Equatable, Sendable {
    struct Source: Equatable {
        let channel: String
        let address: InstanceAddress
        /// Whether group replication uses the channel for itself.
        let isInternalToGroup: Bool
    }

    /// The channels that have a source, in the server's order.
    let sources: [Source]
    /// Replicas by the name that they told this server.
    let reportedReplicas: [InstanceAddress]
    /// Whether it was ever read.
    let isKnown: Bool
    let writability: Writability?
    let serverID: UInt32?
    let serverUUID: ServerUUID?
    let group: GroupReplicationMembership?
    let galera: GaleraMembership?
    let clusterAlias: String?
    let isReachable: Bool

    init(_ instance: Instance) {
        let facts = instance.facts
        sources = instance.channels.compactMap { channel in
            channel.source.map {
                Source(channel: channel.name, address: $0, isInternalToGroup: channel.isInternalToGroup)
            }
        }
        reportedReplicas = facts?.reportedReplicas ?? []
        isKnown = facts != nil
        writability = facts?.writability
        serverID = facts?.identity.serverID
        serverUUID = facts?.identity.serverUUID
        group = facts?.groupReplication
        galera = facts?.galera
        clusterAlias = facts?.attributes.clusterAlias
        isReachable = instance.contact.isReachable
    }

    static func == (left: StructuralFacts, right: StructuralFacts) -> Bool {
        left.sources == right.sources && left.reportedReplicas == right.reportedReplicas
            && left.isKnown == right.isKnown && left.writability == right.writability && left.serverID == right.serverID
            && left.serverUUID == right.serverUUID && left.group == right.group && left.galera == right.galera
            && left.clusterAlias == right.clusterAlias && left.isReachable == right.isReachable
    }
}
