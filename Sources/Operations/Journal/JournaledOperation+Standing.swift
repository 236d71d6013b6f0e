import Servers
import Storage
import Topology

extension JournaledOperation {
    /// Why nothing is to be decided about it, of one that is not open.
    public var objectionToDeciding: OperationError {
        record.outcome == .running
            ? .underWay(id, by: "\(record.holder)") : .notPossible(id, "it is \(record.outcome.words)")
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
