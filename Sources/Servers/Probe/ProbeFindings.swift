import Topology

/// What the answers of one connection said last, decoded one statement at a time: an answer that is the same as before
/// is not decoded again.
struct ProbeFindings {
    private(set) var variables = VariableFacts()
    private(set) var channels: [ReplicationChannel] = []
    /// What stopped an applier's workers, by channel.
    private(set) var workerErrors: [String: ReplicationError] = [:]
    private(set) var heartbeats: [String: ChannelHeartbeat] = [:]
    private(set) var binaryLogEnd: BinlogPosition?
    private(set) var replicaList = ReplicaList()
    private(set) var dumpThreadHosts: [String] = []
    private(set) var semiSyncStatus: [String: String] = [:]
    /// `nil` where it was not read, or where the server does not tell.
    private(set) var lostAtRestart: [SettingLostAtRestart]?
    private(set) var groupRows: ResultSet?
    private(set) var galeraStatus: [String: String] = [:]
    private(set) var lag: LagReading?
    private(set) var attributes = ReportedAttributes()

    private var variableDecoder = VariableDecoder()
    private var replicaStatusDecoder = ReplicaStatusDecoder()

    /// Takes in one answer.
    ///
    /// - Parameter server: who answers: the host that was asked, and the port that the server calls its own.
    /// - Returns: whether it says anything new.
    mutating func read(
        _ result: ResultSet, for purpose: QueryPurpose, of server: InstanceAddress, session: SessionProfile,
        options: ProbeOptions
    ) -> Bool {
        switch purpose {
        case .identity, .session, .uptime: return false
        case .variables: return replace(\.variables, with: variableDecoder.facts(in: result))
        case .replicaStatus:
            return replace(\.channels, with: replicaStatusDecoder.channels(in: result, zone: session.zone))
        case .workerErrors: return replace(\.workerErrors, with: WorkerErrors.byChannel(result))
        case .heartbeats: return replace(\.heartbeats, with: ChannelHeartbeat.byChannel(result))
        case .binaryLogStatus: return replace(\.binaryLogEnd, with: Self.end(in: result))
        case .replicaList: return replace(\.replicaList, with: ReplicaList(result, source: server))
        case .processList: return replace(\.dumpThreadHosts, with: ReplicaList.dumpThreadHosts(result, source: server))
        case .semiSyncStatus: return replace(\.semiSyncStatus, with: result.namedValues)
        case .valueOrigins: return replace(\.lostAtRestart, with: RestartLosses.settings(in: result))
        case .groupMembers: return replace(\.groupRows, with: result)
        case .galeraStatus: return replace(\.galeraStatus, with: result.namedValues)
        case .heartbeatTable:
            guard case .heartbeatTable(let table) = options.lagSource else { return false }
            return replace(\.lag, with: LagReading.heartbeats(result, table: table))
        case .lagQuery: return replace(\.lag, with: LagReading.value(result))
        case .alias: return replace(\.attributes.alias, with: Self.label(in: result))
        case .clusterAlias: return replace(\.attributes.clusterAlias, with: Self.label(in: result))
        case .dataCenter: return replace(\.attributes.dataCenter, with: Self.label(in: result))
        case .region: return replace(\.attributes.region, with: Self.label(in: result))
        case .environment: return replace(\.attributes.environment, with: Self.label(in: result))
        case .promotionRule: return replace(\.attributes.promotionRule, with: Self.label(in: result))
        case .semiSyncPriority:
            // What is no number is no priority.
            return replace(
                \.attributes.semiSyncPriority, with: Self.label(in: result).flatMap { UInt16($0) }.map { Int($0) })
        }
    }

