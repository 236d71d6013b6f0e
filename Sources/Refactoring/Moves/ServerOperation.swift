import Topology

/// What an operator wants of one server, its place in the tree staying as it is.
public enum ServerOperation: Hashable, Sendable, Codable {
    case startReplica(ReplicaChannel)
    case stopReplica(ReplicaChannel)
    /// Stops the receiver, lets the applier finish what was received, and stops it.
    case stopReplicaNicely(ReplicaChannel)
    case restartReplica(ReplicaChannel)
    /// Makes the server forget its source.
    case resetReplica(ReplicaChannel)
    /// Leaves out the transaction on which the applier stopped.
    case skipTransaction(ReplicaChannel)
    /// Nobody but replication may write; with `semiSync` the source's side is switched off and the replica's on, where
    /// they are installed.
    case setReadOnly(InstanceAddress, semiSync: SemiSyncHandling)
    /// Every account may write; with `semiSync` the other way round.
    case setWritable(InstanceAddress, semiSync: SemiSyncHandling)
    /// One side of semi-synchronous replication on or off.
    case setSemiSync(InstanceAddress, SemiSyncSide, SwitchState)
    /// Whole seconds that the applier stays behind on purpose.
    case delayReplication(ReplicaChannel, Duration)
    /// Empty transactions under a replica's errant GTIDs, on the primary.
    case injectErrant(InstanceAddress)
    /// A replica's binary logs made anew, without its errant GTIDs.
    case resetErrant(InstanceAddress)
    case flushBinaryLogs(InstanceAddress)
    /// Removes the binary logs before that file.
    case purgeBinaryLogs(InstanceAddress, to: String)
    case killQuery(InstanceAddress, connection: UInt64)
}

/// What becomes of the two sides of semi-synchronous replication when a server's role changes.
public enum SemiSyncHandling: String, Hashable, Sendable, Codable, CaseIterable {
    /// They stay as they are.
    case leave
    /// They follow the role.
    case follow
}

extension ServerOperation {
    /// The command that asks for it.
    public var verb: String {
        switch self {
        case .startReplica: "start-replica"
        case .stopReplica: "stop-replica"
        case .stopReplicaNicely: "stop-replica-nice"
        case .restartReplica: "restart-replica"
        case .resetReplica: "reset-replica"
        case .skipTransaction: "skip-query"
        case .setReadOnly: "set-read-only"
        case .setWritable: "set-writable"
        case .setSemiSync: "set-semi-sync"
        case .delayReplication: "delay-replication"
        case .injectErrant: "gtid-errant-inject-empty"
        case .resetErrant: "gtid-errant-reset"
        case .flushBinaryLogs: "flush-binary-logs"
        case .purgeBinaryLogs: "purge-binary-logs"
        case .killQuery: "kill-query"
        }
    }
}

extension MovePlanner {
    /// The plan for an operation on one server.
    public func plan(_ operation: ServerOperation, in scene: RuleScene) -> PlanAnswer {
        do throws(PlanRefusal) {
            var draft = PlanDraft(scene)
            try add(operation, to: &draft)
            return try draft.answer(verb: operation.verb)
        } catch {
            return .refused(Verdict(error.reasons).reasons)
        }
    }

    private func add(_ operation: ServerOperation, to draft: inout PlanDraft) throws(PlanRefusal) {
        switch operation {
        case .startReplica(let replica): try start(replica, &draft)
        case .stopReplica(let replica): try stop(replica, &draft)
        case .stopReplicaNicely(let replica): try stopNicely(replica, &draft)
        case .restartReplica(let replica): try restart(replica, &draft)
        case .resetReplica(let replica): try reset(replica, &draft)
        case .skipTransaction(let replica): try skip(replica, &draft)
        case .setReadOnly(let server, let semiSync): try setReadOnly(server, semiSync, &draft)
        case .setWritable(let server, let semiSync): try setWritable(server, semiSync, &draft)
        case .setSemiSync(let server, let side, let wanted): try setSemiSync(server, side, wanted, &draft)
        case .delayReplication(let replica, let delay): try setDelay(replica, delay, &draft)
        case .injectErrant(let server): try injectErrant(server, &draft)
        case .resetErrant(let server): try resetErrant(server, &draft)
        case .flushBinaryLogs(let server): try flush(server, &draft)
        case .purgeBinaryLogs(let server, let file): try purge(server, to: file, &draft)
        case .killQuery(let server, let connection): try kill(connection, on: server, &draft)
        }
    }
}
