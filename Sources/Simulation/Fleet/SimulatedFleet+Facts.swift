import Topology

extension SimulatedFleet {
    /// What a probe reads from a server now; `nil` for one that does not answer.
    public func facts(of address: InstanceAddress) -> InstanceFacts? {
        guard let server = servers[canonical(address)], server.condition == .up else { return nil }
        return facts(of: server)
    }

    /// All servers as they stand now; of those that do not answer, what they last were and since when they are gone.
    public func fleet() -> Fleet {
        var fleet = Fleet(
            servers.values.map { server in
                let contact: Contact =
                    contactFailure(of: server.address).map { .unreachable(since: now, lastSeen: now, $0) }
                    ?? .reachable(since: server.startedAt)
                return Instance(address: server.address, contact: contact, facts: facts(of: server))
            })
        for (name, address) in aliases { fleet.addName(name, of: address) }
        return fleet
    }

    /// Why a server does not answer, `nil` for one that does and one that is not there.
    func contactFailure(of address: InstanceAddress) -> ContactFailure? {
        switch servers[canonical(address)]?.condition {
        case .up, nil: nil
        case .down: ContactFailure(kind: .connectionRefused, code: 2003, message: "Connection refused")
        case .frozen: ContactFailure(kind: .readTimeout, message: "no answer came in time")
        }
    }

    private func facts(of server: SimulatedServer) -> InstanceFacts {
        let identity = ServerIdentity(
            serverID: server.options.serverID, serverUUID: server.isMariaDB ? nil : server.uuid,
            hostName: server.address.host, port: server.address.port, startedAt: server.startedAt)
        var facts = InstanceFacts(
            version: server.options.version, identity: identity, writability: server.writability,
            gtid: server.gtidFacts)
        if server.options.hasBinaryLog {
            facts.binaryLog = BinaryLog(
                format: server.options.format, rowImage: "FULL", logsReplicaUpdates: server.options.logsReplicaUpdates,
                position: server.log.end)
        }
        facts.channels = server.channelNames.compactMap { server.channels[$0] }.filter(\.isConfigured)
            .map { channelFacts(of: $0, on: server) }
        facts.parallelApplier = ParallelApplier(
            workers: server.options.workers, preservesCommitOrder: server.isMariaDB || server.options.keepsCommitOrder,
            mode: server.isMariaDB ? "optimistic" : nil)
        let clients = replicas(of: server.address)
        facts.reportedReplicas = clients
        if server.options.hasSemiSync || server.isMariaDB {
            let acknowledging = clients.filter { servers[$0]?.semiSyncReplica == true }.count
            facts.semiSync = SemiSync(
                source: SemiSync.SourceSide(
                    isEnabled: server.semiSyncSource, isActive: server.semiSyncSource && acknowledging > 0,
                    timeout: .seconds(10), waitForReplicas: server.semiSyncWaitCount, clients: acknowledging),
                replica: SemiSync.ReplicaSide(
                    isEnabled: server.semiSyncReplica,
                    isActive: server.semiSyncReplica && facts.channels.contains { $0.receiver == .running }))
        }
        return facts
    }

    /// Who is connected to a server now, sorted.
    private func replicas(of source: InstanceAddress) -> [InstanceAddress] {
        servers.values.filter { replica in replica.channels.values.contains { $0.dump?.source == source } }
            .map(\.address).sorted()
    }

    private func channelFacts(of channel: SimulatedChannel, on server: SimulatedServer) -> ReplicationChannel {
        let receiver: ReceiverState =
            !channel.isReceiverOn ? .stopped : channel.dump == nil ? .connecting : .running
        let isRunning = receiver == .running && channel.isApplierOn
        var facts = ReplicationChannel(
            name: channel.name, source: nil, sourceUUID: channel.sourceUUID, sourceServerID: channel.sourceServerID,
            user: channel.user.isEmpty ? nil : channel.user, receiver: receiver,
            applier: channel.isApplierOn ? .running : .stopped, receiverError: channel.receiverError,
            applierError: channel.applierError, received: channel.received, executed: channel.executed,
            relayLog: BinlogPosition(file: "relay.000001", offset: channel.relayBytes), delay: channel.delay,
            positioning: channel.positioning, filters: channel.filters)
        // As orchestrator leaves a source that was reset or detached.
        switch try? ConfiguredSource(host: channel.host, port: channel.port) {
        case .source(let address)?: facts.source = address
        case .detached(let address)?: facts.detachedFrom = address
        case .none?, nil: break
        }
        if isRunning {
            let oldest = channel.hasUnapplied ? channel.relay[channel.next].transaction.committedAt : now
            facts.lag = Lag(measured: .seconds((now - oldest).components.seconds), delay: channel.delay)
        }
        if server.usesGTIDs, !server.isMariaDB { facts.retrieved = channel.retrieved }
        if server.isMariaDB { facts.receivedGTIDs = channel.receivedPosition ?? GTIDPosition() }
        facts.usesTLS = channel.options["SSL"].map { $0 == "1" } ?? false
        // Half of `replica_net_timeout` where it is not set.
        facts.heartbeatPeriod = channel.heartbeat ?? server.options.networkTimeout / 2
        return facts
    }
}

extension SimulatedServer {
    fileprivate var gtidFacts: GTIDState {
        guard isMariaDB else {
            return .mysql(
                MySQLGTIDState(
                    mode: options.gtidMode, enforcement: options.gtidMode == .off ? "OFF" : "ON", executed: executed,
                    purged: purged))
        }
        return .mariadb(
            MariaDBGTIDState(
                domain: options.domain, binlogPosition: binlogState.position, replicaPosition: slavePosition,
                currentPosition: currentPosition, binlogState: binlogState, isStrict: options.isStrict))
    }
}
