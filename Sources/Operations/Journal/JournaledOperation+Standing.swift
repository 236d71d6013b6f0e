import Servers
import Storage
import Topology

extension JournaledOperation {
    /// - Throws: ``OperationError/underWay(_:by:)`` where a process is at it.
    public func requireNobodyAtIt() throws(OperationError) {
        if record.outcome == .running { throw .underWay(id, by: "\(record.holder)") }
    }

    /// - Throws: ``OperationError`` where it did not come to its end, with what can be done about it then.
    public func requireDone(at now: Timestamp = .now()) throws(OperationError) {
        let outcome = record.outcome(at: now)
        switch outcome {
        case .done: return
        case .running: throw .underWay(id, by: "\(record.holder)")
        case .interrupted, .failed, .stopped:
            throw .notPossible(
                id,
                "it is \(outcome.words), and only what is done can be undone: baton operations resume \(id), "
                    + "roll-back \(id) or leave \(id)")
        case .takenBack, .left, .notBegun:
            throw .notPossible(id, "it is \(outcome.words), and only what is done can be undone")
        }
    }
}
