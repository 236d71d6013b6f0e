import Topology

/// One replica that was picked up: what is the same for every target that it is held over.
final class Drag: Sendable {
    /// Where transactions of one origin that the replica has may still arrive.
    struct Origin: Sendable {
        /// By place, `nil` where no server of the fleet numbers under that name.
        let reach: [Bool]?
    }

    let scene: RuleScene
    let replica: RuleSide
    /// The channel that is to be moved; `nil` where the replica has none, or several and none was named.
    let channel: ReplicationChannel?
    /// The name that was given and that no channel has.
    let unknownChannel: String?
    /// The servers that move along, the replica among them.
    let moving: Set<InstanceAddress>
    let context: RuleContext
    /// Whom the channel follows now.
    let source: RuleSide?
    /// Whom its other channels follow, or followed before they were detached.
    let otherSources: [RuleSide]
    /// By place, whether it is fed by the replica; true of the replica itself.
    let isBelow: [Bool]
    /// The replica's transactions of which its present source knows nothing.
    let errant: ErrantTransactions
    /// The origins of the replica's transactions (MySQL).
    let origins: [ServerUUID: Origin]
    /// Whether the channel will find its place in the target's log by GTID.
    let usesGTID: Bool
    /// Where transactions of servers, by `server_id`, that the replica has may still arrive (MariaDB).
    let serverOrigins: [UInt32: Origin]
    /// What the source's semi-synchronous replication loses; `nil` where nothing.
    let semiSyncLoss: SemiSyncLoss?
    /// The source of which the replica is the only good candidate for a promotion.
    let onlyCandidateOf: InstanceAddress?
    /// The names under which the replica's source chain is known, itself among them.
    let sourceChain: Set<InstanceAddress>

    init(
        _ scene: RuleScene, of address: InstanceAddress, channel name: String?, moving: Set<InstanceAddress>,
        context: RuleContext
    ) {
        let board = scene.board
        let replica = scene.side(of: address)
        let channels = replica.channels
        let onlyChannel = channels.count == 1 ? channels[0] : nil
        let channel = name == nil ? onlyChannel : channels.first { $0.name == name }
        self.scene = scene
        self.replica = replica
        self.channel = channel
        unknownChannel = name.flatMap { channel == nil ? $0 : nil }
        self.moving = Set(moving.map(scene.fleet.canonical)).union([replica.address])
        self.context = context
        let source = channel.flatMap { scene.fleet.source(of: $0) }.map(scene.side(of:))
        self.source = source
        otherSources = replica.sources(besides: channel).map(scene.side(of:))
        isBelow = replica.index.map { board.below([$0]) } ?? []
        errant = errantTransactions(of: replica.address, in: scene.fleet)
        let isCapable = replica.isMySQLFamily ? replica.gtidMode == .on : replica.mariadb != nil
        let usesGTID = channel?.positioning.isGTID ?? (context != .move && isCapable)
        self.usesGTID = usesGTID
        origins = usesGTID ? Self.origins(of: replica, in: scene, context) : [:]
        serverOrigins = usesGTID ? Self.serverOrigins(of: replica, in: scene, context) : [:]
        semiSyncLoss = source.flatMap { SemiSyncLoss(of: replica, leaving: $0) }
        onlyCandidateOf = source.flatMap { replica.isOnlyCandidate(under: $0, in: scene) ? $0.address : nil }
        sourceChain = Set(scene.forest.sourceChain(of: replica.address)).union([replica.address])
    }

    private static func origins(
        of replica: RuleSide, in scene: RuleScene, _ context: RuleContext
    ) -> [ServerUUID: Origin] {
        let uuids = Set((replica.executed?.parts ?? []).map(\.origin.uuid))
        guard !uuids.isEmpty else { return [:] }
        var places: [ServerUUID: [Int]] = [:]
        for (place, side) in scene.board.sides.enumerated() {
            if let uuid = side.serverUUID, uuids.contains(uuid) { places[uuid, default: []].append(place) }
        }
        return Dictionary(
            uniqueKeysWithValues: uuids.map { uuid in
                let owners = places[uuid] ?? scene.board.cohorts[uuid.description] ?? []
                return (uuid, Origin(of: owners, in: scene, context))
            })
    }