    /// Takes back what a statement said that the server now refuses: an old answer must not pass for a fact.
    ///
    /// - Returns: whether that takes anything back.
    mutating func forget(_ purpose: QueryPurpose) -> Bool {
        switch purpose {
        case .identity, .session, .uptime: return false
        case .variables: return replace(\.variables, with: VariableFacts())
        case .replicaStatus: return replace(\.channels, with: [])
        case .workerErrors: return replace(\.workerErrors, with: [:])
        case .heartbeats: return replace(\.heartbeats, with: [:])
        case .binaryLogStatus: return replace(\.binaryLogEnd, with: nil)
        case .replicaList: return replace(\.replicaList, with: ReplicaList())
        case .processList: return replace(\.dumpThreadHosts, with: [])
        case .semiSyncStatus: return replace(\.semiSyncStatus, with: [:])
        case .valueOrigins: return replace(\.lostAtRestart, with: nil)
        case .groupMembers: return replace(\.groupRows, with: nil)
        case .galeraStatus: return replace(\.galeraStatus, with: [:])
        case .heartbeatTable, .lagQuery: return replace(\.lag, with: nil)
        case .alias: return replace(\.attributes.alias, with: nil)
        case .clusterAlias: return replace(\.attributes.clusterAlias, with: nil)
        case .dataCenter: return replace(\.attributes.dataCenter, with: nil)
        case .region: return replace(\.attributes.region, with: nil)
        case .environment: return replace(\.attributes.environment, with: nil)
        case .promotionRule: return replace(\.attributes.promotionRule, with: nil)
        case .semiSyncPriority: return replace(\.attributes.semiSyncPriority, with: nil)
        }
    }

    private mutating func replace<Value: Equatable>(
        _ keyPath: WritableKeyPath<ProbeFindings, Value>, with value: Value
    ) -> Bool {
        if self[keyPath: keyPath] == value { return false }
        self[keyPath: keyPath] = value
        return true
    }

    private static func end(in result: ResultSet) -> BinlogPosition? {
        let column = ColumnFinder(indices: result.columnIndices)
        guard let file = result.firstRow.nonEmpty(column("file")),
            let offset = result.firstRow.integer(column("position"), as: UInt64.self)
        else { return nil }
        return BinlogPosition(file: file, offset: offset)
    }

    private static func label(in result: ResultSet) -> String? { result.firstRow.nonEmpty(0) }
}

extension ProbeFindings {
    /// The channels with what other statements say of them.
    private var completeChannels: [ReplicationChannel] {
        guard !heartbeats.isEmpty || !workerErrors.isEmpty || lag != nil else { return channels }
        return channels.map { channel in
            var channel = channel
            if channel.applierError != nil, let error = workerErrors[channel.name] { channel.applierError = error }
            if let heartbeat = heartbeats[channel.name] {
                channel.heartbeatPeriod = heartbeat.period
                channel.heartbeatsReceived = heartbeat.received
                channel.lastHeartbeat = heartbeat.last
            }
            if let lag = lag?.lag(of: channel, ownServerID: variables.serverID, channelCount: channels.count) {
                channel.lag = lag
            }
            return channel
        }
    }

    /// All of it as the facts of the instance, apart from what stands in the way (``InstanceFacts/unavailable``).
    func facts(of server: InstanceAddress, profile: ServerProfile, session: SessionProfile) -> InstanceFacts {
        var facts = InstanceFacts(
            version: profile.version,
            identity: ServerIdentity(
                serverID: variables.serverID, serverUUID: profile.serverUUID, hostName: profile.hostName,
                port: profile.port, reportHost: profile.reportHost, reportPort: profile.reportPort,
                startedAt: session.startedAt))
        facts.writability = variables.writability
        if profile.hasBinaryLog {
            facts.binaryLog = BinaryLog(
                format: variables.binlogFormat, rowImage: variables.binlogRowImage,
                logsReplicaUpdates: profile.logsReplicaUpdates, position: binaryLogEnd)
        }
        facts.gtid = variables.gtid
        facts.channels = completeChannels
        facts.reportedReplicas = replicaList.addresses
        facts.guessedReplicas = replicaList.guesses(byDumpThreads: dumpThreadHosts, source: server)
        facts.parallelApplier = variables.parallelApplier
        facts.semiSync = variables.semiSync
        facts.semiSync.read(status: semiSyncStatus)
        facts.provisions = variables.provisions
        facts.provisions.lostAtRestart = lostAtRestart
        if let groupRows, let groupName = variables.groupName {
            facts.groupReplication = GroupReplicationMembership(
                groupRows, groupName: groupName, isSinglePrimary: variables.isSinglePrimary, own: profile.serverUUID)
        }
        if variables.isGaleraOn, profile.hasGaleraProvider, !galeraStatus.isEmpty {
            facts.galera = GaleraMembership(status: galeraStatus, clusterName: profile.galeraClusterName)
        }
        facts.proxy = profile.proxy
        facts.attributes = attributes
        return facts
    }
}
