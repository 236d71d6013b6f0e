import Topology

/// The plan that takes another back, or why its steps can't simply be taken back any more.
public enum PlanInverse: Hashable, Sendable {
    case plan(Plan)
    /// In one sentence; ``MovePlanner/undo(_:in:)`` may still find another way.
    case refused(String)
}

extension Plan {
    /// The plan that takes back what the first `count` steps did, all of them by default; a step of which it is not known
    /// whether it was carried out counts as done.
    ///
    /// Values that steps observed are needed again: give what was observed to the inverse as well. A change by GTID can
    /// be taken back at any time. A change by position can be taken back only until the replica was started under its
    /// new source: after that the place that was noted lies behind it.
    public func takingBack(first count: Int? = nil) -> PlanInverse {
        let indices = Array(steps.indices.prefix(count ?? steps.count))
        if let objection = objectionToTakingBack(indices) { return .refused(objection) }
        let inverse = inverse(of: indices)
        guard !inverse.steps.isEmpty else { return .refused("there is nothing to take back") }
        return .plan(inverse)
    }

    /// Why those steps, done or begun, can't be taken back one by one without harm; `nil` where they can.
    public func objectionToTakingBack(_ indices: [Int]) -> String? {
        let done = indices.sorted().map { steps[$0] }[...]
        for step in done {
            if let reason = step.irreversible { return reason }
            if let deed = step.commands.lazy.compactMap(\.irreversibleDeed).first {
                return "\(deed) on \(step.instance) cannot be taken back"
            }
        }
        return staleChange(in: done)
    }

    /// Why an operation that came to those steps can't be rolled back, and what can be done instead; `nil` where it can.
    public func objectionToRollingBack(_ indices: [Int]) -> String? {
        guard let objection = objectionToTakingBack(indices) else { return nil }
        return undoMoves.isEmpty ? objection : "\(objection): resume it, and undo it when it is done"
    }

    /// A change that would be taken back to a place that the replica has left since.
    private func staleChange(in done: ArraySlice<Step>) -> String? {
        for (index, step) in done.enumerated() {
            for command in step.inverse {
                guard case .changeSource(let channel, let change) = command,
                    case .binlog? = change.positioning
                else { continue }
                let later = done.dropFirst(index).contains { other in
                    other.instance == step.instance && other.commands.contains { $0.isStart(of: channel) }
                }
                if later {
                    return "\(step.instance) has replicated on since it was changed, and no longer stands where it did"
                }
            }
        }
        return nil
    }
}

extension Command {
    /// Whether it lets a channel apply on without end.
    fileprivate func isStart(of channel: String) -> Bool {
        guard case .startReplication(channel, let threads, nil) = self else { return false }
        return threads != .receiver
    }

    /// In words, what no command takes back.
    fileprivate var irreversibleDeed: String? {
        switch self {
        case .injectEmptyTransaction(let gtids): "the empty transaction \(gtids)"
        case .purgeBinaryLogs: "purging binary logs"
        case .resetBinaryLogs: "resetting the binary logs"
        case .skipEventGroup: "skipping a transaction"
        case .killQuery: "killing a query"
        case .setVariable(.purgedGTIDs, _), .setVariable(.replicaPosition, _): "setting the GTID position"
        case .flushBinaryLogs: "flushing binary logs"
        default: nil
        }
    }
}