    /// `server_id`s are only unique within a cluster.
    private static func serverOrigins(
        of replica: RuleSide, in scene: RuleScene, _ context: RuleContext
    ) -> [UInt32: Origin] {
        guard let state = replica.mariadb else { return [:] }
        let gtids = state.binlogState.gtids + state.replicaPosition.gtids + state.currentPosition.gtids
        var owners: [UInt32: [Int]] = Dictionary(gtids.map { ($0.server, []) }) { first, _ in first }
        for (place, side) in scene.board.sides.enumerated() where side.cluster == replica.cluster && side.facts != nil {
            owners[side.serverID]?.append(place)
        }
        return owners.mapValues { Origin(of: $0, in: scene, context) }
    }

    /// Whether transactions of that origin that the target lacks may still arrive there by themselves.
    func mayReceive(_ uuid: ServerUUID, at target: RuleSide) -> Bool { mayReceive(origins[uuid], at: target) }

    /// The same for MariaDB, where transactions are numbered by `server_id`.
    func mayReceive(serverID: UInt32, at target: RuleSide) -> Bool { mayReceive(serverOrigins[serverID], at: target) }

    /// Whether the present source has not logged that transaction either, and will not (MariaDB).
    func isUnknownToSource(_ gtid: MariaDBGTID) -> Bool {
        guard let source, let state = source.mariadb else { return false }
        return !state.binlogState.covers(gtid) && !mayReceive(serverID: gtid.server, at: source)
    }

    private func mayReceive(_ origin: Origin?, at target: RuleSide) -> Bool {
        guard let place = target.index, let origin else { return false }
        return origin.reach?[place] ?? (context != .recovery && scene.board.isOpenAbove[place])
    }
}

extension Drag.Origin {
    /// What the owners of a name number reaches all that are fed by them; what a dead server has not sent does not
    /// arrive any more.
    init(of owners: [Int], in scene: RuleScene, _ context: RuleContext) {
        let givers = context == .recovery ? owners.filter { scene.board.sides[$0].isReachable } : owners
        reach = owners.isEmpty ? nil : scene.board.below(givers)
    }
}

extension RuleScene {
    /// The server of that name; one without facts where nobody has spoken of it.
    func side(of name: InstanceAddress) -> RuleSide {
        let address = fleet.canonical(name)
        if let index = forest.index(of: address) { return board.sides[index] }
        return RuleSide(address, fleet[address], index: nil, cluster: nil)
    }
}

/// A source that would wait for acknowledgements that no replica is left to give.
struct SemiSyncLoss: Sendable {
    let source: InstanceAddress
    let needed: Int
    let left: Int

    init?(of replica: RuleSide, leaving source: RuleSide) {
        guard let side = source.facts?.semiSync.source, side.isEnabled, side.waitForReplicas > 0,
            let own = replica.facts?.semiSync.replica, own.isEnabled, side.clients - 1 < side.waitForReplicas
        else { return nil }
        self.source = source.address
        needed = side.waitForReplicas
        left = max(0, side.clients - 1)
    }
}

extension RuleSide {
    /// Whom its channels follow besides one of them; with no channel named, nobody.
    fileprivate func sources(besides channel: ReplicationChannel?) -> [InstanceAddress] {
        guard let channel, let all = facts?.channels, all.count > 1 else { return [] }
        return all.filter { $0.name != channel.name && !$0.isInternalToGroup }.compactMap {
            $0.source ?? $0.detachedFrom
        }
    }

    /// Whether it could take its source's place: it is read, logs what it receives, and leaves nothing out.
    private var isCandidate: Bool {
        isReachable && binaryLog?.logsReplicaUpdates == true && !isProxy
            && channels.allSatisfy { $0.filters.isEmpty && $0.delay == .zero && $0.isReplicating }
    }

    /// Whether it is the only good candidate among the replicas of a cluster's primary.
    fileprivate func isOnlyCandidate(under source: RuleSide, in scene: RuleScene) -> Bool {
        guard let place = source.index, let cluster = source.cluster,
            scene.forest.clusters[cluster].primary == source.address, isCandidate
        else { return false }
        return !scene.board.replicas[place].contains { other in
            other != index && scene.board.sides[other].isCandidate
        }
    }
}
