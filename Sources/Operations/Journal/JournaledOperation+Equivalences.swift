import Refactoring
import Storage
import Topology

extension JournaledOperation {
    /// Places in two logs that the operation found to be the same: where the replica stood in its old source's log when it
    /// was told to go on at a place of its new source's.
    ///
    /// Empty where it was not done, and where a log was made anew by it.
    public var equivalences: [Equivalence] {
        guard record.outcome == .done || record.outcome == .takenBack,
            !plan.steps.contains(where: { $0.commands.contains(.resetBinaryLogs) })
        else { return [] }
        return plan.steps.flatMap { step in
            step.commands.compactMap { equivalence(of: $0, in: step) }
        }
    }

    private func equivalence(of command: Command, in step: Step) -> Equivalence? {
        guard case .changeSource(let channel, let change) = command, let target = change.source,
            case .binlog(let late)? = change.positioning, let there = late.value(observed)
        else { return nil }
        var (source, here): (InstanceAddress?, BinlogPosition?)
        for expectation in step.preconditions {
            switch expectation {
            case .follows(let address, channel): source = address
            case .executed(let place, channel): here = place.value(observed)
            default: break
            }
        }
        guard let source, let here, source != target else { return nil }
        return Equivalence(Equivalence.Place(source, here), Equivalence.Place(target, there))
    }
}
