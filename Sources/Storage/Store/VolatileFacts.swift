import Topology

/// Which facts change all the time on a healthy, busy server, so that the history samples them.
extension Instance {
    /// This instance with the volatile facts of an earlier look at it: equal to `earlier` where nothing else changed.
    ///
    /// Volatile are positions and GTIDs, how far replication came, lag, heartbeats, what threads say they do, the time
    /// of an error that stays the same, and a start time that differs by less than its reading is exact.
    func withVolatileFacts(of earlier: Instance) -> Instance {
        guard var facts, let before = earlier.facts else { return self }
        facts.takeVolatile(from: before)
        var instance = self
        instance.facts = facts
        return instance
    }
}

extension InstanceFacts {
    fileprivate mutating func takeVolatile(from before: InstanceFacts) {
        if binaryLog?.position != nil, let position = before.binaryLog?.position { binaryLog?.position = position }
        gtid.takeVolatile(from: before.gtid)
        // Computed from an uptime in whole seconds and the time of asking.
        if let started = identity.startedAt, let was = before.identity.startedAt,
            max(started, was) - min(started, was) <= .seconds(3)
        {
            identity.startedAt = was
        }
        guard channels.count == before.channels.count else { return }
        for index in channels.indices where channels[index].name == before.channels[index].name {
            channels[index].takeVolatile(from: before.channels[index])
        }
    }
}

extension GTIDState {
    fileprivate mutating func takeVolatile(from before: GTIDState) {
        switch (self, before) {
        case (.mysql(var state), .mysql(let old)):
            state.executed = old.executed
            state.purged = old.purged
            self = .mysql(state)
        case (.mariadb(var state), .mariadb(let old)):
            state.binlogPosition = old.binlogPosition
            state.replicaPosition = old.replicaPosition
            state.currentPosition = old.currentPosition
            state.binlogState = old.binlogState
            self = .mariadb(state)
        default: break
        }
    }
}

extension ReplicationChannel {
    fileprivate mutating func takeVolatile(from before: ReplicationChannel) {
        receiverActivity = before.receiverActivity
        applierActivity = before.applierActivity
        if received != nil, let old = before.received { received = old }
        if executed != nil, let old = before.executed { executed = old }
        if relayLog != nil, let old = before.relayLog { relayLog = old }
        if lag != nil, let old = before.lag { lag = old }
        if retrieved != nil, let old = before.retrieved { retrieved = old }
        if receivedGTIDs != nil, let old = before.receivedGTIDs { receivedGTIDs = old }
        if lastHeartbeat != nil, let old = before.lastHeartbeat { lastHeartbeat = old }
        if heartbeatsReceived != nil, let old = before.heartbeatsReceived { heartbeatsReceived = old }
        receiverError?.takeVolatile(from: before.receiverError)
        applierError?.takeVolatile(from: before.applierError)
    }
}

extension ReplicationError {
    fileprivate mutating func takeVolatile(from before: ReplicationError?) {
        // A receiver that tries again and again has the same error with a new time at each attempt.
        if let before, before.code == code, before.message == message { at = before.at }
    }
}
