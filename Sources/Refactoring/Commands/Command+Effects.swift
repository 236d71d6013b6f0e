import Topology

extension Command {
    /// Whether this command can change what the expectation is about, so that a step that was broken off in its middle
    /// may find it untrue.
    public func touches(_ expectation: Expectation) -> Bool {
        switch (self, expectation) {
        case (.stopReplication, .acknowledges), (.startReplication, .acknowledges): true
        case (.stopReplication(let mine, _), _), (.startReplication(let mine, _, _), _), (.skipEventGroup(let mine), _):
            expectation.isAboutThreads && expectation.channel == mine
        case (.changeSource(let mine, _), _), (.resetReplica(let mine, _), _):
            (expectation.isAboutThreads || expectation.isAboutSource) && expectation.channel == mine
        case (.setVariable(let variable, _), .writability):
            variable == .readOnly || variable == .superReadOnly
        case (.forbidWrites, .writability): true
        case (.setVariable(let variable, _), .semiSync(let side, _)): variable == side
        case (.setVariable(let variable, _), .semiSyncWaits): variable == .semiSyncWaitCount
        case (.setVariable(let variable, _), .acknowledges): variable == .semiSyncReplica
        case (.setVariable(.purgedGTIDs, _), .hasExecutedExactly), (.resetBinaryLogs, .hasExecutedExactly),
            (.setVariable(.replicaPosition, _), .standsAt), (.setReplicaPosition, .standsAt):
            true
        case (.setVariable, _), (.injectEmptyTransaction, _), (.wait, _), (.flushBinaryLogs, _), (.purgeBinaryLogs, _),
            (.resetBinaryLogs, _), (.killQuery, _), (.forbidWrites, _), (.releaseWriteLock, _), (.endSessions, _),
            (.setEventScheduler, _), (.enableEvents, _), (.setReplicaPosition, _):
            false
        }
    }

    /// Whether running it once more, when nobody knows whether it ran, does no harm: an empty transaction whose GTID is
    /// executed is left out by the server, while a second skip skips another event group.
    public var isRepeatable: Bool {
        switch self {
        case .skipEventGroup, .resetBinaryLogs, .killQuery: false
        case .stopReplication, .startReplication, .changeSource, .resetReplica, .setVariable, .injectEmptyTransaction,
            .wait, .flushBinaryLogs, .purgeBinaryLogs, .forbidWrites, .releaseWriteLock, .endSessions,
            .setEventScheduler, .enableEvents, .setReplicaPosition:
            true
        }
    }

    /// The threads that it stops, `nil` where it stops none.
    public var stops: ReplicationThreads? {
        if case .stopReplication(_, let threads) = self { threads } else { nil }
    }

    /// Whether it is a `RESET`, which servers count together.
    public var resets: Bool {
        switch self {
        case .resetReplica, .resetBinaryLogs: true
        default: false
        }
    }

    var starts: Bool {
        if case .startReplication = self { true } else { false }
    }

    /// The channel whose connection options it writes, `nil` where it writes none.
    public var changedChannel: String? {
        if case .changeSource(let channel, _) = self { channel } else { nil }
    }
}

extension Expectation {
    /// The channel that it is about, `nil` where it is about the server.
    public var channel: String? {
        switch self {
        case .follows(_, let channel), .followsNobody(let channel), .replicates(let channel), .stopped(_, let channel),
            .started(_, let channel),
            .executed(_, let channel), .executedAtLeast(_, let channel), .positions(_, let channel),
            .stoppedOnError(_, _, let channel), .delay(_, let channel), .appliedReceived(let channel),
            .received(_, let channel):
            channel
        case .hasExecuted, .hasReached, .hasExecutedExactly, .standsAt, .binaryLogEnds, .writability, .identity,
            .semiSync, .semiSyncWaits, .acknowledges:
            nil
        }
    }

    /// Not where an applier stopped on an error: no command brings that about, so that it is never found half done.
    var isAboutThreads: Bool {
        switch self {
        case .replicates, .stopped, .started, .executed, .executedAtLeast, .appliedReceived, .received: true
        default: false
        }
    }

    var isAboutSource: Bool {
        switch self {
        case .follows, .followsNobody, .positions, .delay: true
        default: false
        }
    }

    /// Whether it tells in which state a server was, so that taking a step back can be proved by it; transactions are never
    /// taken back.
    var isRestorable: Bool {
        switch self {
        case .executed, .executedAtLeast, .appliedReceived, .received, .hasExecuted, .hasReached, .hasExecutedExactly,
            .standsAt, .binaryLogEnds, .stoppedOnError, .identity:
            false
        case .follows, .followsNobody, .replicates, .stopped, .started, .positions, .delay, .writability, .semiSync,
            .semiSyncWaits, .acknowledges:
            true
        }
    }
}
