import Topology

extension Step {
    /// Whether a proof that is seen shows that this step was carried out. It does not where the same could be seen before
    /// it: an applier that ran until some point is as stopped as one that was never started, and a binary log does not
    /// tell who flushed it.
    ///
    /// A plan that is resumed may leave out a step only where this is true and its proof is seen; any other is carried
    /// out again, which is harmless: an applier that stands at its point stops there at once.
    public var isProofConclusive: Bool {
        !proof.isEmpty && proof.contains { !preconditions.contains($0) } && !commands.contains(where: \.leavesNoTrace)
    }

    /// The first of its commands that must not run once more where nobody knows whether it ran; `nil` where all may.
    ///
    /// Making logs and GTIDs anew may be said again where the step looks for the exact executed set: it is then either as
    /// it was, and nothing has run, or empty, and there is nothing left that could be lost.
    public var unrepeatable: Command? {
        let knowsExecuted = preconditions.contains { if case .hasExecutedExactly = $0 { true } else { false } }
        return commands.first { command in
            if case .resetBinaryLogs = command, knowsExecuted { return false }
            return !command.isRepeatable
        }
    }
}

extension Command {
    /// Whether nothing in the server's facts tells afterwards that it was carried out.
    fileprivate var leavesNoTrace: Bool {
        switch self {
        case .startReplication(_, _, let until): until != nil
        case .wait, .flushBinaryLogs, .purgeBinaryLogs, .killQuery, .skipEventGroup, .releaseWriteLock, .endSessions,
            .setEventScheduler, .enableEvents:
            true
        // A lock that it held went with its session.
        case .forbidWrites(let ban): ban.keepsLock
        case .setReplicaPosition: false
        case .stopReplication, .changeSource, .resetReplica, .setVariable, .injectEmptyTransaction, .resetBinaryLogs:
            false
        }
    }
}
