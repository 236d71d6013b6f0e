import Topology

extension Plan {
    /// The fleet as it will be when the plan has run: sources, threads, places, who may write.
    ///
    /// The console's ghost, `--dry-run` and the property tests all use this one function. What a step only finds out
    /// when it runs, as a position, is not known in it.
    public func preview(on fleet: Fleet) -> Fleet {
        fleet.after(steps)
    }
}

extension Stages {
    /// The fleet after these steps, in which later ones are planned.
    func preview(on fleet: Fleet) -> Fleet {
        fleet.after(steps)
    }
}

extension Fleet {
    fileprivate func after(_ steps: [Step]) -> Fleet {
        var fleet = self
        for step in steps { step.apply(to: &fleet) }
        for address in Set(steps.map(\.instance)) { fleet.forgetLag(of: address) }
        return fleet
    }

    /// Without both threads no server says how far it is behind.
    private mutating func forgetLag(of address: InstanceAddress) {
        guard var instance = self[address], var facts = instance.facts else { return }
        for index in facts.channels.indices where !facts.channels[index].isReplicating {
            facts.channels[index].lag = nil
        }
        instance.facts = facts
        update(instance)
    }
}

extension Step {
    fileprivate func apply(to fleet: inout Fleet) {
        guard var instance = fleet[self.instance], var facts = instance.facts else { return }
        for command in commands { facts.apply(command, in: fleet) }
        instance.facts = facts
        fleet.update(instance)
    }
}

extension InstanceFacts {
    fileprivate mutating func apply(_ command: Command, in fleet: Fleet) {
        switch command {
        case .stopReplication(let name, let threads):
            change(name) { $0.stop(threads) }
        case .startReplication(let name, let threads, let until):
            change(name) { $0.start(threads, until: until) }
        case .changeSource(let name, let change):
            apply(change, to: name, in: fleet)
        case .resetReplica(let name, .everything):
            channels.removeAll { $0.name == name }
        case .resetReplica(let name, .positions):
            change(name) { channel in
                channel.executed = nil
                channel.received = nil
                channel.relayLog = nil
            }
        case .setVariable(let variable, let value):
            set(variable, to: value)
        case .injectEmptyTransaction(let gtids):
            changeGTIDs { $0.executed = $0.executed.union(gtids) }
        case .resetBinaryLogs:
            binaryLog?.position = nil
            changeGTIDs { state in
                state.executed = GTIDSet()
                state.purged = GTIDSet()
            }
        case .forbidWrites(let ban):
            writability = ban.goal
        case .setReplicaPosition(.known(let position)):
            set(.replicaPosition, to: position.description)
        case .wait, .flushBinaryLogs, .purgeBinaryLogs, .killQuery, .skipEventGroup, .releaseWriteLock, .endSessions,
            .setEventScheduler, .enableEvents, .setReplicaPosition(.observed):
            break
        }
    }

    private mutating func change(_ name: String, _ body: (inout ReplicationChannel) -> Void) {
        guard let index = channels.firstIndex(where: { $0.name == name }) else { return }
        body(&channels[index])
    }

    private mutating func changeGTIDs(_ body: (inout MySQLGTIDState) -> Void) {
        guard case .mysql(var state) = gtid else { return }
        body(&state)
        gtid = .mysql(state)
    }

    private mutating func apply(_ change: SourceChange, to name: String, in fleet: Fleet) {
        if !channels.contains(where: { $0.name == name }) {
            channels.append(ReplicationChannel(name: name, source: nil, receiver: .stopped, applier: .stopped))
            channels.sort { $0.name < $1.name }
        }
        self.change(name) { channel in
            let old = channel.source ?? channel.detachedFrom
            if let host = change.rawHost {
                channel.apply(rawHost: host, port: change.source?.port ?? old?.port)
            } else if let source = change.source {
                channel.source = source
                channel.detachedFrom = nil
                let identity = fleet[source]?.facts?.identity
                channel.sourceUUID = identity?.serverUUID
                channel.sourceServerID = identity?.serverID
            }
            channel.apply(change.positioning, isOtherSource: change.source.map { $0 != old } ?? false)
            channel.delay = change.delay ?? channel.delay
            channel.user = change.user ?? channel.user
            channel.heartbeatPeriod = change.heartbeatPeriod ?? channel.heartbeatPeriod
        }
    }

    private mutating func set(_ variable: GlobalVariable, to value: String) {
        let isOn = value == SwitchState.on.rawValue
        switch variable {
        case .readOnly: writability = isOn ? (writability.isWritable ? .readOnly : writability) : .writable
        case .superReadOnly:
            writability = isOn ? .superReadOnly : (writability == .superReadOnly ? .readOnly : writability)
        case .semiSyncSource: semiSync.source?.isEnabled = isOn
        case .semiSyncReplica: semiSync.replica?.isEnabled = isOn
        case .semiSyncWaitCount:
            if let count = Int(value) { semiSync.source?.waitForReplicas = count }
        case .purgedGTIDs:
            guard let gtids = try? GTIDSet(parsing: value) else { return }
            changeGTIDs { state in
                state.purged = state.purged.union(gtids)
                state.executed = state.executed.union(gtids)
            }
        case .replicaPosition:
            guard case .mariadb(var state) = gtid, let position = try? GTIDPosition(parsing: value) else { return }
            state.replicaPosition = position
            gtid = .mariadb(state)
        }
    }
}

extension ReplicationChannel {
    fileprivate mutating func stop(_ threads: ReplicationThreads) {
        if threads != .applier { receiver = .stopped }
        if threads != .receiver { applier = .stopped }
    }

    /// Whoever runs until a point has stopped there when the plan goes on.
    fileprivate mutating func start(_ threads: ReplicationThreads, until: StopPoint?) {
        if threads != .applier {
            receiver = .running
            receiverError = nil
        }
        if threads != .receiver {
            applier = until == nil ? .running : .stopped
            applierError = nil
        }
        if case .position(.known(let position))? = until { executed = position }
    }

    /// A mark that no server answers to.
    fileprivate mutating func apply(rawHost host: String, port: UInt16?) {
        let configured = try? ConfiguredSource(host: host, port: port ?? InstanceAddress.defaultPort)
        source = nil
        detachedFrom = nil
        switch configured {
        case .source(let address): source = address
        case .detached(let address): detachedFrom = address
        case .none?, nil: break
        }
    }

    fileprivate mutating func apply(_ place: SourcePositioning?, isOtherSource: Bool) {
        switch place {
        case nil: break
        case .autoPosition: positioning = .autoPosition
        case .replicaPosition: positioning = .replicaPosition
        case .currentPosition: positioning = .currentPosition
        case .binlog(.known(let position)):
            positioning = .binlogPosition
            (executed, received) = (position, position)
        case .binlog(.observed):
            positioning = .binlogPosition
            if isOtherSource { (executed, received) = (nil, nil) }
        }
        if isOtherSource, place?.isByGTID ?? true { (executed, received) = (nil, nil) }
    }
}

extension SourcePositioning {
    var isByGTID: Bool {
        if case .binlog = self { false } else { true }
    }
}
